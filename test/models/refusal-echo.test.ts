import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { learnRefusal, teaches } from "../../src/models/learn-refusal.ts";
import { REFUSALS, SILENT } from "./refusals.ts";

function learn(message: string, sent?: string, code = "ValidationException", current = {}) {
  return learnRefusal({ code, message }, current, sent);
}

/** A request with the text in one of the places where it could be quoted from. */
const anyPlace = fc.constantFrom<(text: string) => unknown>(
  (text) => ({ messages: [{ role: "user", content: [{ text }] }] }),
  (text) => ({ system: [{ text: `Mind this: ${text} Always.` }], messages: [] }),
  (text) => ({ toolConfig: { tools: [{ toolSpec: { name: "a", description: text } }] } }),
  (text) => ({ messages: [{ content: [{ text: JSON.stringify({ said: text }) }] }] }),
);

const anyRefusal = fc.constantFrom(...REFUSALS);

for (const message of [
  'tools.0.custom.description: invalid value "role system is not supported"',
  'messages.0: bad text "this model does not support tool use in streaming mode"',
  "messages.0: bad text 'this model doesn't support tool use in streaming mode'",
  'could not parse "please note temperature is not supported"',
  'could not parse "please note temperature is not supported, as it was said in the beginning…',
  "could not parse “please note temperature is not supported”",
  "could not parse `please note temperature is not supported`",
  'could not parse "please note \\"temperature\\" is not supported"',
  'could not parse "he said \\"hi and temperature is not supported"',
  'could not parse "The number exceeds the model limit of 4096"',
  "The number exceeds the model limit of 1.",
  "max_tokens: 300 > 255, which is the maximum allowed number of output tokens for this",
  'could not parse "the top_k: Extra inputs are not permitted"',
  'could not parse {"message":"top_k: Extra inputs are not permitted"}',
]) {
  test(`what is quoted teaches nothing: ${message}`, () => {
    assert.equal(learn(message), undefined);
  });
}

test("a refusal that is quoted teaches nothing, and what stands beside it does", () => {
  for (const { message, code, current, traits } of REFUSALS) {
    const quoted = `could not parse ${JSON.stringify(`Note: ${message}`)}`;
    assert.equal(learn(quoted, undefined, code, current), undefined, quoted);
    const beside = `${quoted}; the model said: ${message}`;
    if (message.startsWith("1 validation error")) continue;
    assert.deepEqual(learn(beside, undefined, code, current)?.traits, traits, beside);
  }
});

test("what occurs in what was sent teaches nothing, however it is put", () => {
  const anyStyle = fc.constantFrom<(message: string) => string>(
    (message) => message,
    (message) => `messages.0.content.0.text: invalid value ${message} at position 4`,
    (message) => `invalid value: ${message.toUpperCase()}`,
    (message) => `invalid value: ${message.replaceAll(" ", "\n")}`,
    (message) => `invalid value: ${message.replaceAll(" ", "\\n ")}`,
    (message) => `invalid value: ${message.replaceAll("doesn't", "does not")}`,
  );
  const anySource = fc.constantFrom<(message: string) => string>(
    (message) => message,
    (message) => message.replaceAll(" ", "\n\t"),
    (message) => message.replaceAll("'", "’").toLowerCase(),
    (message) => message.replaceAll("cannot", "can't"),
  );
  fc.assert(
    fc.property(anyRefusal, anyPlace, anyStyle, anySource, (refusal, place, style, source) => {
      const { message, code, current } = refusal;
      const sent = JSON.stringify(place(source(message)));
      assert.equal(learn(style(message), sent, code, current), undefined);
    }),
    { numRuns: 1000 },
  );
});

test("a quotation of what was sent hides no refusal beside it", () => {
  fc.assert(
    fc.property(anyRefusal, anyRefusal, anyPlace, (echoed, refusal, place) => {
      if (/1 validation error/.test(echoed.message + refusal.message)) return;
      if (echoed.rule === refusal.rule) return;
      const sent = JSON.stringify(place(echoed.message));
      const message = `bad text: ${echoed.message} | ${refusal.message}`;
      const lesson = learn(message, sent, refusal.code, refusal.current);
      assert.deepEqual(lesson?.traits, refusal.traits, message);
    }),
  );
});

test("a refusal of what was sent is learnt, for a request does not say what refuses it", () => {
  const sent = JSON.stringify({
    inferenceConfig: { temperature: 1, topP: 1, maxTokens: 200_000, stopSequences: ["\n"] },
    additionalModelRequestFields: {
      thinking: { type: "enabled", budget_tokens: 1024 },
      top_k: 5,
      reasoning: {},
      reasoning_effort: "low",
      output_config: { effort: "max" },
    },
    system: [{ text: "Be brief. Not everything is supported." }, { cachePoint: { ttl: "1h" } }],
    toolConfig: { toolChoice: { tool: { name: "temperature" } } },
    messages: [{ role: "system", content: [{ text: "the role system" }] }],
  });
  for (const { message, code, current, traits } of REFUSALS) {
    assert.deepEqual(learn(message, sent, code, current)?.traits, traits, message);
  }
});

test("errors in JSON are read, once or twice wrapped", () => {
  for (const { message, code, current, traits } of REFUSALS) {
    if (message.startsWith("1 validation error")) continue;
    const once = JSON.stringify({ error: { message, type: "invalid_request_error", code: null } });
    const twice = JSON.stringify({ message: `The model returned the following errors: ${once}` });
    for (const wrapped of [once, twice, JSON.stringify(once).slice(1, -1)]) {
      assert.deepEqual(learn(wrapped, undefined, code, current)?.traits, traits, wrapped);
    }
  }
});

test("what was sent is not searched for quotations that nobody makes", () => {
  const sent = {
    toLowerCase(): string {
      throw new Error("read");
    },
  };
  for (const message of SILENT) learn(message, sent as unknown as string);
  assert.throws(() => learn("`top_k` is deprecated for this model.", sent as unknown as string));
});

test("of very many names a few are learnt at a time, so that what was sent is not searched for each", () => {
  const names =
    "top_k seed min_p typical_p tfs mirostat n best_of logprobs verbosity do_sample stream";
  const message = names
    .split(" ")
    .map((name) => `${name}: Extra inputs are not permitted`)
    .join("; ");
  assert.equal(learn(message, "{}")?.traits.refusedParameters?.length, 8);
  assert.equal(learn(message)?.traits.refusedParameters?.length, 12);
});

test("whether a refusal teaches does not depend on what is known", () => {
  for (const { message, code = "ValidationException", traits } of REFUSALS) {
    const error = { code, message };
    assert.equal(teaches(error), true, message);
    assert.equal(learnRefusal(error, traits), undefined, message);
    assert.equal(teaches(error, JSON.stringify({ text: message })), false, message);
    assert.equal(teaches({ code: "ThrottlingException", message }), false);
  }
  for (const message of SILENT) {
    assert.equal(teaches({ code: "ValidationException", message }), false, message);
  }
});
