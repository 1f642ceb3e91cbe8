import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { placeCachePoints } from "../../src/converse/cache-placement.ts";
import { explainCache } from "../../src/converse/explain-cache.ts";
import type { ContentBlock, Message } from "../../src/core/content.ts";
import type { ConverseRequest } from "../../src/core/converse-request.ts";
import { plainBody, point, textOf, tool } from "./cache-bodies.ts";

/** Caches from 512 tokens on. */
const OPUS = "us.anthropic.claude-opus-5";
const say = (role: "user" | "assistant", ...content: ContentBlock[]): Message => ({
  role,
  content,
});

const REQUEST: ConverseRequest = {
  modelId: OPUS,
  toolConfig: { tools: [tool("look", 600), tool("find"), tool("count"), point()] },
  system: [textOf(600), { text: "It is Monday." }, point()],
  messages: [
    say("user", { text: "Hello" }, { text: "What is this?" }),
    say("assistant", { text: "A test." }),
    say("user", { text: "And that?" }, point()),
  ],
};

/** What is said of a change, without the words. */
function explain(next: Partial<ConverseRequest>, previous: ConverseRequest = REQUEST): unknown {
  const { hit, readable, lost, change } = explainCache(previous, next);
  return {
    hit,
    readable,
    lost: lost.map(({ path, reason }) => `${reason} ${path}`),
    change: change && `${change.section} ${change.path}`,
  };
}

const TOOLS = "toolConfig.tools.3";
const SYSTEM = "system.2";
const MESSAGES = "messages.2.content.1";
const HIT = { hit: true, readable: [TOOLS, SYSTEM, MESSAGES], lost: [], change: undefined };
const ALL_CHANGED = [`changed ${TOOLS}`, `changed ${SYSTEM}`, `changed ${MESSAGES}`];

test("the same request again is a hit, and so is one that goes on", () => {
  assert.deepEqual(explain(structuredClone(REQUEST)), HIT);
  const { messages = [] } = structuredClone(REQUEST);
  const longer = [
    ...messages.slice(0, 2),
    say("user", { text: "And that?" }),
    say("assistant", { text: "The same." }),
    say("user", { text: "Thanks." }, point()),
  ];
  assert.deepEqual(explain({ ...REQUEST, messages: longer }), HIT);
  assert.equal(
    explainCache(REQUEST, REQUEST).summary,
    `Hit. All that was written is read, up to ${MESSAGES}.`,
  );
});

test("a request read back from JSON, its bytes as base64, is the same", () => {
  const image: ContentBlock = {
    image: { format: "png", source: { bytes: Uint8Array.of(1, 2, 3) } },
  };
  const request = { ...REQUEST, messages: [say("user", { text: "Look" }, image, point())] };
  const wire = JSON.parse(JSON.stringify(request).replace('{"0":1,"1":2,"2":3}', '"AQID"'));
  assert.equal(explainCache(request, wire).hit, true);
  wire.messages[0].content[1].image.source.bytes = "AQIE";
  assert.deepEqual(explainCache(request, wire).change, {
    section: "messages",
    path: "messages.0.content.1.image.source.bytes",
    message: "The bytes differ.",
  });
});

test("a changed text is named with the place of the change, and the summary says it all", () => {
  const next = { ...REQUEST, system: [textOf(600), { text: "It is Friday." }, point()] };
  const { summary } = explainCache(REQUEST, next);
  assert.deepEqual(explain(next), {
    hit: false,
    readable: [TOOLS],
    lost: [`changed ${SYSTEM}`, `changed ${MESSAGES}`],
    change: "system system.1.text",
  });
  assert.equal(
    summary,
    `Partial hit, up to ${TOOLS} only. system.1.text: The text differs from its character 7 on (it had 13, it has 13).`,
  );
});

test("another model or another profile has a cache of its own", () => {
  const lost = { hit: false, readable: [], lost: ALL_CHANGED, change: "modelId modelId" };
  for (const [modelId, words] of [
    ["us.anthropic.claude-opus-4-8", /^Miss\. modelId: Another model/],
    ["eu.anthropic.claude-opus-5", /^Miss\. modelId: The same model by another id/],
  ] as const) {
    assert.deepEqual(explain({ ...REQUEST, modelId }), lost);
    assert.match(explainCache(REQUEST, { ...REQUEST, modelId }).summary, words);
  }
  const { modelId: _, ...nameless } = REQUEST;
  assert.deepEqual(explain(nameless), HIT);
});

test("tools that are added, removed, moved, renamed or changed are told apart", () => {
  const [look, find, count] = [tool("look", 600), tool("find"), tool("count")];
  const withTools = (...tools: ReturnType<typeof tool>[]): ConverseRequest => ({
    ...REQUEST,
    toolConfig: { tools: [...tools, point()] },
  });
  const changed = {
    toolSpec: {
      ...count.toolSpec,
      name: "count",
      inputSchema: { json: { type: "object", properties: { x: { type: "string" } } } },
    },
  };
  const cases: [ConverseRequest, path: string, message: RegExp][] = [
    [withTools(look, count, find), "toolConfig.tools.1", /another order/],
    [withTools(look, tool("new"), find, count), "toolConfig.tools.1", /“new” was added/],
    [withTools(look, count), "toolConfig.tools.1", /“find” is gone/],
    [withTools(look, find), "toolConfig.tools.2", /is gone/],
    [withTools(look, tool("seek"), count), "toolConfig.tools.1.toolSpec.name", /character 1 on/],
    [
      withTools(look, find, changed),
      "toolConfig.tools.2.toolSpec.inputSchema.json.properties",
      /not there/,
    ],
  ];
  for (const [next, path, message] of cases) {
    const { change, readable } = explainCache(REQUEST, next);
    assert.deepEqual([change?.section, change?.path, readable], ["tools", path, []]);
    assert.match(change?.message ?? "", message);
  }
  // What comes after a point leaves it readable.
  assert.deepEqual(explain(withTools(look, find, count, tool("new"))), {
    hit: false,
    readable: [TOOLS],
    lost: [`changed ${SYSTEM}`, `changed ${MESSAGES}`],
    change: "tools toolConfig.tools.3",
  });
});

test("the order of names counts in the caller's own JSON, and nowhere else", () => {
  const schema = (properties: object): ConverseRequest => ({
    ...REQUEST,
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: "look",
            inputSchema: { json: { type: "object", properties } as never },
          },
        },
        point(),
      ],
    },
  });
  const { change } = explainCache(schema({ a: {}, b: {} }), schema({ b: {}, a: {} }));
  assert.equal(change?.path, "toolConfig.tools.0.toolSpec.inputSchema.json.properties");
  assert.match(change?.message ?? "", /another order/);
  const call = (toolUse: object): ConverseRequest => ({
    ...REQUEST,
    messages: [
      say("user", { text: "a" }),
      say("assistant", { toolUse } as never),
      say("user", { text: "b" }, point()),
    ],
  });
  const first = call({ toolUseId: "1", name: "look", input: { a: 1, b: 2 } });
  assert.equal(
    explainCache(first, call({ name: "look", input: { a: 1, b: 2 }, toolUseId: "1" })).hit,
    true,
  );
  assert.equal(
    explainCache(first, call({ toolUseId: "1", name: "look", input: { b: 2, a: 1 } })).change?.path,
    "messages.1.content.0.toolUse.input",
  );
});

test("settings of Claude that change the prefix break what comes after their place", () => {
  const fields = (value: object): Partial<ConverseRequest> => ({
    additionalModelRequestFields: value as never,
  });
  const { tools } = REQUEST.toolConfig ?? { tools: [] };
  const textFormat = { type: "json_schema" as const, structure: { jsonSchema: { schema: "{}" } } };
  const spared = {
    toolChoice: [TOOLS, SYSTEM],
    thinking: [TOOLS, SYSTEM],
    effort: [TOOLS, SYSTEM],
    textFormat: [TOOLS],
  };
  const cases: [keyof typeof spared, Partial<ConverseRequest>, path: string][] = [
    ["toolChoice", { toolConfig: { tools, toolChoice: { any: {} } } }, "toolConfig.toolChoice"],
    [
      "thinking",
      fields({ thinking: { type: "adaptive" } }),
      "additionalModelRequestFields.thinking",
    ],
    ["effort", { outputConfig: { effort: "low" } }, "outputConfig.effort"],
    [
      "effort",
      fields({ output_config: { effort: "low" } }),
      "additionalModelRequestFields.output_config.effort",
    ],
    ["textFormat", { outputConfig: { textFormat } }, "outputConfig.textFormat"],
  ];
  for (const [section, members, path] of cases) {
    const { readable, change } = explainCache(REQUEST, { ...REQUEST, ...members });
    assert.deepEqual([readable, change?.section, change?.path], [spared[section], section, path]);
  }
  const thinking = (budget_tokens: number): ConverseRequest => ({
    ...REQUEST,
    ...fields({ thinking: { type: "enabled", budget_tokens } }),
  });
  assert.equal(
    explainCache(thinking(2000), thinking(4000)).change?.path,
    "additionalModelRequestFields.thinking.budget_tokens",
  );
  // To choose freely is the same as no choice, and what is no part of the prompt does not count.
  assert.deepEqual(explain({ ...REQUEST, toolConfig: { tools, toolChoice: { auto: {} } } }), HIT);
  assert.deepEqual(
    explain({ ...REQUEST, inferenceConfig: { temperature: 1 }, requestMetadata: { a: "b" } }),
    HIT,
  );
  const nova = { ...REQUEST, modelId: "us.amazon.nova-pro-v1:0" };
  assert.equal(
    explainCache(nova, { ...nova, toolConfig: { tools, toolChoice: { any: {} } } }).hit,
    true,
  );
});

test("blocks and messages that come, go or change hands are told apart", () => {
  const { messages = [] } = REQUEST;
  const [question, answer, last] = messages as [Message, Message, Message];
  const cases: [Message[], path: string, message: RegExp][] = [
    [[answer, last], "messages.0.role", /another role/],
    [
      [{ ...question, content: question.content.slice(0, 1) }, answer, last],
      "messages.0.content.1",
      /is gone from/,
    ],
    [
      [{ ...question, content: [...question.content, { text: "!" }] }, answer, last],
      "messages.0.content.2",
      /was added to/,
    ],
    [
      [question, say("assistant", { image: {} } as never), last],
      "messages.1.content.0",
      /another kind/,
    ],
    [[question, answer], "messages.2.content.0", /is gone/],
  ];
  for (const [changed, path, message] of cases) {
    const { change, readable } = explainCache(REQUEST, { ...REQUEST, messages: changed });
    assert.deepEqual([change?.path, readable], [path, [TOOLS, SYSTEM]]);
    assert.match(change?.message ?? "", message);
  }
});

test("without a point there is nothing to write, or nothing to read from", () => {
  const { toolConfig: _, ...rest } = REQUEST;
  const messages = [say("user", { text: "Hello" })];
  const plain = { ...rest, system: [textOf(600)], messages };
  assert.deepEqual(explain(REQUEST, plain), {
    hit: false,
    readable: [],
    lost: [],
    change: undefined,
  });
  assert.match(
    explainCache(plain, REQUEST).summary,
    /^Miss\. The previous request has no cache point/,
  );
  const pointed = { ...plain, system: [textOf(600), point()] };
  assert.deepEqual(explain(plain, pointed), {
    hit: false,
    readable: [],
    lost: ["not-read system.1"],
    change: undefined,
  });
  assert.match(
    explainCache(pointed, plain).summary,
    /^Miss\. system\.1: The next request has no cache point/,
  );
  const early = { ...plain, system: [{ text: "a" }, point(), textOf(600)] };
  const late = { ...plain, system: [{ text: "a" }, textOf(600), point()] };
  assert.deepEqual(explain(early, late), {
    hit: false,
    readable: [],
    lost: ["not-read system.2"],
    change: undefined,
  });
});

test("a prefix below the minimum is a miss that nothing is said about", () => {
  const asking = (tokens: number): ConverseRequest => ({
    modelId: OPUS,
    system: [textOf(tokens), point()],
  });
  assert.equal(explainCache(asking(512), asking(512)).hit, true);
  const { hit, lost, summary } = explainCache(asking(511), asking(511));
  assert.deepEqual([hit, lost.map(({ reason }) => reason)], [false, ["too-short"]]);
  assert.match(summary, /About 511 tokens .* shorter than 512/);
  // A short prefix is read as part of a longer one.
  const both = { ...asking(511), system: [textOf(400), point(), textOf(400), point()] };
  assert.deepEqual(explain(both, both), {
    hit: true,
    readable: ["system.1", "system.3"],
    lost: [],
    change: undefined,
  });
});

test("the service looks back over twenty places", () => {
  const growing = (blocks: number): ConverseRequest => ({
    modelId: OPUS,
    system: [textOf(600)],
    messages: [
      say("user", ...Array.from({ length: blocks }, (_, index) => ({ text: `${index}` })), point()),
    ],
  });
  assert.equal(explainCache(growing(10), growing(29)).hit, true);
  const far = explainCache(growing(10), growing(30));
  assert.deepEqual([far.hit, far.lost.map(({ reason }) => reason)], [false, ["too-far"]]);
  assert.match(far.summary, /20 blocks away, at messages\.0\.content\.30/);
});

test("a model or a section without caching is named", () => {
  const llama = { ...REQUEST, modelId: "meta.llama4-scout-17b-instruct-v1:0" };
  assert.match(explainCache(llama, llama).summary, /^Miss\. .*: The model caches nothing\.$/);
  const nova = { ...REQUEST, modelId: "amazon.nova-pro-v1:0" };
  assert.deepEqual(explain(nova, nova), {
    hit: true,
    readable: [SYSTEM, MESSAGES],
    lost: [`not-cached ${TOOLS}`],
    change: undefined,
  });
});

test("what is no request is refused, and what has no shape is passed over", () => {
  for (const value of [undefined, null, 1, [], "x"]) {
    assert.throws(() => explainCache(value as never, REQUEST), TypeError);
    assert.throws(() => explainCache(REQUEST, value as never), TypeError);
  }
  const shapeless = { messages: [1, { content: [2] }], toolConfig: { tools: "a" } };
  assert.equal(explainCache(shapeless as never, REQUEST).hit, false);
});

test("the names of arguments and results are the prompt's, and not told", () => {
  const asked = (input: object) => ({
    modelId: "anthropic.claude-opus-4-8",
    messages: [
      { role: "user" as const, content: [{ text: "q ".repeat(9000) }] },
      { role: "assistant" as const, content: [{ toolUse: { toolUseId: "1", name: "a", input } }] },
      {
        role: "user" as const,
        content: [
          { toolResult: { toolUseId: "1", content: [{ text: "x" }] } },
          { cachePoint: { type: "default" as const } },
        ],
      },
    ],
  });
  const explained = explainCache(asked({ a: 1 }) as never, asked({ a: 1, canary: 2 }) as never);
  assert.equal(explained.change?.path, "messages.1.content.0.toolUse.input");
  assert.doesNotMatch(JSON.stringify(explained), /canary/);
});

test("what explainRequest returned is explained as its request", () => {
  const explained = { modelId: REQUEST.modelId, request: REQUEST, changes: [] };
  assert.deepEqual(explainCache(explained, explained), explainCache(REQUEST, REQUEST));
});

test("JSON without a bottom is refused, whichever form the request has", () => {
  const deep = (bottom: number): object => {
    let value: object = { bottom };
    for (let level = 0; level < 20_000; level++) value = { value };
    return value;
  };
  const asked = (input: object) => ({
    ...REQUEST,
    system: [],
    messages: [
      { role: "user", content: [{ text: "q" }] },
      { role: "assistant", content: [{ toolUse: { toolUseId: "1", name: "a", input } }] },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "1", content: [{ text: "x" }] } },
          { cachePoint: { type: "default" } },
        ],
      },
    ],
  });
  const expected = { name: "TypeError", message: /nested too deeply|nested too deep/ };
  assert.throws(() => explainCache(asked(deep(1)) as never, asked(deep(2)) as never), expected);
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const options = { messages: "x", additionalModelRequestFields: circle };
  assert.throws(() => explainCache(options, REQUEST), expected);
});

test("a stated model is the one whose minimum counts", () => {
  const modelId = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";
  const systemPrompt = ["x".repeat(4 * 2000), { cachePoint: { type: "default" as const } }];
  const asked = { modelId, systemPrompt, messages: "q" };
  assert.equal(explainCache(asked, asked).hit, true);
  const stated = { ...asked, baseModelId: "anthropic.claude-opus-4-5-20251101-v1:0" };
  assert.equal(explainCache(stated, stated).lost[0]?.reason, "too-short");
});

/** A conversation whose points are long enough, all but perhaps that of the tools. */
const cached: fc.Arbitrary<ConverseRequest> = plainBody
  .map(({ system = [], ...body }) =>
    placeCachePoints(
      { ...body, system: [textOf(600), ...system] },
      { cache: { sections: ["tools", "system", "messages"], ttls: ["5m"], minimumTokens: 1 } },
    ),
  )
  .map((body) => ({ modelId: OPUS, ...body }));

test("equal requests are a hit", () => {
  fc.assert(
    fc.property(cached, (request) => {
      const { hit, lost, change } = explainCache(request, structuredClone(request));
      assert.deepEqual([hit, lost, change], [true, [], undefined]);
    }),
  );
});

/** Every text and every run of bytes before the last point, by its path. */
function leavesOf(request: ConverseRequest): string[] {
  const leaves: string[] = [];
  let lastPoint = 0;
  const walk = (value: unknown, path: string): void => {
    if (path.endsWith(".cachePoint")) lastPoint = leaves.length;
    else if (typeof value === "string" || value instanceof Uint8Array) leaves.push(path);
    else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) walk(member, `${path}.${name}`);
    }
  };
  walk(request.toolConfig?.tools ?? [], "toolConfig.tools");
  walk(request.system, "system");
  walk(request.messages, "messages");
  return leaves.slice(0, lastPoint);
}

/** A copy in which nothing is shared, as `structuredClone` would leave it. */
function copyOf<Value>(value: Value): Value {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, copyOf(member)]),
  ) as Value;
}

/** Changes a leaf. */
function change(request: ConverseRequest, path: string): ConverseRequest {
  const copy = copyOf(request);
  const names = path.split(".");
  const last = names.pop() ?? "";
  let holder = copy as unknown as Record<string, unknown>;
  for (const name of names) holder = holder[name] as Record<string, unknown>;
  const leaf = holder[last];
  holder[last] = typeof leaf === "string" ? `${leaf}canary` : Uint8Array.of(9, 9, 9);
  return copy;
}

test("any one change before the last point is named, and nothing after it is read", () => {
  fc.assert(
    fc.property(
      cached.chain((request) =>
        fc.tuple(fc.constant(request), fc.constantFrom(...leavesOf(request))),
      ),
      ([request, path]) => {
        const next = change(request, path);
        const explanation = explainCache(request, next);
        assert.equal(explanation.hit, false);
        assert.equal(explanation.change?.path, path);
        assert.equal(explainCache(next, request).change?.path, path);
        const section = path.split(".")[0];
        const order = ["toolConfig", "system", "messages"];
        for (const readable of explanation.readable) {
          assert.ok(order.indexOf(readable.split(".")[0] ?? "") <= order.indexOf(section ?? ""));
        }
        assert.ok(!JSON.stringify(explanation).includes("canary"));
      },
    ),
    { numRuns: 300 },
  );
});

test("options are explained as the requests that they become", () => {
  const systemPrompt = "Be brief. ".repeat(2000);
  const asked = { modelId: "general", systemPrompt, maxTokens: 5, messages: "Hi" };
  assert.equal(explainCache(asked, { ...asked, messages: "Bye" }).hit, true);
  const changed = explainCache(asked, { ...asked, systemPrompt: `Today. ${systemPrompt}` });
  assert.equal(changed.hit, false);
  assert.equal(changed.change?.path, "system.0.text");
  assert.throws(() => explainCache({ ...asked, messages: [] }, asked), TypeError);
});
