// Schemas that a model is to be held to: brought into the subset it can be held to, or, where it
// cannot be held to any or not to this one, told to it in words.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs

import type {
  JsonSchemaDefinition,
  OutputFormat,
  Tool,
  ToolSpecification,
} from "../core/converse-request.ts";
import { isRecord } from "../core/json.ts";
import type { ConverseBody } from "./converse-options.ts";
import { instruct, type RequestDraft } from "./request-draft.ts";
import type { JsonSchema } from "./schema-keywords.ts";
import { type StructuredSchema, toStructuredSchema } from "./structured-schema.ts";

const SUBSET = "structured-schema";
const FORMAT_PATH = "outputConfig.textFormat.structure.jsonSchema.schema";

/** Names of places that are shown in a message. */
const MAX_SHOWN = 5;

/** Fits strict tools and the text format to the model. */
export function fitSchemas(draft: RequestDraft): void {
  writeFormatSchema(draft);
  if (draft.traits.strictTools !== undefined) fitStrictTools(draft);
  if (draft.traits.textFormat !== undefined) fitTextFormat(draft);
}

/** A schema is an object everywhere else, so it is given as one here as well; Converse wants text. */
function writeFormatSchema({ body, report }: RequestDraft): void {
  const definition = formatOf(body);
  const schema: unknown = definition?.schema;
  if (definition === undefined || !isRecord(schema)) return;
  const jsonSchema = { ...definition, schema: JSON.stringify(schema) };
  body.outputConfig = {
    ...body.outputConfig,
    textFormat: { type: "json_schema", structure: { jsonSchema } },
  };
  report({
    path: FORMAT_PATH,
    rule: "wrong-type",
    message: "The schema is sent as JSON text, as Converse wants it.",
    kind: "repair",
  });
}

/** What a caller passes may lack any part of it. */
function formatOf({ outputConfig }: ConverseBody): JsonSchemaDefinition | undefined {
  const format: Partial<OutputFormat> | undefined = outputConfig?.textFormat;
  return format?.structure?.jsonSchema;
}

function fitStrictTools(draft: RequestDraft): void {
  const { toolConfig } = draft.body;
  if (!toolConfig?.tools.some(({ toolSpec }) => toolSpec?.strict !== undefined)) return;
  const isTaken = draft.traits.strictTools === true;
  const tools = toolConfig.tools.map((tool, index): Tool => {
    const { toolSpec } = tool;
    if (toolSpec?.strict === undefined) return tool;
    const path = `toolConfig.tools.${index}.toolSpec`;
    if (!isTaken) return { toolSpec: withoutStrict(draft, toolSpec, path) };
    return toolSpec.strict ? { toolSpec: fitStrictTool(draft, toolSpec, path) } : tool;
  });
  draft.body.toolConfig = { ...toolConfig, tools };
}

/** Where strict is refused, so is `strict: false`; only that the other is gone is worth telling. */
function withoutStrict(
  { report }: RequestDraft,
  { strict, ...toolSpec }: ToolSpecification,
  path: string,
): ToolSpecification {
  if (strict) {
    report({
      path: `${path}.strict`,
      rule: "strict-refused",
      message: "The model takes no strict tools: what it calls this one with may miss its schema.",
      kind: "warning",
    });
  }
  return toolSpec;
}

function fitStrictTool(
  draft: RequestDraft,
  toolSpec: ToolSpecification,
  path: string,
): ToolSpecification {
  const given = toolSpec.inputSchema.json;
  if (!isRecord(given)) return toolSpec;
  const structured = toStructuredSchema(given as JsonSchema);
  const { schema, refused } = structured;
  if (refused.length > 0) {
    const { strict: _, ...rest } = toolSpec;
    draft.report({
      path: `${path}.strict`,
      rule: SUBSET,
      message: `No model can be held to ${describe(refused)} of this schema: the tool is sent as one that is not strict.`,
      kind: "warning",
    });
    return rest;
  }
  reportChanged(draft, structured, `${path}.inputSchema.json`);
  return schema === given ? toolSpec : { ...toolSpec, inputSchema: { json: schema } };
}

function fitTextFormat(draft: RequestDraft): void {
  const { outputConfig } = draft.body;
  const format = outputConfig?.textFormat;
  const definition = formatOf(draft.body);
  if (format === undefined || typeof definition?.schema !== "string") return;
  if (draft.traits.textFormat === false) {
    const message =
      "The model cannot be held to a schema: it is told to keep it, in the instructions.";
    formatInWords(draft, definition.schema, "text-format-refused", message);
    return;
  }
  const given = parse(definition.schema);
  if (given === undefined) return;
  const structured = toStructuredSchema(given);
  const { schema, refused } = structured;
  if (refused.length > 0) {
    const message = `No model can be held to ${describe(refused)} of this schema: it is told to keep it, in the instructions.`;
    formatInWords(draft, definition.schema, SUBSET, message);
    return;
  }
  reportChanged(draft, structured, FORMAT_PATH);
  // The text is left as it is byte for byte where nothing changes: it is part of a cached prompt.
  if (schema === given) return;
  const jsonSchema = { ...definition, schema: JSON.stringify(schema) };
  draft.body.outputConfig = {
    ...outputConfig,
    textFormat: { ...format, structure: { jsonSchema } },
  };
}

function formatInWords(draft: RequestDraft, schema: string, rule: string, message: string): void {
  const { textFormat: _, ...rest } = draft.body.outputConfig ?? {};
  if (Object.keys(rest).length === 0) delete draft.body.outputConfig;
  else draft.body.outputConfig = rest;
  instruct(
    draft,
    `Answer with one JSON value and nothing else: no introduction, no code fence. It satisfies this JSON Schema:\n${schema}`,
  );
  draft.report({
    path: "outputConfig.textFormat",
    rule,
    message: `${message} Check its answer.`,
    kind: "warning",
  });
}

function reportChanged(
  { report }: RequestDraft,
  { changed, worded }: StructuredSchema,
  path: string,
): void {
  if (changed.length === 0) return;
  if (worded.length === 0) {
    const message = "The schema is written as structured output demands; it says the same.";
    report({ path, rule: SUBSET, message, kind: "repair" });
    return;
  }
  report({
    path,
    rule: SUBSET,
    message: `The schema is brought into what a model can be held to, and the rest is said in words: ${describe(worded)}. Check its answer.`,
    kind: "warning",
  });
}

/** Names of keywords and properties, which are the schema's and no prompt. */
function describe(places: readonly string[]): string {
  const shown = places.slice(0, MAX_SHOWN).map((place) => (place === "" ? "the whole" : place));
  const more = places.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

function parse(text: string): JsonSchema | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as JsonSchema) : undefined;
  } catch {
    return undefined;
  }
}
