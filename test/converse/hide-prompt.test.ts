import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { hidePrompt, PromptHider } from "../../src/converse/hide-prompt.ts";

const bodyOf = (text: string) =>
  JSON.stringify({ messages: [{ role: "user", content: [{ text }] }] });
const prose = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 24, maxLength: 400 }),
  // Of few letters, so that parts of it come again and again.
  fc.string({ unit: fc.constantFrom("a", "b"), minLength: 24, maxLength: 100 }),
);

describe("what a service says of a request", () => {
  test("holds no quotation of two dozen characters, wherever it was cut", () => {
    fc.assert(
      fc.property(prose, fc.nat(), fc.nat(), prose, (text, from, length, around) => {
        const start = from % Math.max(1, text.length - 23);
        const quotation = text.slice(start, start + 24 + (length % text.length));
        fc.pre(quotation.length >= 24);
        const shown = hidePrompt(`${around} '${quotation}' ${around}`, bodyOf(text));
        assert.ok(!shown.includes(quotation));
        for (let at = 0; at + 24 <= quotation.length; at++) {
          assert.ok(!shown.includes(quotation.slice(at, at + 24)));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("is left as it is where it quotes nothing", () => {
    const message =
      "The model returned the following errors: messages.1.content.0: tool `look_up` needs an id.";
    assert.equal(hidePrompt(message, bodyOf("Tell me of the sea, and of the wind.")), message);
    assert.equal(
      hidePrompt("Too many tokens, please wait before trying again.", "{"),
      "Too many tokens, please wait before trying again.",
    );
  });

  for (const [title, request] of [
    ["a short text, whole", { messages: [{ role: "user", content: [{ text: "secret-1" }] }] }],
    ["a system text", { system: [{ text: "secret-1" }] }],
    [
      "a tool's input, whatever its members are called",
      { messages: [{ content: [{ toolUse: { name: "n", input: { name: "secret-1" } } }] }] },
    ],
    [
      "a tool's result",
      { messages: [{ content: [{ toolResult: { content: [{ json: { type: "secret-1" } }] } }] }] },
    ],
    [
      "a prompt to be counted",
      { input: { converse: { messages: [{ content: [{ text: "secret-1" }] }] } } },
    ],
  ] as const) {
    test(`hides ${title}`, () => {
      const body = Buffer.from(JSON.stringify(request));
      assert.equal(hidePrompt("No 'secret-1' here", body), "No '[prompt]' here");
    });
  }

  test("keeps the names of tools, roles and formats, which it has to say", () => {
    const request = {
      messages: [{ role: "assistant", content: [{ toolUse: { name: "look_up_weather" } }] }],
      toolConfig: { tools: [{ toolSpec: { name: "look_up_weather" } }] },
    };
    const message = "Tool look_up_weather is called by the assistant twice";
    assert.equal(hidePrompt(message, JSON.stringify(request)), message);
  });

  test("is known again as long as a stream is open, where the request is small", () => {
    const hider = new PromptHider(bodyOf("secret-1"));
    hider.release();
    assert.equal(hider.hide("No secret-1"), "No [prompt]");
  });

  test("loses all quotations, and its length, once a large request is let go", () => {
    const hider = new PromptHider(bodyOf("secret-1 ".repeat(1000)));
    hider.release();
    for (const quoted of ["'secret-1'", '"secret-1"', "`secret-1`", "“secret-1”", "‘secret-1’"]) {
      assert.equal(hider.hide(`No ${quoted} here`), "No [quotation] here");
    }
    const plain = "The model couldn't do what it wasn't asked.";
    assert.equal(hider.hide(plain), plain);
    assert.equal(hider.hide("No 'it isn't so' here"), "No [quotation] here");
    assert.equal(hider.hide("x".repeat(5000)).length, 200);
    assert.equal(hider.hide("The model failed."), "The model failed.");
  });

  test("hides a text also as JSON writes it", () => {
    const message = `refused: ${JSON.stringify("one line\nanother")}`;
    assert.equal(hidePrompt(message, bodyOf("one line\nanother")), 'refused: "[prompt]"');
  });
});
