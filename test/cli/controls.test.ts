import assert from "node:assert/strict";
import test from "node:test";
import { escapeControls, removeControls } from "../../src/cli/controls.ts";

const CONTROLS = "\0\x07\b\x0b\r\x1b\x1f\x7f\x80\x9b\x9f\u200e\u200f\u202a\u202e\u2066\u2069";
const HARMLESS = "a\tb\nc ~\u00a0é\u200b\u200d\u2010\u2029\u202f\u2065\u206aשלום🙂";

test("controls are removed, and nothing else", () => {
  assert.equal(removeControls(`${CONTROLS}${HARMLESS}${CONTROLS}`), HARMLESS);
});

test("controls are shown by their numbers, and nothing else is changed", () => {
  assert.equal(escapeControls(`\x1b[2J\x9b${HARMLESS}`), `\\u001b[2J\\u009b${HARMLESS}`);
});

test("escaped JSON means what it meant", () => {
  const value = { [CONTROLS]: [CONTROLS, HARMLESS] };
  const escaped = escapeControls(JSON.stringify(value, undefined, 2));
  assert.deepEqual(JSON.parse(escaped), value);
  assert.equal(removeControls(escaped), escaped);
});
