import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConverseRequest, InferenceConfiguration } from "../../src/core/converse-request.ts";
import type { LocalReply } from "../../src/local/index.ts";
import { toResponse } from "../../src/local/to-response.ts";

const CALL = { toolUse: { toolUseId: "a", name: "look", input: {} } };
const SERVER_CALL = { toolUse: { ...CALL.toolUse, type: "server_tool_use" as const } };

function asking(inferenceConfig?: InferenceConfiguration): ConverseRequest {
  const messages = [{ role: "user" as const, content: [{ text: "12345678" }] }];
  return { modelId: "any.model", messages, ...(inferenceConfig && { inferenceConfig }) };
}

/** Content and stop reason of a reply. */
function finish(reply: LocalReply, inferenceConfig?: InferenceConfiguration): unknown[] {
  const { output, stopReason } = toResponse(reply, asking(inferenceConfig));
  return [output.message.content, stopReason];
}

test("a text, a block and a list of blocks are content", () => {
  assert.deepEqual(finish("Hi"), [[{ text: "Hi" }], "end_turn"]);
  assert.deepEqual(finish({ text: "Hi" }), [[{ text: "Hi" }], "end_turn"]);
  assert.deepEqual(finish([{ text: "Hi" }, CALL]), [[{ text: "Hi" }, CALL], "tool_use"]);
  assert.deepEqual(finish({ content: "Hi" }), [[{ text: "Hi" }], "end_turn"]);
  assert.deepEqual(finish([]), [[], "end_turn"]);
});

test("latency mode and tier are repeated, unless the reply says otherwise", () => {
  const request: ConverseRequest = {
    ...asking(),
    performanceConfig: { latency: "optimized" },
    serviceTier: { type: "flex" },
  };
  const { performanceConfig, serviceTier } = toResponse("Hi", request);
  assert.deepEqual([performanceConfig, serviceTier], [{ latency: "optimized" }, { type: "flex" }]);
  const reply = { content: "Hi", performanceConfig: { latency: "standard" as const } };
  assert.deepEqual(toResponse(reply, request).performanceConfig, { latency: "standard" });
});

test("a call the provider runs itself does not stop the turn", () => {
  assert.deepEqual(finish([SERVER_CALL]), [[SERVER_CALL], "end_turn"]);
});

test("a text longer than maxTokens is cut, and what follows it is lost", () => {
  assert.deepEqual(finish("123456789", { maxTokens: 2 }), [[{ text: "12345678" }], "max_tokens"]);
  assert.deepEqual(finish("12345678", { maxTokens: 2 }), [[{ text: "12345678" }], "end_turn"]);
  assert.deepEqual(finish([{ text: "1234" }, { text: "56789" }, CALL], { maxTokens: 2 }), [
    [{ text: "1234" }, { text: "5678" }],
    "max_tokens",
  ]);
});

test("a cut never leaves half a surrogate pair", () => {
  assert.deepEqual(finish("abc🌧🌧", { maxTokens: 1 }), [[{ text: "abc" }], "max_tokens"]);
});

test("a text ends before the first stop sequence in it", () => {
  const stopSequences = ["END", "STOP"];
  assert.deepEqual(finish("one STOP two END", { stopSequences }), [
    [{ text: "one " }],
    "stop_sequence",
  ]);
  assert.deepEqual(finish("one two", { stopSequences }), [[{ text: "one two" }], "end_turn"]);
  assert.deepEqual(finish([{ text: "STOP" }, CALL], { stopSequences }), [[], "stop_sequence"]);
});

test("whichever of length and stop sequence comes first decides", () => {
  const limits = { maxTokens: 1, stopSequences: ["END"] };
  assert.deepEqual(finish("12345END", limits), [[{ text: "1234" }], "max_tokens"]);
  assert.deepEqual(finish("12END678", limits), [[{ text: "12" }], "stop_sequence"]);
});

test("a stop reason of the reply's own is kept, and its text whole", () => {
  const reply = { content: "123456789", stopReason: "guardrail_intervened" };
  assert.deepEqual(finish(reply, { maxTokens: 1 }), [
    [{ text: "123456789" }],
    "guardrail_intervened",
  ]);
});

test("usage is estimated, the same each time, and never above maxTokens", () => {
  const { usage, metrics } = toResponse("a".repeat(1000), asking({ maxTokens: 50 }));
  assert.deepEqual(usage, { inputTokens: 3, outputTokens: 50, totalTokens: 53 });
  assert.deepEqual(metrics, { latencyMs: 300 });
});

test("usage that the reply gives is kept, and its sum counts the cache", () => {
  const given = { inputTokens: 5, outputTokens: 7, cacheReadInputTokens: 100 };
  assert.deepEqual(toResponse({ content: "Hi", usage: given }, asking()).usage, {
    ...given,
    totalTokens: 112,
  });
  assert.deepEqual(toResponse({ content: "Hi", usage: { totalTokens: 9 } }, asking()).usage, {
    inputTokens: 3,
    outputTokens: 1,
    totalTokens: 9,
  });
});

test("whatever else a reply has is passed on", () => {
  const rest = {
    additionalModelResponseFields: { stop_sequence: "x" },
    trace: { promptRouter: { invokedModelId: "any.model" } },
    performanceConfig: { latency: "optimized" as const },
    serviceTier: { type: "flex" as const },
  };
  const { output, stopReason, usage, metrics, ...passed } = toResponse(
    { content: "Hi", ...rest },
    asking(),
  );
  assert.deepEqual(passed, rest);
});
