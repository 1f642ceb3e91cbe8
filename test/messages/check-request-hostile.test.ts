// Input that nobody means to send: the check neither throws nor takes its time.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findIssues } from "../../src/messages/check-request.ts";
import { type ModelTraits, traitsOf } from "../../src/models/model-traits.ts";
import {
  asking,
  assistant,
  saying,
  text,
  tool,
  toolResult,
  toolUse,
  UNKNOWN_MODEL,
  user,
  usingTools,
} from "./request-parts.ts";
import { spoiledRequest } from "./spoiled-requests.ts";

/** One model of every kind the table knows, and one it does not know. */
const MODELS = [
  "anthropic.claude-3-haiku-20240307-v1:0",
  "anthropic.claude-haiku-4-5-20251001-v1:0",
  "anthropic.claude-opus-4-6-v1",
  "anthropic.claude-opus-4-7",
  "anthropic.claude-opus-5-5",
  "amazon.nova-pro-v1:0",
  "amazon.nova-2-lite-v1:0",
  "meta.llama4-maverick-17b-instruct-v1:0",
  "mistral.mistral-large-3-675b-instruct",
  UNKNOWN_MODEL,
];

/** No model is as strict: every rule of single models has something to look at. */
const STRICTEST: ModelTraits = {
  sampling: "none",
  thinking: "budget",
  efforts: [],
  unboundedAtHighEffort: true,
  toolChoices: [],
  forcesWhileThinking: false,
  strictTools: false,
  textFormat: false,
  prefill: false,
  streamingTools: false,
  systemRole: false,
  toolResultStatus: false,
  toolResultsAlone: true,
  hyphensInToolNames: false,
  toolUseIds: "nine",
  reasoningReplay: "signed",
  uniformCitations: true,
  blankStopSequences: false,
  cache: { sections: ["system"], ttls: ["5m"] },
  maxOutput: 1,
  refusedParameters: ["inferenceConfig.stopSequences.0", "messages", "toolConfig.tools.length"],
};

test("no JSON value makes the check throw", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      findIssues(value);
      findIssues({ messages: value, system: value, toolConfig: value, inferenceConfig: value });
      findIssues({ messages: [{ role: value, content: value }], toolConfig: { tools: value } });
    }),
  );
});

test("garbage anywhere in a request is an issue or harmless, never an exception", () => {
  const context = fc.record({
    traits: fc.constantFrom(undefined, ...MODELS.map(traitsOf), STRICTEST),
    operation: fc.constantFrom("converse" as const, "converse-stream" as const),
  });
  fc.assert(
    fc.property(spoiledRequest, context, (request, { traits, operation }) => {
      for (const issue of findIssues(request, { traits, operation })) {
        assert.equal(typeof issue.path, "string");
        assert.equal(typeof issue.message, "string");
      }
    }),
    { numRuns: 5_000 },
  );
});

test("what contains itself is no danger", () => {
  const circle: Record<string, unknown> = { name: "\ud800" };
  circle["inside"] = [circle, circle];
  const request = usingTools(
    user(text()),
    assistant(toolUse("a", circle)),
    user(toolResult("a", { json: circle })),
  );
  assert.deepEqual(
    findIssues(request).map(({ rule, path }) => [rule, path]),
    [["lone-surrogate", "messages.1.content.0.toolUse.input.name"]],
  );
});

test("what shares its parts is looked at once", () => {
  const shared = (leaf: string): unknown => {
    let value: unknown = { leaf };
    for (let depth = 0; depth < 60; depth++) value = { a: value, b: value };
    return value;
  };
  const using = (leaf: string) =>
    findIssues(
      usingTools(
        user(text()),
        assistant(toolUse("a", shared(leaf))),
        user(toolResult("a", { json: shared(leaf) })),
      ),
    ).map(({ rule }) => rule);
  assert.deepEqual(using("whole"), []);
  assert.deepEqual(using("cut \ud800"), ["lone-surrogate", "lone-surrogate"]);
});

test("JSON nested a hundred thousand deep is no danger", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  const request = saying(
    user(text()),
    assistant(toolUse("a", { deep })),
    user(toolResult("a", { json: { deep } })),
  );
  const issues = findIssues({
    ...request,
    additionalModelRequestFields: deep,
    toolConfig: { tools: [tool("get_weather", { type: "object", deep })] },
  });
  assert.deepEqual(issues, []);
  assert.equal(findIssues({ messages: deep }).length > 0, true);
});

test("texts are told apart at any depth, in paths of a bearable length", () => {
  let deep: unknown = "\ud800";
  for (let depth = 0; depth < 50_000; depth++) deep = ["\udc00", deep];
  const issues = findIssues(asking({ additionalModelRequestFields: { deep } }));
  assert.equal(issues.length, 50_001);
  assert.ok(issues.every(({ path }) => path.split(".").length <= 100));
});

test("the time grows with the request, not with its square", () => {
  const blocks = Array.from({ length: 20_000 }, (_, index) => toolUse(`id${index}`, "text"));
  const results = blocks.map((_, index) => toolResult(`id${index}`, { json: [] }));
  const messages = Array.from({ length: 40_000 }, () => user());
  assert.equal(
    findIssues(saying(user(text()), assistant(...blocks), user(...results))).length,
    40_001,
  );
  assert.equal(findIssues(saying(...messages)).length, 79_999);
  const long = "a".repeat(1_000_000);
  const config = { guardrailIdentifier: `${long}!` };
  assert.equal(findIssues(asking({ guardrailConfig: config })).length, 2);
});
