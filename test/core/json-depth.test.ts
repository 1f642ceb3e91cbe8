import assert from "node:assert/strict";
import { test } from "node:test";
import { isTooDeep } from "../../src/core/json-depth.ts";
import { CONVERSE_STREAM, callBoth, faultOf, HELLO, startFor } from "../local/local-client.ts";

const DEEP = 100_000;
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("a thousand levels are not too deep, one more is", () => {
  assert.equal(isTooDeep(Buffer.from(nested(1_000))), false);
  assert.equal(isTooDeep(Buffer.from(nested(1_001))), true);
  assert.equal(isTooDeep(Buffer.from('{"a":'.repeat(1_001))), true);
  assert.equal(isTooDeep(Buffer.from(`[${"[],".repeat(DEEP)}[]]`)), false);
});

test("brackets in texts are no levels", () => {
  assert.equal(isTooDeep(Buffer.from(JSON.stringify([`"${"[".repeat(DEEP)}\\`, "[["]))), false);
  assert.equal(isTooDeep(Buffer.from(`["\\"",${"[".repeat(1_001)}`)), true);
});

test("a body that is nested too deeply is refused, wherever that is", async (context) => {
  const { url } = await startFor(context);
  const tool = (schema: string) =>
    `{"messages":[{"role":"user","content":[{"text":"x"}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"x","inputSchema":{"json":${schema}}}}]}}`;
  const bodies = [
    nested(DEEP),
    `{"messages":${nested(DEEP)}}`,
    tool(`{"type":"object","required":["a"],"properties":{"a":{"const":${nested(DEEP)}}}}`),
  ];
  for (const body of bodies) {
    for (const answer of await callBoth({ url, path: CONVERSE_STREAM, body })) {
      assert.deepEqual(faultOf(answer), [
        400,
        "ValidationException",
        "The request body is nested too deeply.",
      ]);
    }
  }
});

test("an answer's schema that is nested too deeply is refused", async (context) => {
  const { url } = await startFor(context);
  const schema = `{"type":"object","required":["a"],"properties":{"a":{"const":${nested(DEEP)}}}}`;
  const structure = { jsonSchema: { schema, name: "answer" } };
  const body = { ...HELLO, outputConfig: { textFormat: { type: "json_schema", structure } } };
  for (const answer of await callBoth({ url, body })) {
    assert.deepEqual(faultOf(answer).slice(0, 2), [400, "ValidationException"]);
  }
});

test("a $ref that cannot be decoded is refused", async (context) => {
  const { url } = await startFor(context);
  const json = { type: "object", properties: { a: { $ref: "#/%ff" } }, required: ["a"] };
  const toolConfig = { tools: [{ toolSpec: { name: "hello", inputSchema: { json } } }] };
  for (const answer of await callBoth({ url, body: { ...HELLO, toolConfig } })) {
    assert.deepEqual(faultOf(answer), [
      400,
      "ValidationException",
      "A $ref of the JSON schema is not a valid URI fragment.",
    ]);
  }
});
