// What happens when the service refuses who asks: expired keys, unknown keys, a clock that is wrong.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { type AwsCredentials, BedrockError, BedrockLLM, textOf } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { deferred } from "../helpers/deferred.ts";
import {
  type ArrivedRequest,
  answerError,
  answerJson,
  beginStream,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";

const HOUR_MS = 3_600_000;

function keysNumbered(number: number): AwsCredentials {
  return {
    accessKeyId: `AKID${number}`,
    secretAccessKey: `canary-secret-${number}`,
    sessionToken: `canary-token-${number}`,
  };
}

/** Which keys a request was signed with. */
function keyOf({ headers }: ArrivedRequest): string {
  return /Credential=(\w+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
}

/** A provider that counts, and gives other keys each time. */
function countingProvider(first = 1) {
  const asked: unknown[] = [];
  const provider = (options?: { forceRefresh?: boolean }) => {
    asked.push(options?.forceRefresh ?? false);
    return keysNumbered(first + asked.length - 1);
  };
  return { asked, provider };
}

describe("keys that have expired", () => {
  for (const code of ["ExpiredTokenException", "UnrecognizedClientException"]) {
    test(`are renewed once, and the request goes again, after ${code}`, async (context) => {
      const server = await scriptedServer(context, (request, response) => {
        if (keyOf(request) === "AKID1") return answerError(response, 403, code, "expired");
        answerJson(response, "ok");
      });
      const { asked, provider } = countingProvider();
      const llm = testClient(context, server.url, {
        credentials: provider,
        retry: { maxAttempts: 1 },
      });
      const response = await llm.invoke({ messages: "hi" });
      assert.equal(textOf(response), "ok");
      assert.equal(response.$metadata?.attempts, 2);
      assert.deepEqual(asked, [false, true]);
      assert.deepEqual(server.requests.map(keyOf), ["AKID1", "AKID2"]);
    });
  }

  test("are renewed for a stream, too", async (context) => {
    const server = await scriptedServer(context, (request, response) => {
      if (keyOf(request) === "AKID1") {
        return answerError(response, 403, "ExpiredTokenException", "expired");
      }
      beginStream(response);
      response.end(Buffer.concat(textFrames(["ok"])));
    });
    const { asked, provider } = countingProvider();
    const llm = testClient(context, server.url, { credentials: provider });
    assert.equal(textOf(await llm.invokeStream({ messages: "hi" }).response()), "ok");
    assert.equal(asked.length, 2);
  });

  test("are renewed once for a thousand callers", async (context) => {
    const server = await scriptedServer(context, (request, response) => {
      if (keyOf(request) === "AKID1") {
        return answerError(response, 403, "ExpiredTokenException", "expired");
      }
      answerJson(response, "ok");
    });
    const { asked, provider } = countingProvider();
    const llm = testClient(context, server.url, { credentials: provider, maxConnections: 50 });
    const answers = Array.from({ length: 1000 }, () => llm.invoke({ messages: "hi" }));
    const responses = await Promise.all(answers);
    assert.ok(responses.every((response) => textOf(response) === "ok"));
    assert.deepEqual(asked, [false, true]);
  });

  test("and stay expired are the service's error, after one renewal and one more request", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 403, "ExpiredTokenException", "expired"),
    );
    const { asked, provider } = countingProvider();
    const llm = testClient(context, server.url, { credentials: provider });
    await assert.rejects(llm.invoke({ messages: "hi" }), {
      name: "ExpiredTokenException",
      attempts: 2,
    });
    assert.deepEqual([asked.length, server.requests.length], [2, 2]);
  });

  test("that cannot be renewed are a CredentialsError; nothing more is sent", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 403, "ExpiredTokenException", "expired"),
    );
    let asked = 0;
    const llm = testClient(context, server.url, {
      credentials: () => {
        asked += 1;
        if (asked > 1) throw new Error("signed out");
        return keysNumbered(1);
      },
    });
    await assert.rejects(llm.invoke({ messages: "hi" }), {
      name: "CredentialsError",
      message: "The credentials provider failed: signed out",
    });
    assert.equal(server.requests.length, 1);
  });

  test("whose renewal hangs are a CredentialsError within the limit", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 403, "ExpiredTokenException", "expired"),
    );
    const llm = testClient(context, server.url, {
      credentials: (options) => (options?.forceRefresh ? new Promise(() => {}) : keysNumbered(1)),
      timeouts: { credentialsMs: 30 },
    });
    await assert.rejects(llm.invoke({ messages: "hi" }), {
      name: "CredentialsError",
      message: /did not answer within 30 ms/,
    });
  });

  test("that are being renewed can be aborted", async (context) => {
    const renewing = deferred();
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 403, "ExpiredTokenException", "expired"),
    );
    const llm = testClient(context, server.url, {
      credentials: (options) => {
        if (!options?.forceRefresh) return keysNumbered(1);
        renewing.resolve();
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const answer = llm.invoke({ messages: "hi", signal: controller.signal });
    await renewing.promise;
    controller.abort();
    await assert.rejects(answer, { name: "AbortError", attempts: 1 });
  });

  for (const [title, options, source] of [
    ["an object", { credentials: keysNumbered(1) }, "The keys came from the option credentials."],
    ["an API key", { apiKey: "canary-api-key" }, "The keys came from the option apiKey."],
  ] as const) {
    test(`given as ${title} cannot be renewed: asked once, and the error names them`, async (context) => {
      const server = await scriptedServer(context, (_, response) =>
        answerError(response, 403, "UnrecognizedClientException", "invalid token"),
      );
      const llm = testClient(context, server.url, options);
      await assert.rejects(llm.invoke({ messages: "hi" }), (error: BedrockError) => {
        assert.ok(error instanceof BedrockError);
        assert.ok(error.hint?.endsWith(source), error.hint);
        assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), /canary/);
        return true;
      });
      assert.equal(server.requests.length, 1);
    });
  }

  test("of the environment are named as such", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 403, "ExpiredTokenException", "expired"),
    );
    const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
    for (const name of names) process.env[name] = "canary";
    const llm = new BedrockLLM({ endpoint: server.url, modelId: "fast" });
    for (const name of names) delete process.env[name];
    context.after(() => llm.close());
    await assert.rejects(llm.invoke({ messages: "hi" }), (error: BedrockError) => {
      assert.match(
        String(error.hint),
        /The keys came from the environment \(AWS_ACCESS_KEY_ID\)\.$/,
      );
      return true;
    });
  });
});

describe("a clock that is wrong", () => {
  /** The time of a request's signature. */
  function signedAt({ headers }: ArrivedRequest): number {
    const text = String(headers["x-amz-date"]);
    return Date.parse(text.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
  }

  async function serverAhead(context: Parameters<typeof scriptedServer>[0], aheadMs: number) {
    return await scriptedServer(context, (request, response) => {
      const now = Date.now() + aheadMs;
      const headers = { date: new Date(now).toUTCString() };
      if (Math.abs(signedAt(request) - now) > 5 * 60_000) {
        const message = "Signature expired: it is now earlier than it should be";
        return answerError(response, 403, "InvalidSignatureException", message, headers);
      }
      answerJson(response, "ok");
    });
  }

  for (const hours of [1, -1, 24, -24]) {
    test(`by ${hours} hours is corrected once, for all calls that follow`, async (context) => {
      const server = await serverAhead(context, hours * HOUR_MS);
      const llm = testClient(context, server.url, { retry: { mode: "off" } });
      assert.equal((await llm.invoke({ messages: "hi" })).$metadata?.attempts, 2);
      assert.equal((await llm.invoke({ messages: "hi" })).$metadata?.attempts, 1);
      assert.equal(server.requests.length, 3);
    });
  }

  test("is corrected for all calls that were under way", async (context) => {
    const server = await serverAhead(context, HOUR_MS);
    const llm = testClient(context, server.url);
    const answers = Array.from({ length: 20 }, () => llm.invoke({ messages: "hi" }));
    for (const answer of await Promise.all(answers)) assert.equal(answer.$metadata?.attempts, 2);
  });

  test("is not blamed for a signature that is wrong for another reason", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerError(response, 403, "InvalidSignatureException", "does not match", {
        date: new Date().toUTCString(),
      }),
    );
    const llm = testClient(context, server.url);
    await assert.rejects(llm.invoke({ messages: "hi" }), {
      name: "InvalidSignatureException",
      attempts: 1,
    });
  });

  test("is corrected once and no more, whatever the service says", async (context) => {
    let hours = 0;
    const server = await scriptedServer(context, (_, response) => {
      hours += 1;
      answerError(response, 403, "RequestExpired", "expired", {
        date: new Date(Date.now() + hours * HOUR_MS).toUTCString(),
      });
    });
    const llm = testClient(context, server.url);
    await assert.rejects(llm.invoke({ messages: "hi" }), { name: "RequestExpired" });
    assert.equal(server.requests.length, 2);
  });

  test("keeps no keys for expired that are not, by the service's time", async (context) => {
    // This machine is an hour ahead: keys good for another half hour look expired here.
    const server = await serverAhead(context, -HOUR_MS);
    let asked = 0;
    const llm = testClient(context, server.url, {
      credentials: () => {
        asked += 1;
        return { ...keysNumbered(1), expiration: new Date(Date.now() - HOUR_MS / 2) };
      },
    });
    await llm.invoke({ messages: "hi" });
    const before = asked;
    await llm.invoke({ messages: "hi" });
    assert.equal(asked, before);
  });
});
