// JSON as far as it has come: by law for any value and any cuts, and where it is no JSON at all.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { PartialJson } from "../../src/client/object/partial-json.ts";
import type { JsonValue } from "../../src/core/json.ts";

type JsonObject = { [name: string]: JsonValue };

/** An own member whatever it is called, `__proto__` too. */
const names = fc.oneof(
  fc.string({ unit: "binary", maxLength: 5 }),
  fc.constantFrom("__proto__", "constructor", "0", "1", "", '"', "\\"),
);
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);
const scalars = fc.oneof(
  texts,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const { value: values } = fc.letrec<{ value: JsonValue; members: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: "medium" },
    scalars,
    fc.array(tie("value"), { maxLength: 5 }),
    tie("members"),
  ),
  members: fc
    .array(fc.tuple(names, tie("value")), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries)),
}));
const objects = fc.array(fc.tuple(names, values), { maxLength: 6 }).map(
  // Unlike an assignment, this makes a member of any name.
  (entries): JsonObject => Object.fromEntries(entries),
);

/** The pieces between the places. */
function cut(text: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return [...ends, text.length].map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

/** Whether `view` is how `whole` may look before its end. */
function isPrefix(view: JsonValue | undefined, whole: JsonValue | undefined): boolean {
  if (typeof view === "string") return typeof whole === "string" && whole.startsWith(view);
  if (Array.isArray(view)) {
    return (
      Array.isArray(whole) &&
      view.length <= whole.length &&
      view.every((item, index) =>
        index === view.length - 1 ? isPrefix(item, whole[index]) : isSame(item, whole[index]),
      )
    );
  }
  if (typeof view === "object" && view !== null) {
    if (typeof whole !== "object" || whole === null || Array.isArray(whole)) return false;
    const differing = Object.keys(view).filter(
      (name) => !Object.hasOwn(whole, name) || !isSame(view[name], whole[name]),
    );
    const [last] = differing;
    return last === undefined || (differing.length === 1 && isPrefix(view[last], whole[last]));
  }
  return view === whole;
}

function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isFrozenDeep(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenDeep);
}

/** Every view that the pieces give. */
function viewsOf(pieces: readonly string[]): JsonValue[] {
  const json = new PartialJson();
  const views: JsonValue[] = [];
  for (const piece of pieces) {
    json.add(piece);
    if (json.isNew) views.push(json.view() as JsonValue);
  }
  return views;
}

test("any object in any pieces: each view is a beginning of it, and the last is all of it", () => {
  fc.assert(
    fc.property(
      objects,
      fc.array(fc.nat(), { maxLength: 40 }),
      fc.constantFrom(undefined, 1, "\t"),
      (object, places, space) => {
        const text = JSON.stringify(object, null, space);
        const views = viewsOf(cut(text, places));
        const whole = JSON.parse(text) as JsonValue;
        let before: JsonValue | undefined;
        for (const view of views) {
          assert.ok(isPrefix(view, whole), `${JSON.stringify(view)} of ${text}`);
          assert.ok(before === undefined || isPrefix(before, view));
          assert.ok(isFrozenDeep(view));
          assert.notEqual(JSON.stringify(view), JSON.stringify(before), "something is new");
          before = view;
        }
        assert.deepEqual(before, whole);
      },
    ),
    { numRuns: 1000 },
  );
});

test("any object by single characters shows each of them that changes it", () => {
  fc.assert(
    fc.property(objects, (object) => {
      const text = JSON.stringify(object);
      const views = viewsOf([...text].flatMap((character) => character.split("")));
      assert.ok(views.length >= Object.keys(object).length);
      assert.deepEqual(views.at(-1), JSON.parse(text));
    }),
  );
});

describe("what is not complete", () => {
  const seen = (...pieces: string[]): unknown => viewsOf(pieces).at(-1);

  test("strings are shown as far as they go, and never with half a character", () => {
    assert.deepEqual(seen('{"a":"'), { a: "" });
    assert.deepEqual(seen('{"a":"he\\n'), { a: "he\n" });
    assert.deepEqual(seen('{"a":"he\\'), { a: "he" });
    assert.deepEqual(seen('{"a":"he\\u00'), { a: "he" });
    assert.deepEqual(seen('{"a":"😀"'), { a: "😀" });
    assert.deepEqual(seen('{"a":"x\ud83d'), { a: "x" });
    assert.deepEqual(seen('{"a":"x\ud83d', "\ude00"), { a: "x😀" });
    assert.deepEqual(seen('{"a":"x\\ud83d'), { a: "x" });
  });

  test("numbers are shown when something follows them, literals when they are whole", () => {
    assert.deepEqual(seen('{"a":12'), {});
    assert.deepEqual(seen('{"a":12', "3"), {});
    assert.deepEqual(seen('{"a":12', "3 "), { a: 123 });
    assert.deepEqual(seen('{"a":[1,-2.5e', "3]"), { a: [1, -2500] });
    assert.deepEqual(seen('{"a":tr'), {});
    assert.deepEqual(seen('{"a":tr', "ue"), { a: true });
    assert.deepEqual(seen('{"a":null'), { a: null });
  });

  test("names are shown with their value", () => {
    assert.deepEqual(seen('{"a":1,"lon'), { a: 1 });
    assert.deepEqual(seen('{"a":1,"long":'), { a: 1 });
    assert.deepEqual(seen('{"a":1,"long":{'), { a: 1, long: {} });
  });

  test("text around the object is passed over", () => {
    assert.deepEqual(seen("Here it is:\n```js", 'on\n{"a":', "[1]}", "\n```\nThat {is} all."), {
      a: [1],
    });
    assert.deepEqual(viewsOf(["[1, 2]"]), []);
    assert.deepEqual(viewsOf(["no object here"]), []);
  });

  test("from what is no JSON on, nothing more is shown", () => {
    for (const wrong of [
      "{'a': 1}",
      '{"a" 1}',
      '{"a": }',
      '{"a": truth}',
      '{"a": 01}',
      '{"a": +1}',
      '{"a": "\\x"}',
      '{"a": "\n"}',
      '{"a": [1,]}',
      '{"a": 1,}',
      '{"a": [1}}',
      '{"a": undefined}',
      '{,"a": 1}',
    ]) {
      const pieces = [...wrong, ', "b": "canary"}'];
      assert.ok(!JSON.stringify(viewsOf(pieces)).includes("canary"), wrong);
      assert.throws(() => JSON.parse(wrong), SyntaxError);
    }
    assert.deepEqual(viewsOf([`{"a":${"[".repeat(2000)}`]), []);
  });

  test("__proto__ is data", () => {
    const view = seen('{"__proto__":{"polluted":1},"b":{"__proto__":"x') as JsonObject;
    assert.deepEqual(Object.keys(view), ["__proto__", "b"]);
    assert.equal(Object.getPrototypeOf(view), Object.prototype);
    assert.deepEqual(Object.keys(view["b"] as JsonObject), ["__proto__"]);
    assert.equal(({} as JsonObject)["polluted"], undefined);
  });
});

test("the work of all views is linear in the text", () => {
  const work = (items: number): { views: number; copied: number; length: number } => {
    const json = new PartialJson();
    const text = JSON.stringify({ items: Array.from({ length: items }, (_, id) => ({ id })) });
    let views = 0;
    let copied = 0;
    for (let at = 0; at < text.length; at += 100) {
      json.add(text.slice(at, at + 100));
      if (!json.isNew) continue;
      views += 1;
      copied += ((json.view() as JsonObject)["items"] as JsonValue[]).length;
    }
    return { views, copied, length: text.length };
  };
  const [small, large] = [work(5_000), work(80_000)];
  assert.ok(small.views > 100 && large.views > small.views);
  for (const { copied, length } of [small, large]) assert.ok(copied <= 20 * length);
});
