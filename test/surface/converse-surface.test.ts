// The whole surface of Converse: no member of the service model is missing from our types, and none is
// lost on its way to the wire or back.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { encodeJsonBody } from "../../src/converse/json-body.ts";
import { readEvent } from "../../src/converse/read-event.ts";
import { readConverseResponse } from "../../src/converse/read-response.ts";
import { type ConverseRequest, normalizeMessages } from "../../src/index.ts";
import {
  allMembers,
  membersIn,
  SERVICE_MODEL,
  samplesOf,
  toWire,
} from "../helpers/converse-shapes.ts";

const { request, response, event } = SERVICE_MODEL.roots;

test("the list of the compile-time test is that of the service model", () => {
  const text = readFileSync("test/surface/converse-members.ts", "utf8").split("// The list can")[0];
  const listed = new Map<string, string[]>();
  for (const [, type = "", names = ""] of (text ?? "").matchAll(
    /expectMembers<\s*Dcaf\.(\w+),([^>]*)>\(\)/g,
  )) {
    listed.set(type, [...names.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name).sort());
  }
  const renamed = new Map([
    ["ConverseStreamRequest", "ConverseRequest"],
    ["ConverseStreamOutput", "ConverseStreamEvent"],
  ]);
  for (const [name, shape] of Object.entries(SERVICE_MODEL.shapes)) {
    if (!("members" in shape) || Object.keys(shape.members).length === 0) continue;
    assert.deepEqual(
      listed.get(renamed.get(name) ?? name),
      Object.keys(shape.members).sort(),
      name,
    );
  }
});

test("a request loses no member on its way to the wire", (context) => {
  const sent = new Set<string>();
  for (const sample of samplesOf(request)) {
    const body: unknown = JSON.parse(encodeJsonBody(sample as object).toString());
    assert.deepEqual(body, toWire(sample));
    membersIn(request, body, sent);
  }
  report(context, "request", sent, allMembers(request));
});

test("a history loses no member when it is put in order", (context) => {
  const given = new Set<string>();
  const sent = new Set<string>();
  for (const sample of samplesOf(request)) {
    const { messages } = sample as ConverseRequest;
    if (messages === undefined) continue;
    membersIn(request, { messages }, given);
    membersIn(request, { messages: normalizeMessages(messages) }, sent);
  }
  assert.ok(given.size > 100);
  report(context, "history", sent, given);
});

test("a response loses no member on its way back, and its bytes are bytes", (context) => {
  const received = new Set<string>();
  for (const sample of samplesOf(response)) {
    const read = readConverseResponse(Buffer.from(JSON.stringify(toWire(sample))));
    assert.deepEqual(read, sample);
    membersIn(response, read, received);
  }
  report(context, "response", received, allMembers(response));
});

test("an event loses no member on its way back, and its bytes are bytes", (context) => {
  const received = new Set<string>();
  for (const sample of samplesOf(event)) {
    const [name, payload] = Object.entries(sample as object)[0] ?? assert.fail();
    const headers = new Map(
      [
        [":message-type", "event"],
        [":event-type", name],
      ].map(([header = "", value = ""]) => [header, { type: "string", value } as const]),
    );
    const bytes = Buffer.from(JSON.stringify({ ...(toWire(payload) as object), p: "padding" }));
    const read = readEvent({ headers, payload: bytes }, (text) => text);
    assert.deepEqual(read, sample);
    membersIn(event, read, received);
  }
  report(context, "stream", received, allMembers(event));
});

function report(
  context: { diagnostic(message: string): void },
  what: string,
  seen: ReadonlySet<string>,
  all: ReadonlySet<string>,
): void {
  const missing = [...all].filter((member) => !seen.has(member));
  const share = (100 * (all.size - missing.length)) / all.size;
  context.diagnostic(`${what}: ${seen.size} of ${all.size} members, ${share.toFixed(1)} %`);
  assert.deepEqual(missing, []);
}
