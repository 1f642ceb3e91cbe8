// Objects that are not had: answers that do not fit, refusals of the way they are asked for, connections
// that break, callers who stop. Nothing of a prompt or an answer is in what is printed.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import { describe, type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { z } from "zod";
import { BedrockError, StructuredOutputError } from "../../src/core/errors.ts";
import type { BedrockLLMOptions, Logger } from "../../src/index.ts";
import { type LocalFaults, startLocalBedrock } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import {
  answerError,
  beginStream,
  eventFrame,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";
import { ADA, call, FORCED, NATIVE, PERSON, playModel, systemOf } from "./objects.ts";

const MESSAGES = "canary-question: who was it?";
const ASKED = { messages: MESSAGES, schema: PERSON, modelId: FORCED };

async function errorOf(asked: PromiseLike<unknown>): Promise<StructuredOutputError> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StructuredOutputError, inspect(error));
  return error;
}

describe("an answer that does not fit in the end", () => {
  test("is an error with all that is known of it", async (context) => {
    const wrong = { name: "canary-answer", age: "canary-age" };
    const { llm, asked } = await playModel(context, [call(wrong)]);
    const age = z.number({ error: ({ input }) => `“${input}” is no age` });
    const schema = z.object({ name: z.string(), age });
    const error = await errorOf(llm.invokeObject({ ...ASKED, schema }));
    assert.equal(asked.length, 2);
    assert.equal(error.name, "StructuredOutputError");
    assert.equal(error.code, "StructuredOutputError");
    assert.ok(error instanceof BedrockError);
    assert.equal(error.retryable, false);
    assert.equal(error.attempts, 2);
    assert.equal(error.status, 200);
    assert.ok(error.requestId);
    assert.deepEqual(JSON.parse(error.text), wrong);
    assert.equal(error.issues.length, 1);
    assert.match(error.issues[0]?.message ?? "", /canary-age/);
    assert.equal(error.response.stopReason, "tool_use");
    assert.ok(error.usage.outputTokens > error.response.usage.outputTokens);
    assert.match(
      error.message,
      /does not fit the schema, even after a repair turn: 1 issue \(stop reason tool_use\)/,
    );
    assert.match(error.hint ?? "", /`issues`/);
    assert.match(error.stack ?? "", /object-failures\.test\.ts/);
  });

  test("is an error at once where no repair is wanted", async (context) => {
    const { llm, asked } = await playModel(context, [call({ name: "Ada" }), call(ADA)]);
    const error = await errorOf(llm.invokeObject({ ...ASKED, repairTurns: 0 }));
    assert.equal(asked.length, 1);
    assert.match(error.message, /does not fit the schema: \d+ issues? \(stop reason tool_use\)\.$/);
  });

  test("that is no JSON says so", async (context) => {
    const replies = ["canary-answer", '{"name":"Ada","age":3', "[".repeat(5000) + "]".repeat(5000)];
    for (const reply of replies) {
      const { llm, asked } = await playModel(context, [reply], { modelId: NATIVE });
      const error = await errorOf(llm.invokeObject({ ...ASKED, modelId: NATIVE }));
      assert.equal(asked.length, 2);
      assert.equal(error.text, reply);
      assert.match(error.message, /holds no JSON that can be read, even after a repair turn/);
    }
  });

  test("is thrown to who reads as well, after what there was", async (context) => {
    const { llm } = await playModel(context, [call({ name: "Ada" })]);
    const asked = llm.invokeObject(ASKED);
    const views: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const view of asked.stream) views.push(view);
    };
    await assert.rejects(read, StructuredOutputError);
    assert.ok(views.length > 0);
    await errorOf(asked);
  });

  test("is no unhandled rejection where nobody looks", async (context) => {
    const { llm, asked } = await playModel(context, [call({})]);
    const seen: unknown[] = [];
    const see = (reason: unknown): void => void seen.push(reason);
    process.on("unhandledRejection", see);
    context.after(() => process.off("unhandledRejection", see));
    llm.invokeObject({ ...ASKED, repairTurns: 0 });
    void llm.invokeObject({ ...ASKED, schema: 1 as never });
    await llm.invokeObject({ ...ASKED, repairTurns: 0 }).catch(() => {});
    while (asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(seen, []);
  });
});

describe("an answer that was stopped", () => {
  for (const [stopReason, hint] of [
    ["max_tokens", /Raise maxTokens/],
    ["model_context_window_exceeded", /send less/],
  ] as const) {
    test(`by ${stopReason} is not asked for again`, async (context) => {
      const { llm, asked } = await playModel(context, [{ content: '{"name":"A', stopReason }]);
      const error = await errorOf(llm.invokeObject({ ...ASKED, modelId: NATIVE }));
      assert.equal(asked.length, 1);
      assert.match(error.message, new RegExp(`cut off.*stop reason ${stopReason}`));
      assert.match(error.hint ?? "", hint);
      assert.equal(error.text, '{"name":"A');
    });
  }

  test("by max_tokens in the middle of a call is not mended", async (context) => {
    const fragment = '{"name":"Ada","age":36,"x":[';
    const server = await scriptedServer(context, (_, response) =>
      answerCall(response, [fragment], "max_tokens"),
    );
    const schema = z.object({ name: z.string(), age: z.number() });
    const error = await errorOf(testClient(context, server.url).invokeObject({ ...ASKED, schema }));
    assert.equal(error.text, fragment);
    assert.match(error.message, /cut off/);
    assert.equal(server.requests.length, 1);
  });

  test("by max_tokens behind the object is complete", async (context) => {
    const content = `${JSON.stringify(ADA)}\n`;
    const { llm } = await playModel(context, [{ content, stopReason: "max_tokens" }]);
    assert.deepEqual((await llm.invokeObject({ ...ASKED, modelId: NATIVE })).object, ADA);
  });

  for (const stopReason of ["guardrail_intervened", "content_filtered", "refusal"]) {
    test(`by ${stopReason} is not looked at, whatever it holds`, async (context) => {
      const { llm, asked } = await playModel(context, [
        { content: JSON.stringify(ADA), stopReason },
      ]);
      const error = await errorOf(llm.invokeObject({ ...ASKED, modelId: NATIVE }));
      assert.equal(asked.length, 1);
      assert.equal(error.message, `No object was given (stop reason ${stopReason}).`);
    });
  }

  test("by what the network says is not named after it", async (context) => {
    const stopReason = "canary reason";
    const { llm } = await playModel(context, [{ content: "x", stopReason }]);
    const error = await errorOf(llm.invokeObject({ ...ASKED, repairTurns: 0 }));
    assert.equal(error.message, "The answer holds no JSON that can be read.");
  });
});

/** A call of the tool as a stream. */
function answerCall(
  response: ServerResponse,
  pieces: readonly string[],
  stopReason = "tool_use",
): void {
  beginStream(response);
  response.end(Buffer.concat(callFrames(pieces, stopReason)));
}

function callFrames(pieces: readonly string[], stopReason: string): Buffer[] {
  const start = { toolUse: { toolUseId: "t1", name: "answer" } };
  return [
    eventFrame("messageStart", { role: "assistant" }),
    eventFrame("contentBlockStart", { contentBlockIndex: 0, start }),
    ...pieces.map((input) =>
      eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { toolUse: { input } } }),
    ),
    eventFrame("contentBlockStop", { contentBlockIndex: 0 }),
    eventFrame("messageStop", { stopReason }),
    ...textFrames([]).slice(-1),
  ];
}

describe("a way to ask that is refused", () => {
  const REFUSALS = {
    textFormat: "output_config.format: Extra inputs are not permitted",
    choice: 'tool_choice: type "tool" and "any" are not supported for this model.',
    thinking: "Thinking may not be enabled when tool_choice forces tool use.",
    tools: "This model doesn't support tool use.",
  };

  test("the text format: words at once, a tool from then on", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (body.includes("textFormat")) {
        answerError(response, 400, "ValidationException", REFUSALS.textFormat);
      } else if (body.includes('"toolConfig"')) answerCall(response, [JSON.stringify(ADA)]);
      else {
        beginStream(response);
        response.end(Buffer.concat(textFrames([JSON.stringify(ADA)])));
      }
    });
    const llm = testClient(context, server.url, { modelId: NATIVE });
    for (let index = 0; index < 2; index++) {
      assert.deepEqual((await llm.invokeObject({ ...ASKED, modelId: NATIVE })).object, ADA);
    }
    const ways = server.requests.map(({ body }) => JSON.parse(body));
    assert.equal(ways.length, 3);
    assert.ok(ways[0].outputConfig.textFormat);
    assert.match(ways[1].system[0].text, /JSON Schema/);
    assert.ok(ways[2].toolConfig.toolChoice.tool);
  });

  test("the choice of a tool: words at once, and from then on", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (body.includes("toolChoice")) {
        answerError(response, 400, "ValidationException", REFUSALS.choice);
      } else answerCall(response, [JSON.stringify(ADA)]);
    });
    const llm = testClient(context, server.url);
    const asked = { ...ASKED, modelId: "test.choosy-v1:0" };
    assert.deepEqual((await llm.invokeObject(asked)).object, ADA);
    const { response } = await llm.invokeObject(asked);
    assert.equal(server.requests.length, 3);
    assert.equal(response.$metadata?.warnings, undefined);
  });

  test("a forced call of a model that always thinks", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (body.includes("toolChoice")) {
        answerError(response, 400, "ValidationException", REFUSALS.thinking);
      } else answerCall(response, [JSON.stringify(ADA)]);
    });
    const llm = testClient(context, server.url);
    const asked = { ...ASKED, modelId: "us.anthropic.claude-fable-5" };
    assert.deepEqual((await llm.invokeObject(asked)).object, ADA);
    assert.deepEqual((await llm.invokeObject(asked)).object, ADA);
    assert.equal(server.requests.length, 3);
    assert.match(server.requests[2]?.body ?? "", /calling the tool answer/);
  });

  test("tools: words at once, and from then on for this model alone", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (body.includes("toolConfig")) {
        answerError(response, 400, "ValidationException", REFUSALS.tools);
      } else {
        beginStream(response);
        response.end(Buffer.concat(textFrames([JSON.stringify(ADA)])));
      }
    });
    const llm = testClient(context, server.url);
    const asked = { ...ASKED, modelId: "us.test.toolless-v1:0" };
    assert.deepEqual((await llm.invokeObject(asked)).object, ADA);
    assert.deepEqual((await llm.invokeObject(asked)).object, ADA);
    assert.equal(server.requests.length, 3);
    await llm.invokeObject({ ...asked, modelId: "us.test.other-v1:0" });
    assert.equal(server.requests.length, 5);
  });

  test("that the caller has chosen himself is his error", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 400, "ValidationException", REFUSALS.tools),
    );
    const asked = { ...ASKED, modelId: "us.test.toolless-v1:0", mode: "tool" } as const;
    await assert.rejects(async () => await testClient(context, server.url).invokeObject(asked), {
      code: "ValidationException",
      attempts: 1,
    });
  });

  test("any other refusal is told as it is", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 400, "ValidationException", "Input is too long."),
    );
    await assert.rejects(async () => await testClient(context, server.url).invokeObject(ASKED), {
      message: "Input is too long.",
      attempts: 1,
    });
    assert.equal(server.requests.length, 1);
  });
});

describe("a connection that breaks", () => {
  const LONG = { name: "Ada, ".repeat(200), age: 36 };

  async function withFaults(
    context: TestContext,
    faults: LocalFaults,
    options: BedrockLLMOptions = {},
  ) {
    const reply = call(LONG);
    const local = await startLocalBedrock({
      faults,
      model: (request) => (typeof reply === "function" ? reply(request) : reply),
    });
    context.after(() => local.close());
    return { local, llm: testClient(context, local.url, { modelId: FORCED, ...options }) };
  }

  for (const fault of [
    { type: "reset_peer", afterFrames: 20, times: 2 },
    { type: "truncation", frames: 20, times: 2 },
    { type: "ModelStreamErrorException", frame: 20, times: 2 },
  ] as const) {
    test(`in the middle by ${fault.type} is asked again, and shown anew`, async (context) => {
      const { local, llm } = await withFaults(context, [fault]);
      const asked = llm.invokeObject(ASKED);
      const lengths: number[] = [];
      for await (const { name = "" } of asked.stream) lengths.push(name.length);
      assert.deepEqual((await asked).object, LONG);
      assert.equal(local.requests.length, 3);
      assert.ok(lengths.some((length, index) => length < (lengths[index - 1] ?? 0)));
    });
  }

  test("again and again is an error in the end, which counts all of it", async (context) => {
    const { local, llm } = await withFaults(context, [{ type: "truncation", frames: 20 }]);
    await assert.rejects(async () => await llm.invokeObject(ASKED), {
      code: "StreamError",
      attempts: 3,
    });
    assert.equal(local.requests.length, 3);
  });

  test("is an error at once where nothing is to be tried again", async (context) => {
    for (const retry of [{ mode: "off" }, { maxAttempts: 1 }] as const) {
      const { local, llm } = await withFaults(context, [{ type: "truncation", frames: 20 }]);
      await assert.rejects(async () => await llm.invokeObject({ ...ASKED, retry }), {
        code: "StreamError",
      });
      assert.equal(local.requests.length, 1);
      const other = await withFaults(context, [{ type: "truncation", frames: 20 }], { retry });
      await assert.rejects(async () => await other.llm.invokeObject(ASKED), {
        code: "StreamError",
      });
      assert.equal(other.local.requests.length, 1);
    }
  });

  test("before there was anything is left to the retries of the client", async (context) => {
    const faults: LocalFaults = [{ type: "ServiceUnavailableException" }];
    const { local, llm } = await withFaults(context, faults, { retry: { maxAttempts: 2 } });
    await assert.rejects(async () => await llm.invokeObject(ASKED), {
      code: "ServiceUnavailableException",
      attempts: 2,
    });
    assert.equal(local.requests.length, 2);
  });

  test("a call that the model has garbled is asked for again", async (context) => {
    const { local, llm } = await withFaults(context, [{ type: "ModelErrorException", times: 1 }]);
    assert.deepEqual((await llm.invokeObject(ASKED)).object, LONG);
    assert.equal(local.requests.length, 2);
  });

  test("the log hears of it, and of repairs, and of nothing that was said", async (context) => {
    const said: string[] = [];
    const say = (message: string): void => void said.push(message);
    const logger: Logger = { debug: say, info: say, warn: say, error: say };
    const faults: LocalFaults = [{ type: "truncation", frames: 5, times: 1 }];
    const { llm } = await withFaults(context, faults, { logger });
    const schema = z.object({ name: z.string().max(1), age: z.number() });
    await errorOf(llm.invokeObject({ ...ASKED, schema }));
    assert.equal(said.length, 2);
    assert.match(
      said[0] ?? "",
      /^Bedrock: an answer failed with StreamError; asking again in \d+ ms/,
    );
    assert.match(said[1] ?? "", /^Bedrock: the answer does not fit the schema \(issues: 1\)/);
    assert.doesNotMatch(said.join(), /Ada|canary/);
  });
});

describe("a caller who stops", () => {
  test("by his signal, before, while and between", async (context) => {
    const controller = new AbortController();
    const stopping = call({});
    const { llm, asked } = await playModel(context, [
      (request) => {
        controller.abort("enough");
        return typeof stopping === "function" ? stopping(request) : stopping;
      },
    ]);
    const { signal } = controller;
    const expected = { name: "AbortError", cause: "enough" };
    await assert.rejects(async () => await llm.invokeObject({ ...ASKED, signal }), expected);
    assert.equal(asked.length, 1);
    assert.equal(getEventListeners(signal, "abort").length, 0);
    await assert.rejects(async () => await llm.invokeObject({ ...ASKED, signal }), expected);
    assert.equal(asked.length, 1);
  });

  test("while the schema is still at its check", async (context) => {
    const { llm } = await playModel(context, [call(ADA)]);
    const controller = new AbortController();
    const schema = z.object({ name: z.string() }).refine(() => {
      controller.abort();
      return new Promise<boolean>(() => {});
    });
    const asked = llm.invokeObject({ ...ASKED, schema, signal: controller.signal });
    await assert.rejects(async () => await asked, { name: "AbortError" });
  });

  test("by abort(), whoever looks", async (context) => {
    const { llm, asked } = await playModel(context, [call(ADA)]);
    const objects = llm.invokeObject(ASKED);
    objects.abort("enough");
    const expected = { name: "AbortError", cause: "enough" };
    await assert.rejects(async () => await objects, expected);
    const read = async (): Promise<void> => {
      for await (const _ of objects.stream);
    };
    await assert.rejects(read, expected);
    assert.equal(asked.length, 0);
    const done = llm.invokeObject(ASKED);
    await done;
    done.abort();
    assert.deepEqual((await done).object, ADA);
  });

  test("by closing the client", async (context) => {
    const { llm } = await playModel(context, [() => new Promise(() => {}) as never]);
    const asked = llm.invokeObject(ASKED);
    setTimeout(() => void llm.close(), 20);
    await assert.rejects(async () => await asked, { name: "AbortError" });
  });

  test("by a time that bounds all turns together", async (context) => {
    const local = await startLocalBedrock({
      model: async () => {
        await new Promise((resolve) => setTimeout(resolve, 600));
        return "no object at all";
      },
    });
    context.after(() => local.close());
    const llm = testClient(context, local.url);
    // Enough for each of the turns, and too little for both.
    const asked = llm.invokeObject({ ...ASKED, timeouts: { responseMs: 1000 } });
    await assert.rejects(async () => await asked, { name: "TimeoutError", phase: "response" });
  });
});

test("nothing that was asked or answered is in what is printed of a call or its error", async (context) => {
  const wrong = { name: "canary-answer", age: "canary-age" };
  const { llm } = await playModel(context, [call(wrong)]);
  const schema = z.object({
    name: z.string(),
    age: z.number({ error: ({ input }) => `canary ${input}` }),
  });
  const asked = llm.invokeObject({ ...ASKED, systemPrompt: "canary-system", schema });
  const error = await errorOf(asked);
  for (const thing of [error, asked, { ...error }, new Error("outer", { cause: error })]) {
    for (const options of [{}, { depth: 12, showHidden: true }]) {
      assert.doesNotMatch(inspect(thing, options), /canary/);
    }
    // Who has getters called asks for what the model has said, and is told no more than that.
    const everything = inspect(thing, { depth: 12, showHidden: true, getters: true });
    assert.doesNotMatch(everything, /canary-(?:question|system)/);
    assert.doesNotMatch(JSON.stringify(thing) ?? "", /canary/);
    assert.doesNotMatch(String(thing), /canary/);
  }
  assert.doesNotMatch(`${error.message} ${error.stack} ${error.hint}`, /canary/);
  assert.match(error.text, /canary-answer/);
});

test("what is found wrong is told to the model within bounds", async (context) => {
  const { llm, asked } = await playModel(context, [
    call({ value: Array(500).fill("x") }),
    call({}),
  ]);
  const number = z.number({ error: () => "a number is wanted ".repeat(100) });
  await errorOf(llm.invokeObject({ ...ASKED, schema: z.array(number) }));
  const told = asked[1]?.messages?.at(-1)?.content[0]?.toolResult?.content[0]?.text ?? "";
  assert.equal(told.match(/^- value\.\d+: a number is wanted/gm)?.length, 20);
  assert.ok(told.length < 10_000, String(told.length));
  assert.equal(systemOf(asked[1]), "");
});
