import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { placeCachePoints } from "../../src/converse/cache-placement.ts";
import { explainCache } from "../../src/converse/explain-cache.ts";
import type { ContentBlock, Message } from "../../src/core/content.ts";
import type { ConverseRequest } from "../../src/core/converse-request.ts";
import { estimateTokens } from "../../src/local/estimate-tokens.ts";
import { PromptCache } from "../../src/local/prompt-cache.ts";
import { toResponse } from "../../src/local/to-response.ts";
import { plainBody, point, textOf, tool } from "../converse/cache-bodies.ts";
import { testClient } from "../helpers/client.ts";
import { call, faultOf, jsonOf, startFor } from "./local-client.ts";

/** Caches from 1,024 tokens on. */
const SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const MINUTE_MS = 60_000;

const say = (role: "user" | "assistant", ...content: ContentBlock[]): Message => ({
  role,
  content,
});

/** A question after instructions that are worth a point. */
const asking = (question: string, rest: Partial<ConverseRequest> = {}): ConverseRequest => ({
  modelId: SONNET,
  system: [textOf(1500), point()],
  messages: [say("user", { text: question })],
  ...rest,
});

/** What a request reads, what it writes for an hour, and what for five minutes. */
function use(
  cache: PromptCache,
  request: ConverseRequest,
): [read: number, hour: number, minutes: number] {
  const usage = cache.use(request);
  assert.ok(usage !== undefined);
  const { cacheReadInputTokens, cacheWriteInputTokens, cacheDetails } = usage;
  const of = (ttl: string): number =>
    cacheDetails.find((detail) => detail.ttl === ttl)?.inputTokens ?? 0;
  assert.equal(cacheWriteInputTokens, of("1h") + of("5m"));
  assert.ok(cacheDetails.every(({ inputTokens }) => inputTokens > 0));
  return [cacheReadInputTokens, of("1h"), of("5m")];
}

test("what one request wrote, the next one reads, whatever comes after it", () => {
  const cache = new PromptCache(() => 0);
  assert.deepEqual(use(cache, asking("Hello")), [0, 0, 1500]);
  assert.deepEqual(use(cache, asking("Hello")), [1500, 0, 0]);
  assert.deepEqual(use(cache, asking("Something else")), [1500, 0, 0]);
});

test("a request without points is not counted, and reads nothing", () => {
  const cache = new PromptCache(() => 0);
  assert.equal(cache.use({ modelId: SONNET, system: [textOf(1500)] }), undefined);
  assert.equal(cache.size, 0);
});

test("each model id has a cache of its own, and so has each endpoint", () => {
  const cache = new PromptCache(() => 0);
  use(cache, asking("Hello"));
  const modelId = SONNET.replace("us.", "eu.");
  assert.deepEqual(use(cache, asking("Hello", { modelId })), [0, 0, 1500]);
  assert.deepEqual(use(new PromptCache(() => 0), asking("Hello")), [0, 0, 1500]);
});

test("an entry stays five minutes or an hour, and as long again after each use", () => {
  for (const [ttl, minutes] of [
    ["5m", 5],
    ["1h", 60],
  ] as const) {
    let now = 0;
    const cache = new PromptCache(() => now);
    const request = asking("Hello", { system: [textOf(1500), point(ttl)] });
    const written = ttl === "1h" ? [0, 1500, 0] : [0, 0, 1500];
    assert.deepEqual(use(cache, request), written);
    now += minutes * MINUTE_MS - 1;
    assert.deepEqual(use(cache, request), [1500, 0, 0]);
    now += minutes * MINUTE_MS - 1;
    assert.deepEqual(use(cache, request), [1500, 0, 0]);
    now += minutes * MINUTE_MS;
    assert.deepEqual(use(cache, request), written);
  }
});

test("writes are told apart by how long they stay, the hour first", () => {
  const cache = new PromptCache(() => 0);
  const request: ConverseRequest = {
    modelId: SONNET,
    system: [textOf(1500), point("1h"), textOf(200), point("1h")],
    messages: [say("user", textOf(100), point())],
  };
  assert.deepEqual(use(cache, request), [0, 1700, 100]);
  assert.deepEqual(
    cache.use(asking("Hello", { system: [textOf(1500), point()] }))?.cacheDetails,
    [],
  );
  const longer = [
    ...(request.messages ?? []),
    say("assistant", textOf(30)),
    say("user", textOf(20), point()),
  ];
  assert.deepEqual(use(cache, { ...request, messages: longer }), [1800, 0, 50]);
});

test("nothing is cached below the model's minimum, and nothing is said about it", () => {
  const cache = new PromptCache(() => 0);
  const short = (tokens: number, modelId: string): ConverseRequest =>
    asking("Hello", { modelId, system: [textOf(tokens), point()] });
  for (const [modelId, minimum] of [
    [SONNET, 1024],
    ["us.anthropic.claude-opus-5", 512],
    ["some.unknown-model", 1024],
  ] as const) {
    assert.deepEqual(use(cache, short(minimum - 1, modelId)), [0, 0, 0]);
    assert.deepEqual(use(cache, short(minimum - 1, modelId)), [0, 0, 0]);
    assert.deepEqual(use(cache, short(minimum, modelId)), [0, 0, minimum]);
  }
  // What is too short by itself is written with what follows.
  const both = { modelId: SONNET, system: [textOf(600), point("1h"), textOf(600), point()] };
  assert.deepEqual(use(cache, both), [0, 0, 1200]);
});

test("sections and models without caching are passed over", () => {
  const cache = new PromptCache(() => 0);
  const tools = { tools: [tool("look", 1500), point()] };
  const nova = {
    modelId: "amazon.nova-pro-v1:0",
    toolConfig: tools,
    messages: [say("user", textOf(100))],
  };
  assert.deepEqual(use(cache, nova), [0, 0, 0]);
  assert.deepEqual(
    use(cache, asking("Hello", { modelId: "meta.llama4-scout-17b-instruct-v1:0" })),
    [0, 0, 0],
  );
});

test("a cache point looks back over twenty places", () => {
  const growing = (blocks: number): ConverseRequest => ({
    modelId: SONNET,
    messages: [
      say("user", textOf(1500), ...Array.from({ length: blocks - 1 }, () => textOf(1)), point()),
    ],
  });
  const cache = new PromptCache(() => 0);
  assert.deepEqual(use(cache, growing(10)), [0, 0, 1509]);
  assert.deepEqual(use(cache, growing(29)), [1509, 0, 19]);
  assert.deepEqual(use(cache, growing(49)), [0, 0, 1548]);
});

test("what changes a prompt of Claude's without being in it breaks the part it changes", () => {
  const request = asking("Hello", {
    toolConfig: { tools: [tool("look", 1500), point()] },
    messages: [say("user", textOf(100), point())],
  });
  const cache = new PromptCache(() => 0);
  const tools = estimateTokens(tool("look", 1500));
  assert.deepEqual(use(cache, request), [0, 0, tools + 1600]);
  const { tools: list = [] } = request.toolConfig ?? {};
  const any = { ...request, toolConfig: { tools: list, toolChoice: { any: {} } } };
  assert.deepEqual(use(cache, any), [tools + 1500, 0, 100]);
  const textFormat = { type: "json_schema" as const, structure: { jsonSchema: { schema: "{}" } } };
  assert.deepEqual(use(cache, { ...request, outputConfig: { textFormat } }), [tools, 0, 1600]);
});

test("memory is bounded: the longest unused entries go first", () => {
  const cache = new PromptCache(() => 0);
  const first = asking("Hello", { modelId: "some.model-0" });
  use(cache, first);
  for (let index = 1; index < 1_000; index += 1)
    use(cache, asking("Hello", { modelId: `some.model-${index}` }));
  assert.equal(cache.size, 1_000);
  assert.deepEqual(use(cache, first), [1500, 0, 0]);
  use(cache, asking("Hello", { modelId: "some.model-1000" }));
  assert.equal(cache.size, 1_000);
  assert.deepEqual(use(cache, first), [1500, 0, 0]);
  assert.deepEqual(use(cache, asking("Hello", { modelId: "some.model-1" })), [0, 0, 1500]);
});

test("usage splits the input, and a reply that counts it wins", () => {
  const request = asking("Hello");
  const cached = new PromptCache(() => 0).use(request);
  const whole = estimateTokens({ messages: request.messages, system: request.system });
  assert.deepEqual(toResponse("12345678", request, cached).usage, {
    inputTokens: whole - 1500,
    outputTokens: 2,
    totalTokens: whole + 2,
    cacheReadInputTokens: 0,
    cacheWriteInputTokens: 1500,
    cacheDetails: [{ ttl: "5m", inputTokens: 1500 }],
  });
  const counted = (usage: object): unknown =>
    toResponse({ content: "12345678", usage }, request, cached).usage;
  assert.deepEqual(counted({ inputTokens: 7 }), {
    inputTokens: 7,
    outputTokens: 2,
    totalTokens: 9,
  });
  assert.deepEqual(counted({ cacheReadInputTokens: 5 }), {
    cacheReadInputTokens: 5,
    inputTokens: whole,
    outputTokens: 2,
    totalTokens: whole + 7,
  });
  assert.deepEqual(
    toResponse({ content: "12345678", usage: { outputTokens: 3 } }, request, cached).usage,
    {
      inputTokens: whole - 1500,
      outputTokens: 3,
      totalTokens: whole + 3,
      ...cached,
    },
  );
});

test("a client sees its points written, then read, in answers and in streams", async (context) => {
  const local = await startFor(context);
  const llm = testClient(context, local.url, { modelId: SONNET });
  const options = {
    systemPrompt: [
      "Answer briefly. ".repeat(400),
      { cachePoint: { type: "default", ttl: "1h" } },
    ] as const,
  };
  const first = await llm.invoke({ messages: "Hello", ...options });
  const written = first.usage.cacheWriteInputTokens ?? 0;
  assert.equal(written, 1600);
  assert.deepEqual(first.usage.cacheDetails, [{ ttl: "1h", inputTokens: written }]);
  assert.equal(first.usage.cacheReadInputTokens, 0);
  const second = await llm.invoke({ messages: "Hello", ...options });
  assert.equal(second.usage.cacheReadInputTokens, written);
  assert.equal(second.usage.cacheWriteInputTokens, 0);
  assert.deepEqual(second.usage.cacheDetails, []);
  assert.equal(second.usage.inputTokens, first.usage.inputTokens);
  assert.equal(second.usage.totalTokens, first.usage.totalTokens);
  const { usage } = await llm.invokeStream({ messages: "Another question", ...options }).response();
  assert.equal(usage.cacheReadInputTokens, written);
  const plain = await llm.invoke({ messages: "Hello" });
  assert.ok(!("cacheReadInputTokens" in plain.usage) && !("cacheDetails" in plain.usage));
});

test("a model that caches nothing refuses the points as a matter of access", async (context) => {
  const local = await startFor(context);
  const path = "/model/meta.llama4-scout-17b-instruct-v1%3A0/converse";
  const body = { messages: [say("user", { text: "Hello" }, point())] };
  const [status, name, message] = faultOf(await call({ url: local.url, path, body }));
  assert.deepEqual([status, name], [403, "AccessDeniedException"]);
  assert.match(String(message), /did not allow prompt caching/);
});

test("a call that fails writes nothing", async (context) => {
  let isBroken = true;
  const local = await startFor(context, {
    model: () => {
      if (isBroken) throw Object.assign(new Error("Busy."), { name: "ThrottlingException" });
      return "Hi";
    },
  });
  const body = { system: [textOf(1500), point()], messages: [say("user", { text: "Hello" })] };
  assert.equal((await call({ url: local.url, body })).status, 429);
  isBroken = false;
  const usage = async (): Promise<Record<string, unknown>> =>
    jsonOf(await call({ url: local.url, body }))["usage"] as Record<string, unknown>;
  assert.equal((await usage())["cacheWriteInputTokens"], 1500);
  assert.equal((await usage())["cacheReadInputTokens"], 1500);
});

/** A request with points, and one that may go on from it or differ. */
const pair: fc.Arbitrary<[ConverseRequest, ConverseRequest]> = fc
  .tuple(
    plainBody,
    fc.array(fc.constantFrom("system", "tools", "question", "answer", "choice"), { maxLength: 3 }),
  )
  .map(([body, changes]) => {
    const traits = {
      cache: { sections: ["tools", "system", "messages"], ttls: ["5m"], minimumTokens: 1 },
    } as const;
    const next = { ...body };
    for (const change of changes) {
      const messages = next.messages ?? [];
      if (change === "system") next.system = [...(next.system ?? []), { text: "More." }];
      if (change === "tools")
        next.toolConfig = {
          tools: [...(next.toolConfig?.tools ?? []), tool(`more_${changes.length}`)],
        };
      if (change === "choice" && next.toolConfig)
        next.toolConfig = { ...next.toolConfig, toolChoice: { any: {} } };
      if (change === "question") next.messages = [...messages, say("user", { text: "More?" })];
      if (change === "answer") next.messages = [say("user", { text: "First" }), ...messages];
    }
    return [
      { modelId: SONNET, ...placeCachePoints(body, traits) },
      { modelId: SONNET, ...placeCachePoints(next, traits) },
    ];
  });

test("explainCache tells what the endpoint does", () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(pair, ([previous, next]) => {
      const cache = new PromptCache(() => 0);
      const first = cache.use(previous);
      const second = cache.use(next);
      const written = first?.cacheWriteInputTokens ?? 0;
      const read = second?.cacheReadInputTokens ?? 0;
      const { hit, readable } = explainCache(previous, next);
      assert.equal(hit, written > 0 && read === written);
      assert.equal(readable.length > 0, read > 0);
      seen.add(hit);
    }),
    { numRuns: 300 },
  );
  assert.equal(seen.size, 2);
});
