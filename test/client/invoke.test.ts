// `invoke` through real sockets: what is sent, what comes back, and what failure looks like.

import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import {
  BedrockError,
  type BedrockLLMOptions,
  ConnectionError,
  StreamError,
  TimeoutError,
} from "../../src/index.ts";
import { TEST_CREDENTIALS, testClient } from "../helpers/client.ts";
import { deferred } from "../helpers/deferred.ts";
import { answerError, answerJson, scriptedServer } from "../helpers/scripted-server.ts";

const QUICK_RETRY = { retry: { maxAttempts: 3 } } satisfies BedrockLLMOptions;

describe("a call that goes well", () => {
  test("sends one signed request and returns the Converse response", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "Paris."));
    const llm = testClient(context, server.url);
    const response = await llm.invoke({
      messages: "What is the capital of France?",
      maxTokens: 100,
    });

    assert.deepEqual(response, {
      output: { message: { role: "assistant", content: [{ text: "Paris." }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      metrics: { latencyMs: 7 },
      $metadata: {
        httpStatusCode: 200,
        requestId: "request-1",
        attempts: 1,
        totalRetryDelay: 0,
      },
    });
    const [request] = server.requests;
    assert.equal(request?.method, "POST");
    assert.equal(request?.path, "/model/us.test.model-v1%3A0/converse");
    assert.deepEqual(JSON.parse(request?.body ?? ""), {
      messages: [{ role: "user", content: [{ text: "What is the capital of France?" }] }],
      inferenceConfig: { maxTokens: 100 },
    });
    assert.match(
      String(request?.headers.authorization),
      /^AWS4-HMAC-SHA256 Credential=AKIDTEST\/\d{8}\/us-east-1\/bedrock\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    assert.equal(request?.headers["x-amz-security-token"], TEST_CREDENTIALS.sessionToken);
    assert.match(String(request?.headers["user-agent"]), /^dcaf\/\d/);
  });

  test("keeps its connection for the next one", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url);
    for (let call = 0; call < 5; call++) await llm.invoke({ messages: "again" });
    assert.equal(server.connections.length, 1);
  });

  test("opens no more sockets than it is told", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url, { maxConnections: 2 });
    await Promise.all(Array.from({ length: 12 }, () => llm.invoke({ messages: "at once" })));
    assert.equal(server.connections.length, 2);
  });

  test("with an API key sends it as a bearer token and signs nothing", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    await testClient(context, server.url, { apiKey: "bedrock-api-key-x" }).invoke({
      messages: "hi",
    });
    const headers = server.requests[0]?.headers ?? {};
    assert.equal(headers.authorization, "Bearer bedrock-api-key-x");
    assert.equal(headers["x-amz-date"], undefined);
  });

  test("keeps the base path of an endpoint and signs it", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    await testClient(context, `${server.url}/gateway/`).invoke({ messages: "hi" });
    assert.equal(server.requests[0]?.path, "/gateway/model/us.test.model-v1%3A0/converse");
  });

  test("keeps members of the answer that are newer than its types", async (context) => {
    const newer = { somethingNew: { deep: [1] } };
    const server = await scriptedServer(context, (_, response) =>
      answerJson(response, "ok", newer),
    );
    const response = await testClient(context, server.url).invoke({ messages: "hi" });
    assert.deepEqual((response as unknown as typeof newer).somethingNew, newer.somethingNew);
  });

  test("says so when the service did not tell what it cost", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerJson(response, "ok", { usage: undefined }),
    );
    const response = await testClient(context, server.url).invoke({ messages: "hi" });
    assert.deepEqual(response.usage, { inputTokens: 0, outputTokens: 0, totalTokens: 0 });
    assert.equal(response.$metadata?.usageMissing, true);
  });

  test("gives a message without content when a guardrail left no output", async (context) => {
    const blocked = { output: undefined, stopReason: "guardrail_intervened" };
    const server = await scriptedServer(context, (_, response) =>
      answerJson(response, "", blocked),
    );
    const response = await testClient(context, server.url).invoke({ messages: "hi" });
    assert.deepEqual(response.output, { message: { role: "assistant", content: [] } });
  });
});

describe("a call that fails", () => {
  test("is an error with the AWS name, the message, the request id and a hint", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 404, "ResourceNotFoundException", "Could not resolve the model."),
    );
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), (error) => {
      assert.ok(error instanceof BedrockError);
      assert.equal(error.name, "ResourceNotFoundException");
      assert.equal(error.code, "ResourceNotFoundException");
      assert.equal(error.message, "Could not resolve the model.");
      assert.equal(error.status, 404);
      assert.equal(error.requestId, "request-9");
      assert.equal(error.attempts, 1);
      assert.equal(error.retryable, false);
      assert.match(String(error.hint), /model id and the region/);
      return true;
    });
  });

  test("for expired credentials names the command that renews them", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 403, "ExpiredTokenException", "The security token has expired"),
    );
    await assert.rejects(
      testClient(context, server.url).invoke({ messages: "hi" }),
      (error: BedrockError) =>
        error.name === "ExpiredTokenException" &&
        /dcaf env-update-aws-creds/.test(error.hint ?? ""),
    );
  });

  test("finds the name in the body when the header is missing", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      response.statusCode = 400;
      response.end(JSON.stringify({ __type: "com.amazon#ValidationException", Message: "no" }));
    });
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      name: "ValidationException",
      message: "no",
    });
  });

  test("is tried again after 503, and tells how often", async (context) => {
    const server = await scriptedServer(context, (_, response, index) =>
      index < 2
        ? answerError(response, 503, "ServiceUnavailableException", "busy")
        : answerJson(response, "at last"),
    );
    const response = await testClient(context, server.url).invoke({ messages: "hi" });
    assert.equal(server.requests.length, 3);
    assert.equal(response.$metadata?.attempts, 3);
  });

  test("is tried three times and no more by default", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 503, "ServiceUnavailableException", "busy"),
    );
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      name: "ServiceUnavailableException",
      attempts: 3,
      retryable: true,
    });
    assert.equal(server.requests.length, 3);
  });

  test("is tried once when the request says so", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 503, "ServiceUnavailableException", "busy"),
    );
    const llm = testClient(context, server.url, QUICK_RETRY);
    await assert.rejects(llm.invoke({ messages: "hi", retry: { mode: "off" } }), { attempts: 1 });
    await assert.rejects(llm.invoke({ messages: "hi", retry: { maxAttempts: 1 } }), {
      attempts: 1,
    });
  });

  test("fails at once when the service asks for more than a minute", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 429, "ThrottlingException", "slow down", { "retry-after": "3600" }),
    );
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      name: "ThrottlingException",
      attempts: 1,
      retryAfterMs: 3_600_000,
    });
  });

  test("names host and port when nothing listens, after trying again", async (context) => {
    const llm = testClient(context, "http://127.0.0.1:1");
    await assert.rejects(llm.invoke({ messages: "hi" }), (error) => {
      assert.ok(error instanceof ConnectionError);
      assert.match(error.message, /127\.0\.0\.1:1 \(ECONNREFUSED\)/);
      assert.match(String(error.hint), /dcaf local/);
      assert.equal(error.attempts, 3);
      return true;
    });
  });

  test("reports a body that broke off, never half an answer", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"stopReason":"end_turn"');
      setImmediate(() => response.destroy());
    });
    const llm = testClient(context, server.url, { retry: { maxAttempts: 2 } });
    await assert.rejects(llm.invoke({ messages: "hi" }), (error) => {
      assert.ok(error instanceof ConnectionError && error.attempts === 2);
      return true;
    });
  });

  test("says what a sign-in page is", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<html>Please sign in</html>");
    });
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), StreamError);
  });

  test("says what a proxy's 502 page is, after trying again", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      response.writeHead(502, { "content-type": "text/html" });
      response.end("<html>Bad gateway</html>");
    });
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      name: "InternalServerException",
      status: 502,
      attempts: 3,
      message: /answered 502 \(text\/html\)/,
    });
  });

  test("never follows a redirect", async (context) => {
    const elsewhere = await scriptedServer(context, (_, response) =>
      answerJson(response, "stolen"),
    );
    const server = await scriptedServer(context, (_, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/model/x/converse` });
      response.end();
    });
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      status: 307,
      message: /a redirect/,
    });
    assert.equal(elsewhere.connections.length, 0);
  });

  test("reads an endless error body only so far", async (context) => {
    let written = 0;
    const server = await scriptedServer(context, (_, response) => {
      response.writeHead(400, { "content-type": "text/plain" });
      const write = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536))) written += 65_536;
        response.once("drain", write);
      };
      write();
    });
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      status: 400,
    });
    assert.ok(written < 32 * 1024 * 1024, `${written} bytes were taken`);
  });

  test("does not wait for a server that switches protocols", async (context) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () =>
        socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
        ),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    context.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const llm = testClient(context, `http://127.0.0.1:${port}`, { retry: { mode: "off" } });
    await assert.rejects(llm.invoke({ messages: "hi" }), ConnectionError);
  });

  test("is sent again when kept-alive connections were stale, at no attempt's cost", async (context) => {
    let accepted = 0;
    let isRestarted = false;
    const body = JSON.stringify({
      output: { message: { role: "assistant", content: [{ text: "ok" }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    });
    const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const server = createServer((socket) => {
      accepted += 1;
      const isOld = !isRestarted;
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        if (!chunk.includes("}")) return;
        // An old connection is closed by the server just as it is used again.
        if (isOld && isRestarted) socket.resetAndDestroy();
        else socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    context.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const llm = testClient(context, `http://127.0.0.1:${port}`, { retry: { mode: "off" } });
    await Promise.all(Array.from({ length: 4 }, () => llm.invoke({ messages: "before" })));
    isRestarted = true;
    const response = await llm.invoke({ messages: "after" });
    assert.deepEqual([response.$metadata?.attempts, accepted], [1, 5]);
  });

  test("is not made worse by a logger that fails", async (context) => {
    const fails = (): never => {
      throw new Error("disk full");
    };
    const logger = { debug: fails, info: fails, warn: fails, error: fails };
    const server = await scriptedServer(context, (_, response, index) =>
      index === 0
        ? answerError(response, 503, "ServiceUnavailableException", "busy")
        : answerJson(response, "ok"),
    );
    const response = await testClient(context, server.url, { logger }).invoke({ messages: "hi" });
    assert.equal(response.$metadata?.attempts, 2);
  });

  test("is refused as no answer when it has no output and no guardrail stopped it", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerJson(response, "", { output: undefined }),
    );
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      name: "StreamError",
      reason: "protocol",
      status: 200,
      requestId: "request-1",
    });
  });

  test("is refused when somebody on the way compressed it", async (context) => {
    const server = await scriptedServer(context, (_, response) => {
      response.writeHead(200, { "content-encoding": "gzip", "content-type": "application/json" });
      response.end(Buffer.from([0x1f, 0x8b]));
    });
    await assert.rejects(testClient(context, server.url).invoke({ messages: "hi" }), {
      name: "StreamError",
      message: /came compressed \(gzip\)/,
    });
  });

  test("times out by phase when the answer does not come", async (context) => {
    const server = await scriptedServer(context, () => {});
    const llm = testClient(context, server.url, { timeouts: { responseMs: 30 } });
    await assert.rejects(llm.invoke({ messages: "hi" }), (error) => {
      assert.ok(error instanceof TimeoutError);
      assert.deepEqual([error.phase, error.attempts], ["response", 1]);
      assert.ok(error.elapsedMs >= 29, `${error.elapsedMs}`);
      assert.match(String(error.hint), /timeouts\.responseMs/);
      return true;
    });
    assert.equal(server.requests.length, 1, "a model that may be at work is not asked twice");
  });

  test("times out while connecting when TLS is never answered, after trying again", async (context) => {
    let accepted = 0;
    const silent = createServer((socket) => {
      accepted += 1;
      socket.on("error", () => {});
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    context.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const llm = testClient(context, `https://127.0.0.1:${port}`, { timeouts: { connectMs: 30 } });
    await assert.rejects(llm.invoke({ messages: "hi", retry: { maxAttempts: 2 } }), {
      name: "TimeoutError",
      phase: "connect",
      attempts: 2,
    });
    assert.equal(accepted, 2);
  });

  test("times out while connecting when every allowed socket is taken", async (context) => {
    const arrived = deferred();
    const server = await scriptedServer(context, () => arrived.resolve());
    const llm = testClient(context, server.url, { maxConnections: 1, retry: { mode: "off" } });
    llm.invoke({ messages: "takes the only socket" }).catch(() => {});
    await arrived.promise;
    await assert.rejects(llm.invoke({ messages: "waits", timeouts: { connectMs: 30 } }), {
      name: "TimeoutError",
      phase: "connect",
    });
    assert.equal(server.requests.length, 1);
  });

  test("has a stack that leads to the caller, of invoke and of a stream", async (context) => {
    const llm = testClient(context, "http://127.0.0.1:1", { retry: { mode: "off" } });
    async function theCallersInvoke(): Promise<void> {
      await llm.invoke({ messages: "hi" });
    }
    async function theCallersStream(): Promise<void> {
      await llm.invokeStream({ messages: "hi" }).response();
    }
    for (const call of [theCallersInvoke, theCallersStream]) {
      await assert.rejects(call, (error: Error) => {
        assert.match(String(error.stack), /^ConnectionError: No answer from 127\.0\.0\.1:1/);
        return String(error.stack).includes(call.name);
      });
    }
  });

  test("shows no credential and no prompt, however it is printed", async (context) => {
    const { secretAccessKey, sessionToken } = TEST_CREDENTIALS;
    const server = await scriptedServer(context, (request, response) =>
      answerError(
        response,
        403,
        "InvalidSignatureException",
        `The canonical string was POST x-amz-security-token:${request.headers["x-amz-security-token"]} ${secretAccessKey}`,
      ),
    );
    const error: unknown = await testClient(context, server.url)
      .invoke({ messages: "canary-prompt", systemPrompt: "canary-system" })
      .catch((reason: unknown) => reason);
    const printed =
      inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + String(error);
    assert.match(printed, /\[redacted\]/);
    for (const canary of [secretAccessKey, sessionToken, "canary-prompt", "canary-system"]) {
      assert.ok(!printed.includes(canary), canary);
    }
  });
});

describe("stopping a call", () => {
  test("an aborted signal rejects with AbortError and closes the socket", async (context) => {
    const controller = new AbortController();
    const closed = deferred();
    const server = await scriptedServer(context, (_, response) => {
      response.on("close", () => closed.resolve());
      controller.abort(new Error("the user left"));
    });
    await assert.rejects(
      testClient(context, server.url).invoke({ messages: "hi", signal: controller.signal }),
      (error: Error) =>
        error.name === "AbortError" && (error.cause as Error).message === "the user left",
    );
    await closed.promise;
  });

  test("tells how many requests were begun, none when none was", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url);
    await llm.invoke({ messages: "warm" });
    const aborted = llm.invoke({ messages: "hi", signal: AbortSignal.abort() });
    await assert.rejects(aborted, { name: "AbortError", attempts: 0 });
    const without = testClient(context, server.url, {
      credentials: () => Promise.reject(new Error("no keys today")),
    });
    const refused = without.invoke({ messages: "hi" });
    await assert.rejects(refused, { name: "CredentialsError", attempts: 0 });
  });

  test("one signal for many calls is no reason to warn", async (context) => {
    const warnings: Error[] = [];
    const listener = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listener);
    context.after(() => process.off("warning", listener));
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 30 }, () => llm.invoke({ messages: "hi", signal })));
    await new Promise(setImmediate);
    assert.deepEqual(warnings, []);
  });

  test("a signal aborted beforehand sends nothing", async (context) => {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    const llm = testClient(context, server.url);
    await assert.rejects(llm.invoke({ messages: "hi", signal: AbortSignal.abort() }), {
      name: "AbortError",
    });
    assert.equal(server.connections.length, 0);
  });

  test("closing the client aborts what runs and refuses what follows", async (context) => {
    const arrived = deferred();
    const server = await scriptedServer(context, () => arrived.resolve());
    const llm = testClient(context, server.url);
    const running = llm.invoke({ messages: "hi" });
    running.catch(() => {});
    await arrived.promise;
    await llm.close();
    await assert.rejects(running, { name: "AbortError", message: "The client was closed." });
    await assert.rejects(llm.invoke({ messages: "hi" }), TypeError);
  });
});
