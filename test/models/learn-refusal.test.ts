import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { learnRefusal } from "../../src/models/learn-refusal.ts";
import { type ModelTraits, traitsOf } from "../../src/models/model-traits.ts";
import { REFUSALS, SILENT } from "./refusals.ts";

const NOTHING: ModelTraits = {};

function learn(message: string, current = NOTHING, code = "ValidationException") {
  return learnRefusal({ code, message }, current);
}

for (const { message, code = "ValidationException", current = NOTHING, rule, traits } of REFUSALS) {
  test(`“${message}” teaches ${rule}`, () => {
    const lesson = learn(message, current, code);
    assert.deepEqual(lesson?.traits, traits);
    assert.equal(lesson?.rule, rule);
    const merged = { ...current, ...lesson?.traits };
    assert.equal(learn(message, merged, code), undefined, "taught once");
  });
}

test("the same refusal teaches the same in the wrappings it comes in", () => {
  for (const { message, code, current, traits } of REFUSALS) {
    const inner = JSON.stringify({
      type: "error",
      request_id: "req_x",
      error: { type: "invalid_request_error", message },
    });
    for (const wrapped of [
      `The model returned the following errors: ${message}`,
      `The model returned the following errors: ${inner}`,
      message.replaceAll("doesn't", "doesn’t"),
    ]) {
      if (message.startsWith("1 validation error")) continue;
      assert.deepEqual(learn(wrapped, current, code)?.traits, traits, wrapped);
    }
  }
});

for (const message of SILENT) {
  test(`“${message.slice(0, 100)}” teaches nothing`, () => {
    assert.equal(learn(message), undefined);
  });
}

test("only a ValidationException teaches, and an AccessDeniedException about caching", () => {
  const codes = ["ThrottlingException", "InternalServerException", "ModelErrorException", ""];
  for (const { message, code = "ValidationException" } of REFUSALS) {
    for (const other of codes) assert.equal(learn(message, NOTHING, other), undefined);
    if (code === "ValidationException") {
      assert.equal(learn(message, NOTHING, "AccessDeniedException"), undefined, message);
    }
  }
});

test("what is known stays in what is learnt", () => {
  const refused = learn("seed: Extra inputs are not permitted", { refusedParameters: ["a", "b"] });
  assert.deepEqual(refused?.traits.refusedParameters, [
    "a",
    "b",
    "additionalModelRequestFields.seed",
  ]);
  const choices = learn("This model doesn't support the toolConfig.toolChoice.tool field.", {
    toolChoices: ["auto", "tool"],
  });
  assert.deepEqual(choices?.traits.toolChoices, ["auto"]);
  const cache = { sections: ["tools", "system"], ttls: ["5m", "1h"], minimumTokens: 7 } as const;
  const toolCache = learn("This model doesn't support the toolConfig.tools.3.cachePoint field.", {
    cache,
  });
  assert.deepEqual(toolCache?.traits.cache, { ...cache, sections: ["system"] });
});

test("several names in one refusal are learnt at once", () => {
  const lesson = learn(
    'Malformed input request: #: subject must not be valid against schema {"required":["messages"]}#: extraneous key [stream] is not permitted#: extraneous key [model] is not permitted#: extraneous key [top_k] is not permitted, please reformat your input and try again.',
  );
  assert.deepEqual(lesson?.traits.refusedParameters, [
    "additionalModelRequestFields.stream",
    "additionalModelRequestFields.top_k",
  ]);
});

test("what a model refuses by name is remembered up to a bound", () => {
  const known = Array.from({ length: 49 }, (_, index) => `additionalModelRequestFields.k${index}`);
  const first = learn("seed: Extra inputs are not permitted", { refusedParameters: known });
  assert.equal(first?.traits.refusedParameters?.length, 50);
  assert.equal(learn("top_k: Extra inputs are not permitted", first.traits), undefined);
});

test("a model of the table unlearns nothing it is known to refuse", () => {
  const opus = traitsOf("anthropic.claude-opus-5-5");
  assert.equal(learn("`temperature` is deprecated for this model.", opus), undefined);
  assert.equal(learn("`top_k` is deprecated for this model.", opus), undefined);
  assert.equal(learn('"thinking.type.enabled" is not supported for this model.', opus), undefined);
});

test("no order of refusals goes round in circles", () => {
  const anyRefusal = fc.constantFrom(...REFUSALS);
  const start = fc.constantFrom(
    NOTHING,
    ...REFUSALS.map(({ traits }) => traits),
    ...["anthropic.claude-sonnet-4-6", "anthropic.claude-opus-5", "amazon.nova-pro-v1:0"].map(
      traitsOf,
    ),
  );
  fc.assert(
    fc.property(start, fc.array(anyRefusal, { maxLength: 200 }), (first, refusals) => {
      let traits: ModelTraits = first;
      const seen = new Set([JSON.stringify(traits)]);
      for (const { message, code } of refusals) {
        const lesson = learn(message, traits, code);
        if (lesson === undefined) continue;
        traits = { ...traits, ...lesson.traits };
        const state = JSON.stringify(Object.entries(traits).sort());
        assert.ok(!seen.has(state), message);
        seen.add(state);
        assert.equal(learn(message, traits, code), undefined, message);
      }
    }),
  );
});

test("text that is no refusal teaches nothing, and none is thrown over", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 3000 }), (text) => {
      assert.equal(learn(text), undefined);
    }),
  );
  const fragment = fc.constantFrom(
    ...REFUSALS.flatMap(({ message }) => message.split(/(?<=[ .:`"])/)),
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 60 }), (fragments) => {
      const lesson = learn(fragments.join(""));
      if (lesson === undefined) return;
      assert.match(lesson.rule, /^[a-z-]+$/);
      const again = learn(fragments.join(""), lesson.traits);
      assert.equal(again, undefined, fragments.join(""));
    }),
  );
});

test("what carries meaning, keeps people safe or limits cost is never left out", () => {
  const meaningful = fc.constantFrom(
    "blocklist",
    "bad_words",
    "banned_words",
    "policy",
    "trace",
    "logit_bias",
    "grammar",
    "max_tokens",
    "maxTokens",
    "max_completion_tokens",
    "max_gen_len",
    "max_tool_calls",
    "metadata",
    "requestMetadata",
    "serviceTier",
    "service_tier",
    "user",
    "safety_identifier",
    "constructor",
    "messages",
    "system",
    "tools",
    "toolConfig",
    "documents",
    "images",
    "guardrails",
    "guardrailConfig",
    "safe_prompt",
    "response_format",
    "prompt",
  );
  const wordings = [
    (name: string) => `${name}: Extra inputs are not permitted`,
    (name: string) => `#: extraneous key [${name}] is not permitted`,
    (name: string) => `Unknown parameter: '${name}'`,
    (name: string) => `This model doesn't support the ${name} field. Remove ${name} and try again.`,
    (name: string) => `This model doesn't support the additionalModelRequestFields.${name} field.`,
    (name: string) => `This model doesn't support the inferenceConfig.${name} field.`,
  ];
  fc.assert(
    fc.property(meaningful, fc.constantFrom(...wordings), (name, wording) => {
      assert.equal(learn(wording(name)), undefined);
    }),
  );
});

test("a field of the model's own that nobody has heard of can be left out", () => {
  const lesson = learn(
    "The model returned the following errors: foo_scale: Extra inputs are not permitted",
  );
  assert.deepEqual(lesson?.traits, {
    refusedParameters: ["additionalModelRequestFields.foo_scale"],
  });
});

test("an echo of the request teaches nothing", () => {
  const echo = "`temperature` is deprecated for this model.";
  assert.equal(
    learn(
      `1 validation error detected: Value '${echo}' at 'messages.1.member.content.1.member.document.name' failed to satisfy constraint: Member must satisfy regular expression pattern: x`,
    ),
    undefined,
  );
});

test("a lesson never repeats the service's text", () => {
  for (const { message, code, current } of REFUSALS) {
    const secret = "Zanzibar";
    const lesson = learn(`${message} ${secret}`, current, code);
    assert.ok(lesson !== undefined, message);
    assert.doesNotMatch(lesson.message, /Zanzibar/);
    assert.match(lesson.message, /^This model .*\.$/);
  }
});

test("hostile text is read without a hang, and no further than its beginning", () => {
  const pieces = [
    "a",
    "a.",
    "1",
    " ",
    "#",
    "> 1",
    "temperature",
    "temperature and ",
    "top_p, ",
    "thinking ",
    "tool_choice: type ",
    "not support the ",
    "not support the a",
    "effort: Input should be a, ",
    "#: extraneous key [",
    "Unknown parameter: -",
    "\\",
    "'",
  ];
  for (const piece of pieces) {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    assert.equal(learn(text.slice(0, 2000)), undefined, piece);
    assert.equal(learn(text), undefined, piece);
  }
  for (const { message, code, current } of REFUSALS) {
    assert.equal(learn("x ".repeat(1000) + message, current, code), undefined, message);
  }
});
