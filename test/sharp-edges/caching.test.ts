// Edges 37 to 44: cache points where they are taken, and hits that do not come. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ConverseBody, explainCache } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerError, answerJson, scriptedServer } from "../helpers/scripted-server.ts";
import {
  assistant,
  callOf,
  LLAMA_4,
  NOVA_PRO,
  OPUS_4_7,
  OPUS_5,
  resultOf,
  rulesOf,
  SONNET_4_5,
  startAsking,
  stoppedFor,
  user,
  WEATHER,
} from "./asking.ts";

const POINT = { cachePoint: { type: "default" } } as const;
const HOUR = { cachePoint: { type: "default", ttl: "1h" } } as const;

/** About as many tokens of instructions. */
const instructions = (tokens: number) => "Answer like a sailor. ".repeat(Math.ceil(tokens / 5));

/** The cache points of a request by their places. */
function pointsIn({ toolConfig, system, messages }: ConverseBody): string[] {
  const lists: [path: string, list: readonly object[]][] = [
    ["tools", toolConfig?.tools ?? []],
    ["system", system ?? []],
    ...(messages ?? []).map(({ content }, index): [string, object[]] => [
      `messages.${index}`,
      content,
    ]),
  ];
  return lists.flatMap(([path, list]) =>
    list.flatMap((entry, index) => {
      if (!("cachePoint" in entry)) return [];
      const { ttl } = entry.cachePoint as { ttl?: string };
      return [`${path}.${index}${ttl === undefined ? "" : ` ${ttl}`}`];
    }),
  );
}

describe("a model that does not cache", () => {
  test("edge 37: is sent no cache points, nor in sections it does not cache", async (context) => {
    const { ask } = await startAsking(context);
    const asked = {
      messages: [user("hi", POINT)],
      systemPrompt: ["Be brief.", POINT],
      tools: [WEATHER, POINT],
    };
    const llama = await ask({ ...asked, modelId: LLAMA_4 });
    assert.deepEqual(pointsIn(llama.sent), []);
    const nova = await ask({ ...asked, modelId: NOVA_PRO });
    assert.deepEqual(pointsIn(nova.sent), ["system.1", "messages.0.1"]);
    for (const { warnings } of [llama, nova]) {
      assert.ok(warnings.length > 0 && warnings.every(({ rule }) => rule === "cache-refused"));
    }
  });

  test("edge 37: is learnt from its refusal when it is not known", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (!body.includes("cachePoint")) return answerJson(response, "ok");
      const message =
        "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";
      answerError(response, 403, "AccessDeniedException", message);
    });
    const llm = testClient(context, server.url);
    for (const attempts of [2, 1]) {
      const asked = { messages: "hi", systemPrompt: ["Be brief.", POINT] };
      const response = await llm.invoke(asked);
      assert.equal(response.$metadata?.attempts, attempts);
      assert.deepEqual(rulesOf(response.$metadata?.warnings), ["cache-refused"]);
    }
  });
});

describe("cache points of the caller's own", () => {
  test("edge 38: more than four over tools, system and messages become four", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent } = await ask({
      tools: [WEATHER, POINT],
      systemPrompt: ["Be brief.", POINT, "Be kind.", POINT],
      messages: [
        user("One", POINT),
        assistant("1", POINT),
        user("Two", POINT),
        assistant("2"),
        user("3", POINT),
      ],
    });
    assert.deepEqual(pointsIn(sent), ["tools.1", "system.2", "messages.2.1", "messages.4.1"]);
  });

  test("edge 39: one after reasoning moves before it", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_4_7 });
    const thought = { reasoningContent: { reasoningText: { text: "hm", signature: "sig" } } };
    const { sent } = await ask({
      messages: [user("Hi"), assistant("Hello.", thought, POINT), user("And?")],
    });
    assert.deepEqual(sent.messages[1]?.content, [{ text: "Hello." }, POINT, thought]);
    const none = await ask({ messages: [user("Hi"), assistant(thought, POINT), user("And?")] });
    assert.deepEqual(pointsIn(none.sent), ["messages.0.1"]);
  });

  test("edge 40: one at the beginning of a message moves to the end of the one before", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent } = await ask({
      messages: [user(POINT, "Hi"), assistant("Hello."), user(POINT, "And?")],
    });
    assert.deepEqual(pointsIn(sent), ["messages.1.1"]);
  });

  test("edge 41: one after a document moves before it, unless it is a PDF", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    for (const [format, index] of [
      ["csv", 1],
      ["pdf", 2],
    ] as const) {
      const document = { format, name: "prices", source: { bytes: Buffer.from("a,b") } };
      const { sent } = await ask({ messages: [user("Read:", { document }, POINT)] });
      assert.deepEqual(pointsIn(sent), [`messages.0.${index}`]);
    }
  });

  test("edge 42: an hour after five minutes lasts five minutes, with a warning", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const { sent, warnings } = await ask({
      tools: [WEATHER, HOUR],
      systemPrompt: ["Be brief.", POINT],
      messages: [user("hi", HOUR)],
    });
    assert.deepEqual(pointsIn(sent), ["tools.1 1h", "system.1", "messages.0.1"]);
    assert.deepEqual(rulesOf(warnings), ["cache-ttl-order"]);
    const ordered = await ask({ systemPrompt: ["Be brief.", HOUR], messages: [user("hi", POINT)] });
    assert.deepEqual(pointsIn(ordered.sent), ["system.1 1h", "messages.0.1"]);
    assert.deepEqual(ordered.warnings, []);
  });

  test("edge 43: one inside a tool result stops the request; one after it is sent", async (context) => {
    const asking = await startAsking(context, { modelId: SONNET_4_5 });
    const history = [user("Weather?"), assistant(callOf("call_1"))];
    const inside = { toolResult: { toolUseId: "call_1", content: [{ text: "sunny" }, POINT] } };
    const issues = await stoppedFor(asking, {
      tools: [WEATHER],
      messages: [...history, user(inside)],
    });
    assert.match(issues[0]?.[0] ?? "", /^messages\.2\.content\.0\.toolResult\.content\.1/);
    const { sent } = await asking.ask({
      tools: [WEATHER],
      messages: [...history, user(resultOf("call_1", "sunny"), POINT)],
    });
    assert.deepEqual(pointsIn(sent), ["messages.2.1"]);
  });
});

describe("a hit that does not come", () => {
  test("edge 44: for a prompt below the model's minimum is explained, where the service is silent", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_4_7 });
    const systemPrompt = [instructions(1200), POINT];
    const first = await ask({ messages: "One?", systemPrompt });
    const second = await ask({ messages: "Two?", systemPrompt });
    for (const { response } of [first, second]) {
      assert.equal(response.usage.cacheReadInputTokens, 0);
      assert.equal(response.usage.cacheWriteInputTokens, 0);
    }
    const modelId = OPUS_4_7;
    const told = explainCache({ modelId, ...first.sent }, { modelId, ...second.sent });
    assert.equal(told.hit, false);
    assert.deepEqual(
      told.lost.map(({ path, reason }) => [path, reason]),
      [["system.1", "too-short"]],
    );
  });

  test("edge 44: is no matter of chance: the same options give the same bytes, and are read", async (context) => {
    const { ask, local } = await startAsking(context, { modelId: OPUS_5, cache: "auto" });
    const tools = [{ ...WEATHER, name: "weather.get" }];
    const asked = { systemPrompt: instructions(3000), tools };
    const first = await ask({ ...asked, messages: "Hello" });
    assert.ok((first.response.usage.cacheWriteInputTokens ?? 0) > 512);
    const second = await ask({ ...asked, messages: "Good morning" });
    assert.equal(
      second.response.usage.cacheReadInputTokens,
      first.response.usage.cacheWriteInputTokens,
    );
    const [one, two] = local.requests.map(({ body }) => {
      const { messages: _, ...prefix } = body as ConverseBody;
      return JSON.stringify(prefix);
    });
    assert.equal(two, one);
  });

  test("edge 44: because a tool changed is explained by the place of the change", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_5, cache: "auto" });
    const asked = { systemPrompt: instructions(3000), messages: "Hello" };
    const first = await ask({ ...asked, tools: [WEATHER] });
    const changed = { ...WEATHER, description: "Tells the weather of a city, as of 12:01." };
    const second = await ask({ ...asked, tools: [changed] });
    assert.equal(second.response.usage.cacheReadInputTokens, 0);
    const { change, hit } = explainCache(first.sent, second.sent);
    assert.equal(hit, false);
    assert.equal(change?.path, "toolConfig.tools.0.toolSpec.description");
  });

  test("edge 44: nothing is placed automatically where it could not pay", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_4_7, cache: "auto" });
    const { sent } = await ask({ systemPrompt: instructions(1200), messages: "Hello" });
    assert.deepEqual(pointsIn(sent), []);
  });
});
