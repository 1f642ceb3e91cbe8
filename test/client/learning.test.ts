// A refusal that names a parameter is met with one more request without it, and remembered.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Logger } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import {
  answerError,
  answerJson,
  beginStream,
  exceptionFrame,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";

const TEMPERATURE =
  "The model returned the following errors: `temperature` is deprecated for this model.";
const PROFILE = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";

/** A logger that keeps its warnings. */
function keepingLogger(): { logger: Logger; warnings: string[]; lessons: string[] } {
  const warnings: string[] = [];
  const lessons: string[] = [];
  const none = () => {};
  const warn = (message: string) => warnings.push(message);
  const info = (message: string) => lessons.push(message);
  return { logger: { debug: none, info, warn, error: none }, warnings, lessons };
}

const bodyOf = (request: { body: string } | undefined) => JSON.parse(request?.body ?? "{}");

describe("a refused parameter", () => {
  test("is left out of one more request, and of all that follow", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      if (body.includes("temperature")) {
        answerError(response, 400, "ValidationException", TEMPERATURE);
      } else answerJson(response, "ok");
    });
    const { logger, warnings, lessons } = keepingLogger();
    const llm = testClient(context, server.url, { modelId: PROFILE, logger });
    const first = await llm.invoke({ messages: "hi", temperature: 0.3, maxTokens: 9 });
    assert.equal(first.$metadata?.attempts, 2);
    assert.deepEqual(
      server.requests.map((request) => bodyOf(request).inferenceConfig),
      [{ maxTokens: 9, temperature: 0.3 }, { maxTokens: 9 }],
    );
    assert.deepEqual(
      first.$metadata?.warnings?.map(({ path, rule, kind }) => [path, rule, kind]),
      [["inferenceConfig.temperature", "sampling-refused", "warning"]],
    );
    const second = await llm.invoke({ messages: "hi", temperature: 0.3 });
    assert.equal(second.$metadata?.attempts, 1);
    assert.equal(second.$metadata?.warnings?.length, 1);
    assert.equal(server.requests.length, 3);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /temperature is left out/);
    assert.deepEqual(lessons, [
      `Bedrock: This model refuses temperature; sampling is left to it from now on. (sampling-refused, ${PROFILE})`,
    ]);
  });

  test("is remembered for its own model only", async (context) => {
    const server = await scriptedServer(context, ({ path, body }, response) => {
      if (path.includes("one") && body.includes("temperature")) {
        answerError(response, 400, "ValidationException", TEMPERATURE);
      } else answerJson(response, "ok");
    });
    const llm = testClient(context, server.url);
    await llm.invoke({ modelId: "test.one", messages: "hi", temperature: 0 });
    await llm.invoke({ modelId: "test.two", messages: "hi", temperature: 0 });
    assert.equal(bodyOf(server.requests.at(-1)).inferenceConfig.temperature, 0);
  });

  test("that is refused all the same is refused for good", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 400, "ValidationException", TEMPERATURE),
    );
    const llm = testClient(context, server.url);
    await assert.rejects(llm.invoke({ messages: "hi", temperature: 0 }), {
      code: "ValidationException",
      attempts: 2,
    });
    assert.equal(server.requests.length, 2);
    await assert.rejects(llm.invoke({ messages: "hi", temperature: 0 }), { attempts: 1 });
  });

  test("that was not sent leads to no second request", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 400, "ValidationException", TEMPERATURE),
    );
    const llm = testClient(context, server.url);
    await assert.rejects(llm.invoke({ messages: "hi" }), { attempts: 1 });
  });

  test("is learnt from a stream that begins with the refusal as well", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      beginStream(response);
      const frames = body.includes("temperature")
        ? [exceptionFrame("validationException", TEMPERATURE)]
        : textFrames(["ok"]);
      response.end(Buffer.concat(frames));
    });
    const llm = testClient(context, server.url);
    const response = await llm.invokeStream({ messages: "hi", temperature: 0 }).response();
    assert.equal(response.$metadata?.attempts, 2);
    assert.equal(server.requests.length, 2);
  });

  test("is left out of what was asked, not of what the caller's list has become", async (context) => {
    const messages = [{ role: "user" as const, content: "hi" }];
    const server = await scriptedServer(context, ({ body }, response) => {
      messages.push({ role: "user", content: "and more" });
      if (body.includes("temperature")) {
        answerError(response, 400, "ValidationException", TEMPERATURE);
      } else answerJson(response, "ok");
    });
    const llm = testClient(context, server.url);
    await llm.invoke({ messages, temperature: 0 });
    const [first, second] = server.requests.map((request) => bodyOf(request).messages);
    assert.deepEqual(second, first);
  });
});

test("several refusals one after the other are met one by one, but not without end", async (context) => {
  const refusals: [fragment: string, message: string][] = [
    [
      "stopSequences",
      "This model doesn't support the stopSequences field. Remove stopSequences and try again.",
    ],
    ["temperature", TEMPERATURE],
    [
      "top_k",
      "The model returned the following errors: Malformed input request: #: extraneous key [top_k] is not permitted, please reformat your input and try again.",
    ],
  ];
  const server = await scriptedServer(context, ({ body }, response) => {
    const refusal = refusals.find(([fragment]) => body.includes(fragment));
    if (refusal === undefined) answerJson(response, "ok");
    else answerError(response, 400, "ValidationException", refusal[1]);
  });
  const llm = testClient(context, server.url);
  const response = await llm.invoke({
    messages: "hi",
    temperature: 0,
    stopSequences: ["END"],
    additionalModelRequestFields: { top_k: 5 },
  });
  assert.equal(response.$metadata?.warnings?.length, 3);
  assert.ok(server.requests.length <= 4);
});

test("prompt caching that is refused is done without", async (context) => {
  const server = await scriptedServer(context, ({ body }, response) => {
    if (body.includes("cachePoint")) {
      const message =
        "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";
      answerError(response, 403, "AccessDeniedException", message);
    } else answerJson(response, "ok");
  });
  const llm = testClient(context, server.url);
  const systemPrompt = ["Be brief.", { cachePoint: { type: "default" } }] as const;
  const response = await llm.invoke({ messages: "hi", systemPrompt });
  assert.deepEqual(bodyOf(server.requests.at(-1)).system, [{ text: "Be brief." }]);
  assert.deepEqual(
    response.$metadata?.warnings?.map(({ rule }) => rule),
    ["cache-refused"],
  );
});

test("another refusal is told as it is, once", async (context) => {
  const server = await scriptedServer(context, (_, response) =>
    answerError(response, 400, "ValidationException", "Input is too long for requested model."),
  );
  const llm = testClient(context, server.url);
  await assert.rejects(llm.invoke({ messages: "hi", temperature: 0 }), {
    message: "Input is too long for requested model.",
    attempts: 1,
  });
});

test("calls that are refused alike at the same time are all met with another request", async (context) => {
  const server = await scriptedServer(context, ({ body }, response) => {
    if (body.includes("temperature")) {
      answerError(response, 400, "ValidationException", TEMPERATURE);
    } else answerJson(response, "ok");
  });
  const llm = testClient(context, server.url);
  const calls = Array.from({ length: 10 }, () => llm.invoke({ messages: "hi", temperature: 0 }));
  const streams = Array.from({ length: 5 }, () =>
    llm.invoke({ modelId: "test.other", messages: "hi", temperature: 0 }),
  );
  const answers = await Promise.all([...calls, ...streams]);
  assert.ok(answers.every(({ $metadata }) => ($metadata?.attempts ?? 0) <= 2));
});

test("the attempts of a call are those of all its requests, and so are its pauses", async (context) => {
  const server = await scriptedServer(context, ({ body }, response, index) => {
    if (index === 0) answerError(response, 429, "ThrottlingException", "Too many requests");
    else if (body.includes("temperature")) {
      answerError(response, 400, "ValidationException", TEMPERATURE);
    } else if (index === 2) answerError(response, 503, "ServiceUnavailableException", "busy");
    else answerJson(response, "ok");
  });
  const llm = testClient(context, server.url);
  const response = await llm.invoke({
    messages: "hi",
    temperature: 0,
    retry: { maxAttempts: 4 },
  });
  assert.equal(response.$metadata?.attempts, 4);
  assert.equal(server.requests.length, 4);
  assert.ok((response.$metadata?.totalRetryDelay ?? -1) >= 0);
  const spent = await scriptedServer(context, ({ body }, response) => {
    if (body.includes("temperature")) {
      answerError(response, 400, "ValidationException", TEMPERATURE);
    } else answerError(response, 503, "ServiceUnavailableException", "busy");
  });
  const other = testClient(context, spent.url);
  const asked = { messages: "hi", temperature: 0, retry: { maxAttempts: 2 } };
  await assert.rejects(other.invoke(asked), { code: "ServiceUnavailableException", attempts: 2 });
  assert.equal(spent.requests.length, 2);
});

test("a refusal that repeats what was sent teaches nothing", async (context) => {
  const server = await scriptedServer(context, ({ body }, response) => {
    if (body.includes("`temperature` is deprecated")) {
      const message = "Malformed input: `temperature` is deprecated for this model. Rephrase it.";
      answerError(response, 400, "ValidationException", message);
    } else answerJson(response, "ok");
  });
  const llm = testClient(context, server.url);
  const messages = "Why do they say that `temperature` is deprecated for this model.";
  await assert.rejects(llm.invoke({ messages, temperature: 0 }), { attempts: 1 });
  await llm.invoke({ messages: "hi", temperature: 0 });
  assert.equal(bodyOf(server.requests.at(-1)).inferenceConfig.temperature, 0);
});

test("what one profile of a model has taught is known for the others, and for counting", async (context) => {
  const server = await scriptedServer(context, ({ path, body }, response) => {
    if (body.includes("cachePoint")) {
      const message =
        "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";
      answerError(response, 403, "AccessDeniedException", message);
    } else if (path.endsWith("count-tokens")) response.end('{"inputTokens":7}');
    else answerJson(response, "ok");
  });
  const llm = testClient(context, server.url);
  const systemPrompt = ["Be brief.", { cachePoint: { type: "default" } }] as const;
  const asked = { messages: "hi", systemPrompt };
  const attempts: (number | undefined)[] = [];
  for (const modelId of ["us.acme.x-v1", "eu.acme.x-v1", "acme.x-v1"]) {
    const { $metadata } = await llm.invoke({ ...asked, modelId });
    attempts.push($metadata?.attempts);
  }
  assert.deepEqual(attempts, [2, 1, 1]);
  assert.deepEqual(await llm.countTokens({ ...asked, modelId: "us.acme.x-v1" }), {
    inputTokens: 7,
  });
  assert.deepEqual(await llm.countTokens({ ...asked, modelId: "us.other.y" }), { inputTokens: 7 });
  assert.equal(server.requests.length, 4 + 1 + 2);
});
