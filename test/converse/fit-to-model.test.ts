// What a request becomes for each kind of model.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConverseOptions } from "../../src/index.ts";
import { build } from "./build.ts";
import { LLAMA_4, NOVA_PRO } from "./fit-case.ts";
import { SAMPLING_CASES, SCHEMA_CASES, TOOL_CASES } from "./fit-parameter-cases.ts";
import { EFFORT_CASES, THINKING_CASES } from "./fit-thinking-cases.ts";

const TOOLS = [{ name: "get_weather", parameters: { type: "object" } }] as const;

for (const [title, cases] of [
  ["schemas", SCHEMA_CASES],
  ["sampling and length", SAMPLING_CASES],
  ["thinking", THINKING_CASES],
  ["effort", EFFORT_CASES],
  ["tools and formats", TOOL_CASES],
] as const) {
  describe(title, () => {
    for (const { title: name, modelId, options, expected, rules } of cases) {
      test(name, () => {
        const { body, changes } = build(options, modelId);
        const sent = body as Record<string, unknown>;
        const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, sent[key]]));
        assert.deepEqual(shown, expected);
        assert.deepEqual(
          changes.map(({ rule }) => rule),
          rules,
        );
      });
    }
  });
}

test("a model that cannot stream tools is asked for a whole answer, only when there are tools", () => {
  const asked = (options: ConverseOptions) => build(options, LLAMA_4, "converse-stream").operation;
  assert.equal(asked({ tools: TOOLS }), "converse");
  assert.equal(asked({}), "converse-stream");
  assert.equal(build({ tools: TOOLS }, NOVA_PRO, "converse-stream").operation, "converse-stream");
});

test("a guardrail is not told how to treat a stream that is none", () => {
  const guardrailConfig = {
    guardrailIdentifier: "g",
    guardrailVersion: "1",
    streamProcessingMode: "async",
  };
  const { body } = build({ tools: TOOLS, guardrailConfig }, LLAMA_4, "converse-stream");
  assert.deepEqual(body.guardrailConfig, { guardrailIdentifier: "g", guardrailVersion: "1" });
});
