// What Bedrock says in the same words on many occasions.

/** How Bedrock passes on what the model's own interface refused. */
export function modelError(message: string): string {
  return `The model returned the following errors: ${message}`;
}

/** What Bedrock says of a value that should be an object. */
export function notAnObject(path: string): string {
  return `The format of the value at ${path} is invalid. Provide a json object for the field and try again.`;
}

/** What Bedrock says of a field that the model does not take. */
export function unsupportedField(field: string): string {
  return `This model doesn't support the ${field} field. Remove ${field} and try again.`;
}
