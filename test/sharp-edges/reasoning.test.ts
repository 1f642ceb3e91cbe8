// Edges 33 to 36: reasoning, which goes back as it came or not at all. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reasoningOf, toolUsesOf } from "../../src/index.ts";
import type { LocalModel } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerJson, beginStream, eventFrame, scriptedServer } from "../helpers/scripted-server.ts";
import {
  assistant,
  callOf,
  GPT_OSS,
  OPUS_4_7,
  OPUS_5,
  resultOf,
  rulesOf,
  SONNET_4_5,
  startAsking,
  user,
  WEATHER,
} from "./asking.ts";

const REDACTED = { reasoningContent: { redactedContent: Uint8Array.of(0, 255, 7, 128, 1) } };
const THINKING = { thinking: { type: "enabled", budget_tokens: 2000 } };

/** A thought, with the white space that models leave around it. */
function thought(signature?: string, text = "\n I should look. \n") {
  const signed = signature === undefined ? {} : { signature };
  return { reasoningContent: { reasoningText: { text, ...signed } } };
}

/** Thinks, then calls; once the results are there, says “ok”. */
const thinks: LocalModel = ({ messages = [] }) =>
  messages.length > 1 ? "ok" : [thought("sig+/=="), REDACTED, callOf("call_1")];

describe("a tool loop of a model that thinks", () => {
  test("edge 33: sends its reasoning back first, in order and byte for byte", async (context) => {
    const { llm, ask } = await startAsking(context, { modelId: SONNET_4_5, model: thinks });
    const asked = {
      messages: "Weather?",
      tools: [WEATHER],
      additionalModelRequestFields: THINKING,
    };
    for (const { output } of [await llm.invoke(asked), await llm.invokeStream(asked).response()]) {
      const messages = [user("Weather?"), output.message, user(resultOf("call_1", "sunny"))];
      const { sent, warnings } = await ask({ ...asked, messages });
      assert.deepEqual(sent.additionalModelRequestFields, THINKING);
      assert.deepEqual(warnings, []);
      assert.deepEqual(sent.messages[1]?.content, [
        thought("sig+/=="),
        { reasoningContent: { redactedContent: "AP8HgAE=" } },
        callOf("call_1"),
      ]);
    }
  });

  test("edge 33: goes on without thinking when its reasoning was lost on the way", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent, warnings } = await ask({
      tools: [WEATHER],
      additionalModelRequestFields: THINKING,
      messages: [user("Weather?"), assistant(callOf("call_1")), user(resultOf("call_1", "sunny"))],
    });
    assert.equal(sent.additionalModelRequestFields, undefined);
    assert.deepEqual(rulesOf(warnings), ["thinking-first"]);
  });
});

describe("reasoning in a stream", () => {
  /** Streams these deltas of one block of reasoning, then a call; after that it says “ok”. */
  async function thinking(context: Parameters<typeof scriptedServer>[0], deltas: object[]) {
    const server = await scriptedServer(context, ({ path }, response) => {
      if (!path.endsWith("stream")) return answerJson(response, "ok");
      beginStream(response);
      const start = { toolUse: { toolUseId: "call_1", name: "get_weather" } };
      const frames = [
        eventFrame("messageStart", { role: "assistant" }),
        ...deltas.map((reasoningContent) =>
          eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { reasoningContent } }),
        ),
        eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
        eventFrame("contentBlockStart", { contentBlockIndex: 1, start }),
        eventFrame("contentBlockStop", { contentBlockIndex: 1 }),
        eventFrame("messageStop", { stopReason: "tool_use" }),
      ];
      response.end(Buffer.concat(frames));
    });
    const llm = testClient(context, server.url, { modelId: OPUS_4_7 });
    const answer = await llm.invokeStream({ messages: "Weather?", tools: [WEATHER] }).response();
    assert.equal(toolUsesOf(answer).length, 1);
    const messages = [user("Weather?"), answer.output.message, user(resultOf("call_1", "sunny"))];
    await llm.invoke({ messages, tools: [WEATHER] });
    const sent = JSON.parse(server.requests.at(-1)?.body ?? "");
    return { read: reasoningOf(answer), sent: sent.messages[1].content };
  }

  test("edge 34: is put together in the shape that messages have", async (context) => {
    const deltas = [{ text: "\n I should " }, { text: "look. \n" }, { signature: "sig+/==" }];
    const { read, sent } = await thinking(context, deltas);
    assert.deepEqual(read, [thought("sig+/==").reasoningContent]);
    assert.deepEqual(sent, [thought("sig+/=="), callOf("call_1")]);
  });

  test("edge 35: is joined as bytes where it is redacted, not as base64", async (context) => {
    // Each piece is padded by itself, so their texts joined would be no base64.
    const deltas = ["AA==", "/wc=", "gAE="].map((redactedContent) => ({ redactedContent }));
    const { read, sent } = await thinking(context, deltas);
    assert.deepEqual(read, [REDACTED.reasoningContent]);
    assert.deepEqual(sent[0], { reasoningContent: { redactedContent: "AP8HgAE=" } });
  });
});

describe("reasoning that is not the model's own", () => {
  test("edge 36: of another model is left out, with a warning", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_4_7, model: thinks });
    const { response } = await ask({ messages: "Weather?", tools: [WEATHER] });
    const messages = [user("Weather?"), response.output.message, user(resultOf("call_1", "sunny"))];
    const next = await ask({ modelId: OPUS_5, messages, tools: [WEATHER] });
    assert.deepEqual(next.sent.messages[1]?.content, [callOf("call_1")]);
    assert.deepEqual(rulesOf(next.warnings), ["reasoning-replay", "reasoning-replay"]);
    const same = await ask({ modelId: "us.anthropic.claude-opus-4-7", messages, tools: [WEATHER] });
    assert.equal(same.sent.messages[1]?.content.length, 3, "through another profile it is its own");
    const newcomer = await startAsking(context, { modelId: OPUS_5 });
    const unseen = await newcomer.ask({ messages, tools: [WEATHER] });
    assert.equal(
      unseen.sent.messages[1]?.content.length,
      3,
      "nobody has told this client whose it is",
    );
  });

  test("edge 36: without a signature, or for a model that takes none back, is left out", async (context) => {
    const { ask } = await startAsking(context);
    for (const [modelId, signature] of [
      [SONNET_4_5, undefined],
      [SONNET_4_5, ""],
      [GPT_OSS, undefined],
      [GPT_OSS, "sig"],
      ["us.deepseek.r1-v1:0", undefined],
    ] as const) {
      const messages = [user("Hi"), assistant(thought(signature), "Hello."), user("And?")];
      const { sent, warnings } = await ask({ modelId, messages });
      assert.deepEqual(sent.messages[1]?.content, [{ text: "Hello." }]);
      assert.deepEqual(rulesOf(warnings), ["reasoning-replay"]);
    }
  });
});
