import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findIssues } from "../../src/messages/check-request.ts";
import { REQUEST_RULES } from "../../src/messages/rules/request-rules.ts";
import { type RequestContext, toRequestView } from "../../src/messages/rules/view.ts";
import { BROKEN_REQUESTS } from "./broken-requests.ts";
import { spoiledRequest } from "./spoiled-requests.ts";

for (const { rule, title, request, context, issues } of BROKEN_REQUESTS) {
  test(`${rule} is reported for ${title}, and nothing else is`, () => {
    const found = findIssues(request, context).map(({ path, message, ...issue }) => [
      issue.rule,
      path,
      message,
    ]);
    assert.deepEqual(
      found,
      issues.map(([path, message]) => [rule, path, message]),
    );
  });
}

test("every rule has an example", () => {
  const shown = new Set(BROKEN_REQUESTS.map(({ rule }) => rule));
  assert.deepEqual(
    REQUEST_RULES.map(({ id }) => id).filter((id) => !shown.has(id)),
    [],
  );
});

test("ids are unique and in kebab-case, and every rule says where it comes from", () => {
  const ids = REQUEST_RULES.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, reference, repair } of REQUEST_RULES) {
    assert.match(id, /^[a-z]+(?:-[a-z]+)*$/);
    assert.ok(URL.canParse(reference), id);
    assert.ok(repair === undefined || repair.endsWith(".") || repair.endsWith("}."), id);
  }
});

test("broken requests of every kind are refused as base64 JSON too", () => {
  for (const { rule, request, context } of BROKEN_REQUESTS) {
    const wire = JSON.parse(
      JSON.stringify(request, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
      ),
    );
    assert.deepEqual(
      findIssues(wire, context).map((issue) => issue.rule),
      findIssues(request, context).map((issue) => issue.rule),
      rule,
    );
  }
});

/** The issues of every rule, asked one by one. */
function idsOfAll(request: unknown, context?: RequestContext): string[] {
  const view = toRequestView(request, context);
  const ids: string[] = [];
  for (const { id, check } of REQUEST_RULES) check(view, () => ids.push(id));
  return ids;
}

test("a group of rules is passed over only where none of them has anything to say", () => {
  for (const { request, context } of BROKEN_REQUESTS) {
    const found = findIssues(request, context).map(({ rule }) => rule);
    assert.deepEqual(found, idsOfAll(request, context));
  }
  fc.assert(
    fc.property(spoiledRequest, (request) => {
      const found = findIssues(request).map(({ rule }) => rule);
      assert.deepEqual(found, idsOfAll(request));
    }),
    { numRuns: 2000 },
  );
});
