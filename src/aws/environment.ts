// Environment variables as AWS tools read them: an empty one counts as unset.

/** The environment as it was when a client was made; nothing below reads `process.env` by itself. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The first variable of `names` that is set to something. */
export function readVariable(
  environment: Environment,
  ...names: readonly string[]
): { name: string; value: string } | undefined {
  for (const name of names) {
    const value = environment[name];
    if (value !== undefined && value !== "") return { name, value };
  }
  return undefined;
}

/** Reads `true` or `false`; anything else is a `TypeError` naming the source. */
export function parseFlag(text: string, source: string): boolean {
  const word = text.trim().toLowerCase();
  if (word === "true") return true;
  if (word === "false") return false;
  throw new TypeError(`${source} must be true or false.`);
}

/** Reads a decimal number of at least `min`; anything else is a `TypeError` naming the source. */
export function parseNumber(
  text: string,
  source: string,
  { min, integer = false }: { min: number; integer?: boolean },
): number {
  const value = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && (!integer || Number.isInteger(value))) return value;
  const kind = integer ? "a whole number" : "a number";
  throw new TypeError(`${source} must be ${kind} of at least ${min}; got “${text.slice(0, 40)}”.`);
}
