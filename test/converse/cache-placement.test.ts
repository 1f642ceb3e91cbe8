import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { placeCachePoints } from "../../src/converse/cache-placement.ts";
import { fitCachePoints } from "../../src/converse/cache-points.ts";
import type { ConverseBody } from "../../src/converse/converse-options.ts";
import type { ContentBlock, Message } from "../../src/core/content.ts";
import { findIssues } from "../../src/messages/check-request.ts";
import { traitsOf } from "../../src/models/model-traits.ts";
import {
  brokenCacheRules,
  cacheTraits,
  contentOf,
  conversation,
  document,
  plainBody,
  point,
  pointsOf,
  textOf,
  tool,
} from "./cache-bodies.ts";

/** Its minimum is 1,024 tokens. */
const CLAUDE = traitsOf("anthropic.claude-sonnet-4-5-20250929-v1:0");
const NOVA = traitsOf("amazon.nova-pro-v1:0");

const say = (role: "user" | "assistant", ...content: ContentBlock[]): Message => ({
  role,
  content,
});
const LONG = textOf(1500);
const SHORT = { text: "Hello" };

const placesIn = (body: ConverseBody, traits = CLAUDE): string[] =>
  pointsOf(placeCachePoints(body, traits));

test("a conversation gets points after tools, instructions and the last two user messages", () => {
  const body: ConverseBody = {
    toolConfig: { tools: [tool("look", 1500)] },
    system: [LONG],
    messages: [
      say("user", SHORT),
      say("assistant", SHORT),
      say("user", SHORT),
      say("assistant", SHORT),
      say("user", SHORT),
    ],
  };
  assert.deepEqual(placesIn(body), [
    "toolConfig.tools.1",
    "system.1",
    "messages.2.content.1",
    "messages.4.content.1",
  ]);
  assert.deepEqual(placesIn(body, NOVA), [
    "system.1",
    "messages.2.content.1",
    "messages.4.content.1",
  ]);
});

test("a single question is not written to the cache, with a beginning of its answer or without", () => {
  assert.deepEqual(placesIn({ messages: [say("user", LONG)] }), []);
  assert.deepEqual(placesIn({ messages: [say("user", LONG), say("assistant", SHORT)] }), []);
  assert.deepEqual(placesIn({ system: [LONG], messages: [say("user", LONG)] }), ["system.1"]);
});

test("short prefixes get no point; sections add up", () => {
  const messages = [say("user", SHORT), say("assistant", SHORT), say("user", LONG)];
  assert.deepEqual(placesIn({ system: [textOf(100)], messages }), ["messages.2.content.1"]);
  const tools = { toolConfig: { tools: [tool("look", 600)] } };
  assert.deepEqual(placesIn({ ...tools, system: [textOf(600)], messages: [say("user", SHORT)] }), [
    "system.1",
  ]);
  assert.deepEqual(placesIn({ system: [textOf(1024)] }), ["system.1"]);
  assert.deepEqual(placesIn({ system: [textOf(1023)] }), []);
  const unknownMinimum = { cache: { sections: ["system"], ttls: ["5m"] } } as const;
  assert.deepEqual(placesIn({ system: [textOf(1024)] }, unknownMinimum), ["system.1"]);
  assert.deepEqual(placesIn({ system: [textOf(1023)] }, unknownMinimum), []);
});

test("a medium counts the same whatever its size", () => {
  const bytes = new Uint8Array(5_000_000);
  const image: ContentBlock = { image: { format: "png", source: { bytes } } };
  const turns = (...content: ContentBlock[]): Message[] => [
    say("user", ...content),
    say("assistant", SHORT),
    say("user", SHORT),
  ];
  assert.deepEqual(placesIn({ messages: turns(image) }), []);
  assert.deepEqual(placesIn({ messages: turns(image, image) }), [
    "messages.0.content.2",
    "messages.2.content.1",
  ]);
});

test("a point goes before documents at the end that are no PDF, or nowhere", () => {
  const turns = (...content: ContentBlock[]): Message[] => [
    say("user", LONG),
    say("assistant", SHORT),
    say("user", ...content),
  ];
  const csv = document("csv");
  assert.deepEqual(placesIn({ messages: turns(SHORT, document("pdf")) }), [
    "messages.0.content.1",
    "messages.2.content.2",
  ]);
  assert.deepEqual(placesIn({ messages: turns(SHORT, csv, csv) }), [
    "messages.0.content.1",
    "messages.2.content.1",
  ]);
  assert.deepEqual(placesIn({ messages: turns(csv) }), ["messages.0.content.1"]);
});

test("nothing is placed for a model that is not known to cache, or beside a caller's point", () => {
  const messages = [say("user", LONG), say("assistant", SHORT), say("user", SHORT)];
  const body = { system: [LONG], messages };
  assert.equal(placeCachePoints(body, {}), body);
  assert.equal(placeCachePoints(body, { cache: false }), body);
  for (const own of [
    { ...body, system: [SHORT, point()] },
    { ...body, toolConfig: { tools: [tool("look"), point()] } },
    { ...body, messages: [say("user", LONG, point()), ...messages.slice(1)] },
  ]) {
    assert.equal(placeCachePoints(own, CLAUDE), own);
  }
});

test("a circle in a tool's input has an end", () => {
  const input: { circle: unknown[] } = { circle: [] };
  input.circle.push(input, input);
  const toolUse = { toolUseId: "1", name: "look", input: input as never };
  const messages = [say("user", SHORT), say("assistant", { toolUse }), say("user", SHORT)];
  assert.equal(placesIn({ messages }).length, 0);
});

test("each place gets a point object of its own", () => {
  const placed = placeCachePoints(
    { system: [LONG], messages: [say("user", SHORT), say("assistant", SHORT), say("user", SHORT)] },
    CLAUDE,
  );
  assert.notEqual(placed.system?.[1]?.cachePoint, placed.messages?.[0]?.content[1]?.cachePoint);
});

test("placed points are legal, few, and all that is added", () => {
  let placedPoints = 0;
  fc.assert(
    fc.property(plainBody, cacheTraits, (body, traits) => {
      const before = JSON.stringify(body);
      const placed = placeCachePoints(body, traits);
      assert.equal(JSON.stringify(body), before);
      assert.deepEqual(brokenCacheRules(placed), []);
      assert.deepEqual(
        findIssues(placed).map(({ rule }) => rule),
        findIssues(body).map(({ rule }) => rule),
      );
      assert.deepEqual(contentOf(placed), body);
      assert.ok(pointsOf(placed).length <= 4);
      assert.equal(placed === body, pointsOf(placed).length === 0);
      assert.equal(fitCachePoints(placed, traits), placed);
      placedPoints += pointsOf(placed).length;
    }),
  );
  assert.ok(placedPoints > 0);
});

test("what one call wrote, the next and longer one reads: a point stands where the last one stood", () => {
  const traits = { cache: { sections: ["messages"], ttls: ["5m"], minimumTokens: 1 } } as const;
  fc.assert(
    fc.property(conversation, conversation, (earlier, added) => {
      const asked = earlier.at(-1)?.role === "user" ? earlier : earlier.slice(0, -1);
      const longer = [...asked, say("assistant", SHORT), ...added.slice(0, 1)];
      const first = placeCachePoints({ messages: asked }, traits);
      const second = placeCachePoints({ messages: longer }, traits);
      const kept = contentOf(second).messages?.slice(0, asked.length);
      assert.equal(JSON.stringify(kept), JSON.stringify(contentOf(first).messages));
      const written = pointsOf(first).at(-1);
      if (written !== undefined) assert.ok(pointsOf(second).includes(written));
    }),
  );
});
