import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { MAX_OUTPUT_BYTES } from "../../src/tools/cut-text.ts";
import {
  type ToolResultContent,
  toErrorContent,
  toErrorMessage,
  toResultContent,
} from "../../src/tools/result-content.ts";

const IMAGE = { image: { format: "png", source: { bytes: new Uint8Array([1]) } } };
const DOCUMENT = { document: { name: "a", source: { text: "words" } } };
const VIDEO = { video: { format: "mp4", source: { s3Location: { uri: "s3://bucket/key" } } } };
const FOUND = { searchResult: { source: "a", title: "b", content: [{ text: "c" }] } };

const text = (given: string) => [{ text: given }];
const json = (given: unknown) => [{ json: given }];

for (const [what, value, content] of [
  ["a text", "sunny", text("sunny")],
  ["an empty text", "", text("(no output)")],
  ["blank text", "\n ", text("(no output)")],
  ["undefined", undefined, text("(no output)")],
  ["null", null, text("null")],
  ["false", false, text("false")],
  ["0", 0, text("0")],
  ["an object", { temperature: 72 }, json({ temperature: 72 })],
  ["an empty object", {}, json({})],
  ["a list of data", [1, { a: null }], text('[1,{"a":null}]')],
  ["an empty list", [], text("[]")],
  ["a date", new Date(0), text('"1970-01-01T00:00:00.000Z"')],
  ["a member that is undefined", { a: undefined }, json({})],
  [
    "content blocks",
    [{ text: "a" }, { json: { b: 1 } }, IMAGE],
    [{ text: "a" }, { json: { b: 1 } }, IMAGE],
  ],
  ["a content block of a list", [{ json: [1] }], text("[1]")],
  ["a content block without text", [{ text: "" }], text("(no output)")],
  ["an image", IMAGE, [IMAGE]],
  ["a document", DOCUMENT, [DOCUMENT]],
  ["a video", [VIDEO], [VIDEO]],
  ["a search result", [FOUND], [FOUND]],
  // Data that only looks like content.
  ["an object with a text", { text: "a" }, json({ text: "a" })],
  ["an object with JSON", { json: { a: 1 } }, json({ json: { a: 1 } })],
  ["rows with a text and more", [{ text: "a", id: 1 }], text('[{"text":"a","id":1}]')],
  ["rows of which one is no block", [{ text: "a" }, { id: 1 }], text('[{"text":"a"},{"id":1}]')],
  ["rows whose text is none", [{ text: 1 }], text('[{"text":1}]')],
  ["an image of another interface", { image: { url: "u" } }, json({ image: { url: "u" } })],
  [
    "an image that has its source elsewhere",
    [{ image: { source: { url: "u" } } }],
    text('[{"image":{"source":{"url":"u"}}}]'),
  ],
  ["rows about documents", [{ document: { id: 7 } }], text('[{"document":{"id":7}}]')],
  [
    "a search result of another kind",
    { searchResult: { hits: 2 } },
    json({ searchResult: { hits: 2 } }),
  ],
  [
    "a list with a hole among blocks",
    Object.assign(new Array(3), { 0: { text: "a" }, 2: { text: "b" } }),
    text('[{"text":"a"},null,{"text":"b"}]'),
  ],
] as const) {
  test(`${what} is shown as it is meant`, () => {
    assert.deepEqual(toResultContent(value), { content, status: "success" });
  });
}

const thrower = (): never => {
  throw new Error("canary");
};

const hostileProxy = new Proxy(
  {},
  {
    get: thrower,
    getOwnPropertyDescriptor: thrower,
    getPrototypeOf: thrower,
    has: thrower,
    ownKeys: thrower,
  },
);

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}

for (const [what, value, message] of [
  ["an error", new TypeError("There is no such city."), "Error: There is no such city."],
  ["an error of another realm", runInNewContext("new Error('elsewhere')"), "Error: elsewhere"],
  ["a BigInt", { id: 1n }, "The tool returned a BigInt, which cannot be written as JSON."],
  ["a function", () => 1, "The tool returned a function, which cannot be written as JSON."],
  ["NaN", [Number.NaN], "The tool returned the number NaN, which cannot be written as JSON."],
  [
    "a promise in an object",
    { later: Promise.resolve() },
    "The tool returned a promise, which cannot be written as JSON.",
  ],
  [
    "a Map in a content block",
    [{ json: new Map() }],
    "The tool returned a Map, which cannot be written as JSON.",
  ],
  [
    "a getter that throws",
    {
      get a() {
        return thrower();
      },
    },
    "The tool returned something that cannot be written as JSON.",
  ],
  [
    "toJSON that throws",
    { toJSON: thrower },
    "The tool returned something that cannot be written as JSON.",
  ],
  [
    "a proxy that throws",
    hostileProxy,
    "The tool returned something that cannot be written as JSON.",
  ],
  [
    "a proxy that throws in an object",
    { a: hostileProxy },
    "The tool returned something that cannot be written as JSON.",
  ],
  [
    "a proxy that was revoked",
    revoked(),
    "The tool returned something that cannot be written as JSON.",
  ],
  [
    "media with a function in them",
    [{ image: { format: "png", source: { bytes: thrower } } }],
    "The tool returned something that cannot be written as JSON.",
  ],
] as const) {
  test(`${what} is an error that the model can read`, () => {
    assert.deepEqual(toResultContent(value), { content: text(message), status: "error" });
  });
}

test("whatever a tool returns, the model gets content that is visible and bounded", () => {
  const values = [
    fc.string(),
    fc.double(),
    fc.bigInt(),
    fc.constant(Symbol("a")),
    fc.func(fc.nat()),
    fc.constant(IMAGE),
  ];
  const value = fc.object({
    withBigInt: true,
    withMap: true,
    withSet: true,
    withDate: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
    key: fc.constantFrom("text", "json", "image", "source", "bytes", "toJSON", "then", "__proto__"),
    values: values.map((each) => each as fc.Arbitrary<unknown>),
  });
  fc.assert(
    fc.property(fc.oneof(value, fc.array(value)), (returned) => {
      const { content } = toResultContent(returned);
      assert.notEqual(content.length, 0);
      for (const block of content) {
        assert.equal(Object.keys(block).length, 1);
        assert.notEqual(block.text?.trim(), "");
      }
    }),
  );
});

test("a tool that changes what it has returned does not change its result", () => {
  const value = { list: [1] };
  const blocks = [
    { text: "a" },
    { json: value },
    { image: { format: "png", source: { bytes: new Uint8Array([1]) } } },
  ];
  const results = [toResultContent(value), toResultContent(blocks)];
  const before = structuredClone(results);
  value.list.push(2);
  blocks[2]?.image?.source.bytes.fill(9);
  blocks.pop();
  assert.deepEqual(results, before);
});

class Silent extends Error {
  override get message(): string {
    return thrower();
  }
}

for (const [what, thrown, message] of [
  ["an error", new RangeError(" too far \n"), "too far"],
  ["an error of another realm", runInNewContext("new Error('elsewhere')"), "elsewhere"],
  ["an error without message", new RangeError(), "RangeError"],
  ["a DOMException", new DOMException("gone", "AbortError"), "gone"],
  ["an AggregateError", new AggregateError([new Error("a")], "several"), "several"],
  ["an AggregateError without message", new AggregateError([new Error("a"), "b", 1, null]), "a; b"],
  ["an AggregateError of many", new AggregateError("abcdefgh"), "a; b; c; d; e"],
  ["an AggregateError of nothing", new AggregateError([]), "AggregateError"],
  ["a text", "no luck", "no luck"],
  ["an object with a message", { message: "no luck", stack: "at canary" }, "no luck"],
  ["blank text", " ", undefined],
  ["an object with blank message", { message: "" }, undefined],
  ["an object with another message", { message: { a: 1 } }, undefined],
  ["undefined", undefined, undefined],
  ["null", null, undefined],
  ["a number", 42, undefined],
  ["a symbol", Symbol("a"), undefined],
  ["an object without prototype", Object.create(null), undefined],
  [
    "an object that throws when it is written",
    { toString: thrower, [Symbol.toPrimitive]: thrower },
    undefined,
  ],
  [
    "an object whose message throws",
    {
      get message() {
        return thrower();
      },
    },
    undefined,
  ],
  ["an error whose message throws", new Silent(), undefined],
  ["an error whose message is no text", Object.assign(new Error(), { message: 7 }), "Error"],
  ["an error whose name is no text", Object.assign(new Error(), { name: 7 }), undefined],
  ["an error without name", Object.assign(new Error(), { name: "" }), undefined],
  ["an error that holds itself", selfish(), undefined],
  ["a proxy that throws", hostileProxy, undefined],
] as const) {
  test(`of ${what} that is thrown the model reads what it says, and nothing else`, () => {
    const expected = message ?? "the tool failed without saying why.";
    assert.equal(toErrorMessage(thrown), `Error: ${expected}`);
  });
}

function selfish(): AggregateError {
  const error = new AggregateError([]);
  error.errors.push(error);
  return error;
}

test("no stack reaches the model", () => {
  const cause = new Error("inner");
  const thrown = [
    new Error("a", { cause }),
    new AggregateError([cause]),
    { message: "a", stack: cause.stack },
  ];
  for (const each of thrown) {
    const told = [
      toErrorContent(toErrorMessage(each)),
      toResultContent(cause),
      toResultContent([{ cause }]),
    ];
    assert.doesNotMatch(JSON.stringify(told), /test\.ts|node:/);
  }
});

test("a huge message is cut like any result", () => {
  const { content, status } = toErrorContent(toErrorMessage(new Error("漢".repeat(1_000_000))));
  const [{ text = "" } = {}] = content;
  assert.equal(status, "error");
  assert.ok(Buffer.byteLength(text) <= MAX_OUTPUT_BYTES, "It is too long.");
  assert.match(text, /^Error: 漢[^[]*\n\[Cut: the first \d+ of 1000000 characters are shown\.\]$/);
});

test("a failure that says nothing is visible", () => {
  assert.deepEqual(toErrorContent(""), { content: text("(no output)"), status: "error" });
});

/** Runs in a process of its own, which has room for the text once, and not for a copy of it. */
async function toldOfHugeText(result: string): Promise<string> {
  const script = `
    import { toErrorContent, toErrorMessage, toResultContent } from "./src/tools/result-content.ts";
    const text = Buffer.alloc(100_000_000, "a").toString("latin1");
    const { content } = ${result};
    console.log(content.length, content.at(-1).text.length, content.at(-1).text.slice(-70));
  `;
  const flags = ["--max-old-space-size=80", "--import", "tsx", "--input-type=module"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--eval", script]);
  return stdout;
}

for (const [what, result, expected] of [
  ["returned", "toResultContent(text)", /^1 2620\d\d .*262016 of 100000000 characters/s],
  [
    "returned in an object",
    "toResultContent({ a: [{ text }] })",
    /^1 2620\d\d .*262016 characters/s,
  ],
  [
    "returned in blocks",
    "toResultContent([{ text: 'a' }, { json: { text } }, { text }])",
    /^2 2620\d\d .*262015 characters/s,
  ],
  [
    "an error's message",
    "toErrorContent(toErrorMessage(new Error(text)))",
    /^1 2620\d\d .*262009 of 100000000 characters/s,
  ],
] as const) {
  test(`a text of 100 MB that is ${what} takes no memory for another one`, async () => {
    assert.match(await toldOfHugeText(result), expected);
  });
}

/** Long texts may be kept outside of the heap. */
function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("a result does not keep what was cut off in memory", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const results: ToolResultContent[] = [];
  collect();
  const before = usedBytes();
  for (let count = 0; count < 40; count++) {
    const long = Buffer.alloc(5_000_000, "a").toString("latin1");
    results.push(toResultContent(long), toResultContent({ long }));
  }
  collect();
  const keptBytes = usedBytes() - before;
  assert.ok(keptBytes < 100_000_000, `${keptBytes} of 200,000,000 bytes`);
});
