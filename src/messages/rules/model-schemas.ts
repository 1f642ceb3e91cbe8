// Rules on schemas that a model is to be held to: of strict tools and of the text format. Only what is
// known to be refused is reported, for the subset grows.

import { isRecord } from "../../core/json.ts";
import type { ReportFinding, RequestRule } from "./request-rule.ts";
import { listOf, recordOf, textOf } from "./view.ts";
import { modelError } from "./wording.ts";

const FORMAT_PATH = "outputConfig.textFormat.structure.jsonSchema.schema";

/** Bounds that no grammar expresses. */
const BOUNDS = [
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
];

const MAPS = ["properties", "$defs", "definitions"];
const LISTS = ["anyOf", "allOf", "oneOf"];

/** Whatever lies deeper is not looked at. */
const MAX_DEPTH = 100;

export const MODEL_SCHEMA_RULES: readonly RequestRule[] = [
  {
    id: "structured-schema",
    reference:
      "https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations",
    repair: "Say it in the description of the property, and check the answer.",
    check({ traits, tools, outputConfig }, report) {
      if (traits.strictTools === true) {
        for (const { path, name, value } of tools) {
          const { strict, inputSchema } = recordOf(value);
          if (name !== "toolSpec" || strict !== true) continue;
          const at = `${path}.toolSpec.inputSchema.json`;
          checkSchema(recordOf(inputSchema)["json"], at, 0, report);
        }
      }
      const { structure } = recordOf(outputConfig["textFormat"]);
      const text = textOf(recordOf(recordOf(structure)["jsonSchema"])["schema"]);
      if (traits.textFormat === true && text !== undefined) {
        checkSchema(parse(text), FORMAT_PATH, 0, report);
      }
    },
  },
];

function checkSchema(schema: unknown, path: string, depth: number, report: ReportFinding): void {
  if (!isRecord(schema) || depth > MAX_DEPTH) return;
  for (const keyword of BOUNDS) {
    if (schema[keyword] === undefined) continue;
    report(
      `${path}.${keyword}`,
      modelError(`For this type, the property '${keyword}' is not supported`),
    );
  }
  const reference = schema["$ref"];
  if (typeof reference === "string" && !reference.startsWith("#")) {
    report(`${path}.$ref`, modelError("External $ref is not supported"));
  }
  for (const name of MAPS) {
    for (const [key, inner] of Object.entries(recordOf(schema[name]))) {
      checkSchema(inner, `${path}.${name}.${key}`, depth + 1, report);
    }
  }
  for (const name of LISTS) {
    for (const [index, inner] of listOf(schema[name]).entries()) {
      checkSchema(inner, `${path}.${name}.${index}`, depth + 1, report);
    }
  }
  checkSchema(schema["items"], `${path}.items`, depth + 1, report);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
