// Input is held to a stranger's schema where that takes little time, whoever the stranger is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isCheapToCheck } from "../../src/mcp/cheap-schema.ts";
import { connectScripted } from "./scripted.ts";

const withA = (a: object, more: object = {}): never =>
  ({ type: "object", properties: { a }, ...more }) as never;

test("ordinary schemas are checked", () => {
  const cheap = [
    { type: "object" },
    withA({ type: "string", maxLength: 5, enum: ["pattern"], default: { $ref: "x" } }),
    { type: "object", properties: { pattern: { type: "string" }, $ref: { type: "string" } } },
    withA(
      { anyOf: [{ $ref: "#/$defs/A" }, { type: "null" }] },
      { $defs: { A: { type: "string" } } },
    ),
    withA(
      { $ref: "#/definitions/A" },
      {
        definitions: {
          A: { type: "array", items: { $ref: "#/definitions/B" } },
          B: { type: "number" },
        },
      },
    ),
    withA({}, { $defs: { Unused: { pattern: "(a+)+$" } } }),
  ];
  for (const schema of cheap) assert.ok(isCheapToCheck(schema as never), JSON.stringify(schema));
});

const fanOut = Object.fromEntries(
  Array.from({ length: 40 }, (_, level) => {
    const next = { $ref: `#/$defs/L${level + 1}` };
    return [`L${level}`, { allOf: [next, next] }];
  }),
);
const costly: Record<string, never> = {
  pattern: withA({ type: "string", pattern: "^(a+)+$" }),
  "pattern of names": { type: "object", patternProperties: { "(a+)+$": {} } } as never,
  "pattern behind a reference": withA({ $ref: "#/$defs/A" }, { $defs: { A: { pattern: "a" } } }),
  "unique items": withA({ type: "array", uniqueItems: true }),
  "references in a circle": withA(
    { $ref: "#/$defs/A" },
    { $defs: { A: { anyOf: [withA({ $ref: "#/$defs/A" }), withA({ $ref: "#/$defs/A" })] } } },
  ),
  "references that fan out": withA({ $ref: "#/$defs/L0" }, { $defs: { ...fanOut, L40: {} } }),
  "a reference to a name": withA({ $ref: "#A" }, { $defs: { A: { $anchor: "A" } } }),
};

for (const [what, inputSchema] of Object.entries(costly)) {
  test(`${what}: the server checks alone, and the model is told the schema`, async (context) => {
    assert.equal(isCheapToCheck(inputSchema), false);
    const tools = [{ name: "echo", description: "Echoes.", inputSchema }];
    const connection = await connectScripted(context, { tools });
    const [tool] = connection.tools;
    assert.deepEqual(tool?.toolSpec.inputSchema.json, inputSchema);
    const input = { a: `${"a".repeat(40)}!` };
    assert.deepEqual(await tool.check(input), { value: input });
  });
}
