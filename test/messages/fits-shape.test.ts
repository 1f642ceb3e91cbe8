import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { collectShapeFaults } from "../../src/messages/rules/find-shape-faults.ts";
import { fitsShape } from "../../src/messages/rules/fits-shape.ts";
import { CONVERSE_REQUEST } from "../../src/messages/rules/wire.ts";
import { BROKEN_REQUESTS } from "./broken-requests.ts";
import { spoiledRequest } from "./spoiled-requests.ts";

const agree = (value: unknown): boolean => {
  const fits = fitsShape(CONVERSE_REQUEST, value);
  assert.equal(fits, collectShapeFaults(CONVERSE_REQUEST, value).length === 0);
  return fits;
};

test("the quick walk and the one that tells agree on every example", () => {
  const answers = new Set(BROKEN_REQUESTS.map(({ request }) => agree(request)));
  assert.deepEqual(answers, new Set([true, false]));
});

test("limits are inclusive, and inherited members are nobody's to both", () => {
  assert.equal(agree({ inferenceConfig: { maxTokens: 1, temperature: 1, topP: 0 } }), true);
  assert.equal(agree({ requestMetadata: Object.create({ "team!": 1 }) }), false);
  assert.equal(
    agree({ requestMetadata: Object.assign(Object.create({ "!": 1 }), { a: "b" }) }),
    true,
  );
  assert.equal(
    agree({ messages: [Object.assign(Object.create({ role: 1 }), { content: [] })] }),
    true,
  );
});

test("the quick walk and the one that tells agree on requests spoiled anywhere", () => {
  fc.assert(
    fc.property(spoiledRequest, (request) => {
      agree(request);
    }),
    { numRuns: 5_000 },
  );
});

test("the quick walk and the one that tells agree on any value", () => {
  fc.assert(
    fc.property(fc.anything(), fc.string(), (value, name) => {
      agree(value);
      agree({ [name]: value, messages: [{ role: "user", content: [{ text: "a" }, value] }] });
      agree({ requestMetadata: value, inferenceConfig: value, promptVariables: { [name]: value } });
    }),
    { numRuns: 2_000 },
  );
});
