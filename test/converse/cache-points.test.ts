import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitCachePoints } from "../../src/converse/cache-points.ts";
import type { ConverseBody } from "../../src/converse/converse-options.ts";
import type { ContentBlock } from "../../src/core/content.ts";
import type { RequestChange } from "../../src/core/request-change.ts";
import type { ModelTraits } from "../../src/models/model-traits.ts";
import { traitsOf } from "../../src/models/model-traits.ts";
import {
  brokenCacheRules,
  cacheTraits,
  contentOf,
  plainBody,
  point,
  pointsOf,
  tool,
} from "./cache-bodies.ts";

const CLAUDE = traitsOf("anthropic.claude-sonnet-4-5-20250929-v1:0");
const OLDER_CLAUDE = traitsOf("anthropic.claude-sonnet-4-20250514-v1:0");
const NOVA = traitsOf("amazon.nova-pro-v1:0");
const LLAMA = traitsOf("meta.llama4-scout-17b-instruct-v1:0");

/** What becomes of a body, and what is said about it: kind, rule and path. */
function fit(
  body: ConverseBody,
  traits: ModelTraits,
): { body: ConverseBody; said: string[]; changes: RequestChange[] } {
  const changes: RequestChange[] = [];
  const fitted = fitCachePoints(body, traits, (change) => changes.push(change));
  return {
    body: fitted,
    changes,
    said: changes.map(({ kind, rule, path }) => `${kind} ${rule} ${path}`),
  };
}

const user = (...content: ContentBlock[]): { role: "user"; content: ContentBlock[] } => ({
  role: "user",
  content,
});

const EVERYWHERE: ConverseBody = {
  toolConfig: { tools: [tool("look"), point()], toolChoice: { auto: {} } },
  system: [{ text: "Be brief." }, point()],
  messages: [user({ text: "Hello" }, point())],
};

test("legal points stay, and the body is the very same", () => {
  for (const traits of [CLAUDE, {}]) {
    const { body, said } = fit(EVERYWHERE, traits);
    assert.equal(body, EVERYWHERE);
    assert.deepEqual(said, []);
  }
});

test("a model that caches nothing gets no points, and each section is told of once", () => {
  const { body, said } = fit(
    { ...EVERYWHERE, system: [{ text: "a" }, point(), { text: "b" }, point("1h")] },
    LLAMA,
  );
  assert.deepEqual(pointsOf(body), []);
  assert.deepEqual(body.toolConfig, { tools: [tool("look")], toolChoice: { auto: {} } });
  assert.deepEqual(said, [
    "warning cache-refused toolConfig.tools.1",
    "warning cache-refused system.1",
    "warning cache-refused messages.0.content.1",
  ]);
});

test("only the sections that a model caches keep their points", () => {
  const { body, said } = fit(EVERYWHERE, NOVA);
  assert.deepEqual(pointsOf(body), ["system.1", "messages.0.content.1"]);
  assert.deepEqual(said, ["warning cache-refused toolConfig.tools.1"]);
});

test("a ttl that the model does not have is left out, and the point stays", () => {
  const long = { ...EVERYWHERE, system: [{ text: "a" }, point("1h")] };
  const { body, said } = fit({ ...long, toolConfig: { tools: [tool("look")] } }, OLDER_CLAUDE);
  assert.deepEqual(pointsOf(body), ["system.1", "messages.0.content.1"]);
  assert.deepEqual(said, ["warning cache-refused system.1.cachePoint.ttl"]);
});

test("an hour after five minutes becomes five minutes; an hour before them stays", () => {
  const { body, said } = fit(
    {
      toolConfig: { tools: [tool("look"), point("1h")] },
      system: [{ text: "a" }, point("5m")],
      messages: [user({ text: "Hello" }, point("1h"))],
    },
    CLAUDE,
  );
  assert.deepEqual(pointsOf(body), [
    "toolConfig.tools.1 1h",
    "system.1 5m",
    "messages.0.content.1",
  ]);
  assert.deepEqual(said, ["warning cache-ttl-order messages.0.content.1.cachePoint.ttl"]);
});

test("a ttl that follows a point left out is judged without it", () => {
  const { body, said } = fit(
    {
      toolConfig: { tools: [tool("look"), point()] },
      system: [{ text: "a" }, point("1h")],
      messages: [user({ text: "Hello" })],
    },
    { cache: { sections: ["system", "messages"], ttls: ["5m", "1h"] } },
  );
  assert.deepEqual(pointsOf(body), ["system.1 1h"]);
  assert.deepEqual(said, ["warning cache-refused toolConfig.tools.1"]);
});

test("of too many points the last of tools and system stay, and those nearest the end", () => {
  const asked = Array.from({ length: 9 }, (_, index) => ({
    role: index % 2 === 0 ? ("user" as const) : ("assistant" as const),
    content: [{ text: `turn ${index}` }, point()],
  }));
  const { body, said, changes } = fit(
    {
      toolConfig: { tools: [tool("a"), point(), tool("b"), point()] },
      system: [{ text: "a" }, point()],
      messages: asked,
    },
    CLAUDE,
  );
  assert.deepEqual(pointsOf(body), [
    "toolConfig.tools.2",
    "system.1",
    "messages.7.content.1",
    "messages.8.content.1",
  ]);
  assert.deepEqual(said, ["repair cache-points-too-many toolConfig.tools.1"]);
  assert.match(changes[0]?.message ?? "", /8 of 12/);
});

test("one point object in many places is many points", () => {
  const shared = point();
  const messages = Array.from({ length: 6 }, () => user({ text: "Hello" }, shared));
  assert.deepEqual(
    pointsOf(fit({ messages }, {}).body),
    [2, 3, 4, 5].map((index) => `messages.${index}.content.1`),
  );
});

test("lists of nothing but points are left out", () => {
  const { body, said } = fit(
    { toolConfig: { tools: [point()] }, system: [point()], messages: [user({ text: "Hello" })] },
    CLAUDE,
  );
  assert.deepEqual(body, { messages: [user({ text: "Hello" })] });
  assert.deepEqual(said, [
    "warning tools-only-cache-points toolConfig.tools",
    "warning cache-point-first system",
  ]);
  assert.deepEqual(fit({ toolConfig: { tools: [point()] } }, LLAMA), {
    body: {},
    said: ["warning cache-refused toolConfig.tools.0"],
    changes: [
      {
        kind: "warning",
        rule: "cache-refused",
        path: "toolConfig.tools.0",
        message: "The model caches nothing: its cache points are left out.",
      },
    ],
  });
});

/** Points wherever the normaliser may leave one. */
const pointedBody: fc.Arbitrary<ConverseBody> = plainBody.chain((body) =>
  fc
    .infiniteStream(fc.constantFrom(undefined, undefined, point(), point("5m"), point("1h")))
    .map((stream) => {
      const pointed = <Block extends object>(list: readonly Block[]): Block[] =>
        list.flatMap((block) => {
          const next = stream.next().value;
          const isBarrier =
            "reasoningContent" in block ||
            ("document" in block && (block.document as { format: string }).format !== "pdf");
          return next === undefined || isBarrier ? [block] : [block, next as unknown as Block];
        });
      const { toolConfig, system, messages = [] } = body;
      return {
        messages: messages.map((message) => ({ ...message, content: pointed(message.content) })),
        ...(system && { system: pointed(system) }),
        ...(toolConfig && { toolConfig: { tools: pointed(toolConfig.tools) } }),
      };
    }),
);

test("whatever points there are, what is left of them is legal, and the content is untouched", () => {
  fc.assert(
    fc.property(pointedBody, cacheTraits, (body, traits) => {
      const before = JSON.stringify(body);
      const { body: fitted, said } = fit(body, traits);
      assert.equal(JSON.stringify(body), before);
      assert.deepEqual(brokenCacheRules(fitted), []);
      assert.deepEqual(contentOf(fitted), contentOf(body));
      assert.equal(fitted === body, said.length === 0);
      assert.equal(fitCachePoints(fitted, traits), fitted);
      const { cache } = traits;
      if (cache === false) assert.deepEqual(pointsOf(fitted), []);
      if (cache !== undefined && cache !== false && !cache.ttls.includes("1h")) {
        assert.ok(!pointsOf(fitted).some((path) => path.endsWith(" 1h")));
      }
    }),
  );
});
