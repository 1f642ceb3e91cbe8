// Edges 9 to 12 and 17 to 21: calls, their answers, and what stands in them. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { toolUsesOf } from "../../src/index.ts";
import type { LocalModel } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerJson, beginStream, eventFrame, scriptedServer } from "../helpers/scripted-server.ts";
import {
  assistant,
  callOf,
  LLAMA_4,
  resultOf,
  SONNET_4_5,
  startAsking,
  user,
  WEATHER,
} from "./asking.ts";

const LOOP = [
  user("Weather in Oslo?"),
  assistant(callOf("call_1")),
  user(resultOf("call_1", "sunny")),
];

test("edge 9: a history with calls is summed up without tools, which are declared by name", async (context) => {
  const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
  const { sent, warnings } = await ask({
    messages: [...LOOP, assistant("Sunny."), user("Sum it up.")],
  });
  assert.deepEqual(sent.toolConfig, {
    tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
  });
  assert.deepEqual(warnings, []);
});

describe("tools that are none", () => {
  test("edge 10: an empty list, or one of cache points alone, is not sent", async (context) => {
    const { ask } = await startAsking(context);
    for (const tools of [[], [{ cachePoint: { type: "default" } }] as const]) {
      const { sent } = await ask({ messages: "hi", tools });
      assert.equal(sent.toolConfig, undefined);
    }
  });

  test("edge 10: an empty description is left out; an empty name is told before sending", async (context) => {
    const { ask, llm, local } = await startAsking(context);
    const { sent } = await ask({ messages: "hi", tools: [{ ...WEATHER, description: "" }] });
    assert.equal(JSON.stringify(sent.toolConfig).includes("description"), false);
    await assert.rejects(llm.invoke({ messages: "hi", tools: [{ ...WEATHER, name: "" }] }), {
      name: "TypeError",
      message: /tools\[0\]\.name must be a non-empty string/,
    });
    await assert.rejects(llm.invoke({ messages: "hi", tools: [], toolChoice: "any" }), TypeError);
    assert.equal(local.requests.length, 1);
  });
});

test("edge 11: of three parallel calls each gets one result, in order, in the next message", async (context) => {
  const cities = ["Oslo", "Rome", "Lima"];
  const calls = cities.map((city, index) => callOf(`call_${index}`, "get_weather", { city }));
  const { ask } = await startAsking(context, { modelId: SONNET_4_5, model: () => calls });
  const { response } = await ask({ messages: "Weather everywhere?", tools: [WEATHER] });
  // The last one is done first, the second was cancelled, and one result belongs to nothing.
  const { sent } = await ask({
    tools: [WEATHER],
    messages: [
      user("Weather everywhere?"),
      response.output.message,
      user(resultOf("call_2", "fog")),
      user(resultOf("call_0", "snow")),
      user(resultOf("call_of_yesterday", "rain")),
    ],
  });
  assert.equal(sent.messages.length, 3);
  const [oslo, rome, lima, ...rest] = sent.messages[2]?.content ?? [];
  assert.deepEqual([oslo, lima], [resultOf("call_0", "snow"), resultOf("call_2", "fog")]);
  assert.equal(rome?.toolResult?.toolUseId, "call_1");
  assert.equal(rome?.toolResult?.status, "error");
  assert.match(rome?.toolResult?.content[0]?.text ?? "", /never completed/);
  assert.deepEqual(
    rest.map(({ text }) => text),
    ["Result of an earlier tool call (call_of_yesterday):", "rain"],
  );
});

test("edge 12: words beside a result follow it, or get a turn of their own where they must", async (context) => {
  const { ask } = await startAsking(context);
  const messages = [...LOOP.slice(0, 2), user("Quick!", resultOf("call_1", "sunny"))];
  const claude = await ask({ modelId: SONNET_4_5, messages, tools: [WEATHER] });
  assert.deepEqual(claude.sent.messages[2]?.content, [
    resultOf("call_1", "sunny"),
    { text: "Quick!" },
  ]);
  const llama = await ask({ modelId: LLAMA_4, messages, tools: [WEATHER] });
  const turns = llama.sent.messages.slice(2);
  assert.deepEqual(
    turns.map(({ role }) => role),
    ["user", "assistant", "user"],
  );
  assert.deepEqual(turns[0]?.content, [resultOf("call_1", "sunny")]);
  assert.deepEqual(turns[2]?.content, [{ text: "Quick!" }]);
});

describe("the input of a call", () => {
  /** Streams one call whose input comes in these pieces, then answers “ok”. */
  const streaming = (pieces: readonly string[], stopReason: string) =>
    ({
      script: (
        { path }: { readonly path: string },
        response: Parameters<typeof beginStream>[0],
      ) => {
        if (!path.endsWith("stream")) return answerJson(response, "ok");
        beginStream(response);
        const start = { toolUse: { toolUseId: "call_1", name: "get_weather" } };
        const frames = [
          eventFrame("messageStart", { role: "assistant" }),
          eventFrame("contentBlockStart", { contentBlockIndex: 0, start }),
          ...pieces.map((input) =>
            eventFrame("contentBlockDelta", {
              contentBlockIndex: 0,
              delta: { toolUse: { input } },
            }),
          ),
          eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
          eventFrame("messageStop", { stopReason }),
        ];
        response.end(Buffer.concat(frames));
      },
    }) as const;

  const cases: [
    title: string,
    pieces: string[],
    stopReason: string,
    read: unknown,
    sent: unknown,
  ][] = [
    ["edge 17: without arguments is {}", [], "tool_use", {}, {}],
    ["edge 17: that is empty is {}", [""], "tool_use", {}, {}],
    [
      "edge 17: is put together",
      ['{"city":', '"Oslo"}'],
      "tool_use",
      { city: "Oslo" },
      { city: "Oslo" },
    ],
    [
      "edge 17: that is no object is sent back in one",
      ["[1", ",2]"],
      "tool_use",
      [1, 2],
      { value: [1, 2] },
    ],
    [
      "edge 18: that was cut off stays the text it is",
      ['{"city":"Os'],
      "max_tokens",
      '{"city":"Os',
      { value: '{"city":"Os' },
    ],
  ];
  for (const [title, pieces, stopReason, read, input] of cases) {
    test(title, async (context) => {
      const server = await scriptedServer(context, streaming(pieces, stopReason).script);
      const llm = testClient(context, server.url, { modelId: SONNET_4_5 });
      const answer = await llm.invokeStream({ messages: "Weather?", tools: [WEATHER] }).response();
      assert.equal(answer.stopReason, stopReason);
      assert.deepEqual(toolUsesOf(answer)[0]?.input, read);
      // The call goes back as an object, and with a result even when nobody ran it.
      const messages = [user("Weather?"), answer.output.message, user("Go on.")];
      await llm.invoke({ messages, tools: [WEATHER] });
      const sent = JSON.parse(server.requests.at(-1)?.body ?? "");
      assert.deepEqual(sent.messages[1].content, [callOf("call_1", "get_weather", input as never)]);
      const [result, text] = sent.messages[2].content;
      assert.deepEqual(
        [result.toolResult.toolUseId, result.toolResult.status],
        ["call_1", "error"],
      );
      assert.deepEqual(text, { text: "Go on." });
    });
  }
});

describe("what a tool answers", () => {
  /** Answers the call with this, and returns what was sent of it. */
  async function answering(context: Parameters<typeof startAsking>[0], toolResult: object) {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent } = await ask({
      tools: [WEATHER],
      messages: [...LOOP.slice(0, 2), user({ toolResult: { toolUseId: "call_1", ...toolResult } })],
    });
    return sent.messages[2]?.content[0]?.toolResult;
  }

  test("edge 19: JSON that is no object is put into one", async (context) => {
    const given = [[1, 2], "sunny", 21, null, false];
    const sent = await answering(context, { content: given.map((json) => ({ json })) });
    assert.deepEqual(
      sent?.content,
      given.map((result) => ({ json: { result } })),
    );
  });

  test("edge 19: JSON with a member that Bedrock takes for a type of its own goes as text", async (context) => {
    const json = { items: [{ __type: "Weather", degrees: 21 }] };
    const sent = await answering(context, { content: [{ json }] });
    assert.deepEqual(sent?.content, [{ text: JSON.stringify(json) }]);
  });

  for (const content of ["", [], [{ text: " \n" }], undefined]) {
    test(`edge 20: ${JSON.stringify(content)} for an output is said in words`, async (context) => {
      const sent = await answering(context, { content });
      assert.deepEqual(sent?.content, [{ text: "(no output)" }]);
    });
  }
});

test("edge 21: the status of a result goes to models that read it, in words to others", async (context) => {
  const model: LocalModel = () => "ok";
  const { ask } = await startAsking(context, { model });
  const failed = { ...resultOf("call_1", "no such city").toolResult, status: "error" as const };
  const messages = [...LOOP.slice(0, 2), user({ toolResult: failed })];
  const claude = await ask({ modelId: SONNET_4_5, messages, tools: [WEATHER] });
  assert.deepEqual(claude.sent.messages[2]?.content[0]?.toolResult, failed);
  const llama = await ask({ modelId: LLAMA_4, messages, tools: [WEATHER] });
  assert.deepEqual(llama.sent.messages[2]?.content, [resultOf("call_1", "Error: no such city")]);
});
