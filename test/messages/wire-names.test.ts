// Tool names and ids on the wire: legal for the model, the same for the same, and reversible.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { WireNames } from "../../src/messages/wire-names.ts";
import type { ModelTraits } from "../../src/models/model-traits.ts";

/** Near to what is legal, so that both sides of the border are met. */
const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 130, unit: fc.constantFrom(..."aZ9_-.: é🔧") }),
  fc.string({ minLength: 1, maxLength: 5, unit: "binary" }),
  fc
    .array(fc.constantFrom("\ud800", "\ud801", "\udc00", "a"), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join("")),
);
const runs = { numRuns: 5000 };

/** Names with those they and others become on the wire, in any order. */
function hostile(toWire: (names: WireNames, given: string) => string, traits: ModelTraits) {
  return fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).chain((given) => {
    const all = new Set(given);
    for (let round = 0; round < 3; round++) {
      const names = new WireNames(traits);
      for (const one of [...all].reverse()) all.add(toWire(names, one));
    }
    return fc.shuffledSubarray([...all], { minLength: all.size });
  });
}

describe("a tool name", () => {
  const models: [title: string, traits: ModelTraits, legal: RegExp][] = [
    ["of any model", {}, /^[a-zA-Z0-9_-]{1,64}$/],
    ["without hyphens", { hyphensInToolNames: false }, /^[a-zA-Z0-9_]{1,64}$/],
  ];
  for (const [title, traits, legal] of models) {
    test(`${title} is legal, stays when it was, and leads back`, () => {
      fc.assert(
        fc.property(name, (given) => {
          const names = new WireNames(traits);
          const sent = names.toolName(given);
          assert.match(sent, legal);
          assert.equal(sent === given, legal.test(given));
          assert.equal(names.givenToolName(sent), given);
          assert.equal(names.isNeeded, sent !== given);
        }),
        runs,
      );
    });

    test(`${title} stays when it was sent before, and depends on nothing else`, () => {
      fc.assert(
        fc.property(name, name, (given, other) => {
          const names = new WireNames(traits);
          names.toolName(other);
          const sent = names.toolName(given);
          assert.equal(new WireNames(traits).toolName(given), sent);
          assert.equal(new WireNames(traits).toolName(sent), sent);
        }),
        runs,
      );
    });
  }

  test("never becomes that of another", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 30 }), (given) => {
        const names = new WireNames({ hyphensInToolNames: false });
        assert.equal(new Set(given.map((one) => names.toolName(one))).size, given.length);
      }),
      { numRuns: 1000 },
    );
  });

  test("looks like what another becomes, and still never becomes that of another", () => {
    const traits = { hyphensInToolNames: false };
    const asked = hostile((names, given) => names.toolName(given), traits);
    fc.assert(
      fc.property(asked, (given) => {
        const names = new WireNames(traits);
        const sent = given.map((one) => names.toolName(one));
        assert.equal(new Set(sent).size, given.length);
        assert.deepEqual(
          sent.map((one) => names.givenToolName(one)),
          given,
        );
        assert.deepEqual(
          given.map((one) => names.toolName(one)),
          sent,
        );
        const again = new WireNames(traits);
        assert.deepEqual(
          sent.map((one) => again.toolName(one)),
          sent,
        );
        for (const one of sent) assert.match(one, /^[a-zA-Z0-9_]{1,64}$/);
      }),
      { numRuns: 1000 },
    );
  });

  test("that is legal stays where it is declared, and the other gets a longer digest", () => {
    const legal = new WireNames({}).toolName("a.b");
    const names = new WireNames({});
    names.declare([legal, "a.b", "c.d"]);
    assert.match(names.toolName("a.b"), new RegExp(`^${legal}[0-9a-f]{8}$`));
    assert.equal(names.toolName(legal), legal);
    assert.equal(names.toolName("c.d"), new WireNames({}).toolName("c.d"));
    assert.equal(names.givenToolName(names.toolName("a.b")), "a.b");
    const undeclared = new WireNames({});
    assert.equal(undeclared.toolName("a.b"), legal);
    assert.match(undeclared.toolName(legal), /^a_b_[0-9a-f]{8}_[0-9a-f]{16}$/);
    assert.equal(undeclared.givenToolName(legal), "a.b");
  });

  test("that a declared tool is sent under means that tool, in a history that was kept as sent", () => {
    const names = new WireNames({});
    names.declare(["a.b"]);
    const sent = names.toolName("a.b");
    assert.equal(names.toolName(sent), sent);
    assert.equal(names.givenToolName(sent), "a.b");
  });

  test("with half a character is told from one with another half", () => {
    const names = new WireNames({});
    assert.notEqual(names.toolName("\ud800"), names.toolName("\ud801"));
    assert.notEqual(names.toolName("\ud800"), names.toolName("\ufffd"));
  });

  test("that the model made up is left as it is", () => {
    const names = new WireNames({});
    names.toolName("a.b");
    assert.equal(names.givenToolName("a_b"), "a_b");
    assert.equal(names.givenToolName("$READ"), "$READ");
  });
});

describe("the id of a call", () => {
  const models: [title: string, traits: ModelTraits, legal: RegExp][] = [
    ["of any model", {}, /^[a-zA-Z0-9_.:-]{1,64}$/],
    ["of word characters", { toolUseIds: "word" }, /^[a-zA-Z0-9_-]{1,64}$/],
    ["of nine characters", { toolUseIds: "nine" }, /^[a-zA-Z0-9]{9}$/],
  ];
  for (const [title, traits, legal] of models) {
    test(`${title} is legal, stays when it was, and leads back`, () => {
      fc.assert(
        fc.property(name, (given) => {
          const names = new WireNames(traits);
          const sent = names.toolUseId(given);
          assert.match(sent, legal);
          assert.equal(sent === given, legal.test(given));
          assert.equal(names.givenToolUseId(sent), given);
          assert.equal(new WireNames(traits).toolUseId(sent), sent);
        }),
        runs,
      );
    });

    test(`${title} never becomes that of another`, () => {
      fc.assert(
        fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 30 }), (given) => {
          const names = new WireNames(traits);
          assert.equal(new Set(given.map((one) => names.toolUseId(one))).size, given.length);
        }),
        { numRuns: 1000 },
      );
    });
  }

  for (const [title, traits] of models) {
    test(`${title} that looks like what another becomes never becomes that of another`, () => {
      const asked = hostile((names, given) => names.toolUseId(given), traits);
      fc.assert(
        fc.property(asked, (given) => {
          const names = new WireNames(traits);
          const sent = given.map((one) => names.toolUseId(one));
          assert.equal(new Set(sent).size, given.length);
          assert.deepEqual(
            sent.map((one) => names.givenToolUseId(one)),
            given,
          );
          const again = new WireNames(traits);
          assert.deepEqual(
            sent.map((one) => again.toolUseId(one)),
            sent,
          );
        }),
        { numRuns: 1000 },
      );
    });
  }

  test("and a tool of the same name lead back each to its own", () => {
    const names = new WireNames({ toolUseIds: "word", hyphensInToolNames: false });
    const id = names.toolUseId("a.b");
    const tool = names.toolName("a.b");
    assert.equal(id, tool);
    names.toolUseId("a-b");
    assert.equal(names.givenToolUseId(id), "a.b");
    assert.equal(names.givenToolName(tool), "a.b");
  });
});
