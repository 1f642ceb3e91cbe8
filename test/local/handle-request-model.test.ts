import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { test } from "node:test";
import { BedrockError } from "../../src/core/errors.ts";
import type { LocalModelRequest } from "../../src/local/index.ts";
import {
  CONVERSE,
  CONVERSE_STREAM,
  call,
  callBoth,
  faultOf,
  HELLO,
  startFor,
} from "./local-client.ts";

test("a model function gets the request with its bytes decoded", async (context) => {
  let seen: LocalModelRequest | undefined;
  const local = await startFor(context, {
    model: async (asked) => {
      seen = asked;
      return "Hello.";
    },
  });
  const body = {
    messages: [
      {
        role: "user",
        content: [
          { text: "AAEC" },
          { image: { format: "png", source: { bytes: "AAEC" } } },
          { guardContent: { image: { format: "png", source: { bytes: "AAEC" } } } },
        ],
      },
      {
        role: "assistant",
        content: [
          { reasoningContent: { redactedContent: "AAEC" } },
          { toolUse: { toolUseId: "a", name: "look", input: { bytes: "AAEC" } } },
        ],
      },
      {
        role: "user",
        content: [
          {
            toolResult: {
              toolUseId: "a",
              content: [{ document: { format: "pdf", name: "a", source: { bytes: "AAEC" } } }],
            },
          },
        ],
      },
    ],
    toolConfig: {
      tools: [{ toolSpec: { name: "look", inputSchema: { json: { type: "object" } } } }],
    },
    additionalModelRequestFields: { bytes: "AAEC" },
  };
  await call({
    url: local.url,
    path: CONVERSE_STREAM,
    body,
    headers: { authorization: "x", "x-a": "b" },
  });
  assert.ok(seen !== undefined);
  const { headers, signal, ...asked } = seen;
  const bytes = Uint8Array.of(0, 1, 2);
  assert.deepEqual(asked, {
    ...body,
    operation: "converse-stream",
    modelId: "any.model-v1:0",
    messages: [
      {
        role: "user",
        content: [
          { text: "AAEC" },
          { image: { format: "png", source: { bytes } } },
          { guardContent: { image: { format: "png", source: { bytes } } } },
        ],
      },
      {
        role: "assistant",
        content: [
          { reasoningContent: { redactedContent: bytes } },
          { toolUse: { toolUseId: "a", name: "look", input: { bytes: "AAEC" } } },
        ],
      },
      {
        role: "user",
        content: [
          {
            toolResult: {
              toolUseId: "a",
              content: [{ document: { format: "pdf", name: "a", source: { bytes } } }],
            },
          },
        ],
      },
    ],
  });
  assert.equal(headers["x-a"], "b");
  assert.equal(signal.aborted, false);
  assert.deepEqual(local.requests[0]?.body, body);
});

test("a model function may throw any AWS error", async (context) => {
  let thrown: unknown;
  const local = await startFor(context, {
    model: () => {
      throw thrown;
    },
  });
  const named = (name: string, rest: object = {}) =>
    Object.assign(new Error("no"), { name, ...rest });
  const cases: [thrown: unknown, status: number, name: string][] = [
    [named("ThrottlingException"), 429, "ThrottlingException"],
    [named("ModelTimeoutException"), 408, "ModelTimeoutException"],
    [named("OptInRequired"), 403, "OptInRequired"],
    [named("BrandNewException"), 400, "BrandNewException"],
    [named("BrandNewException", { status: 502 }), 502, "BrandNewException"],
    [new BedrockError("no", { code: "AccessDeniedException" }), 403, "AccessDeniedException"],
  ];
  for (const [error, status, name] of cases) {
    thrown = error;
    for (const path of [CONVERSE, CONVERSE_STREAM]) {
      for (const answer of await callBoth({ url: local.url, path })) {
        assert.deepEqual(faultOf(answer), [status, name, "no"]);
      }
    }
  }
  assert.equal(local.lastError, undefined);
});

test("retryAfterMs of a thrown error becomes a header in seconds, or in milliseconds where those are no seconds", async (context) => {
  let retryAfterMs = 0;
  const { url } = await startFor(context, {
    model: () => {
      throw new BedrockError("slow down", { code: "ThrottlingException", retryAfterMs });
    },
  });
  const expected = [
    [0, "0", undefined],
    [2000, "2", undefined],
    [1500, undefined, "1500"],
    [0.2, undefined, "1"],
  ] as const;
  for (const [given, inSeconds, inMs] of expected) {
    retryAfterMs = given;
    for (const { headers } of await callBoth({ url })) {
      assert.equal(headers["retry-after"], inSeconds);
      assert.equal(headers["x-amz-retry-after"], inMs);
    }
  }
});

test("any other throw is a bare 500, and the endpoint keeps what it was", async (context) => {
  let thrown: unknown;
  const local = await startFor(context, {
    model: async () => {
      throw thrown;
    },
  });
  for (thrown of [new TypeError("secret detail"), "secret text", null, undefined, 5]) {
    const answer = await call({ url: local.url });
    assert.deepEqual(faultOf(answer).slice(0, 2), [500, "InternalServerException"]);
    assert.doesNotMatch(answer.body.toString(), /secret/);
    assert.equal(local.lastError, thrown);
  }
});

test("a reply that is none is the model function's fault", async (context) => {
  for (const reply of [undefined, null, 5, [5], { content: undefined }]) {
    const local = await startFor(context, { model: () => reply as never });
    for (const path of [CONVERSE, CONVERSE_STREAM]) {
      assert.equal((await call({ url: local.url, path })).status, 500, String(reply));
      assert.ok(local.lastError instanceof TypeError);
    }
  }
});

test("a client that goes away fires the model function's signal", async (context) => {
  let seen: ((signal: AbortSignal) => void) | undefined;
  const { url } = await startFor(context, {
    model: ({ signal }) => {
      seen?.(signal);
      return new Promise<string>(() => {});
    },
  });
  const signalOfNext = () =>
    new Promise<AbortSignal>((resolve) => {
      seen = resolve;
    });

  let next = signalOfNext();
  const asked = request(`${url}${CONVERSE}`, { method: "POST", headers: { authorization: "x" } });
  asked.on("error", () => {});
  asked.end(JSON.stringify(HELLO));
  let signal = await next;
  asked.destroy();
  if (!signal.aborted) await once(signal, "abort");

  next = signalOfNext();
  const session = connectHttp2(url);
  const stream = session.request({ ":method": "POST", ":path": CONVERSE, authorization: "x" });
  stream.end(JSON.stringify(HELLO));
  signal = await next;
  stream.close(8);
  if (!signal.aborted) await once(signal, "abort");
  session.destroy();
});

test("what a model refuses in one operation only is refused there", async (context) => {
  const local = await startFor(context);
  const body = {
    ...HELLO,
    toolConfig: {
      tools: [{ toolSpec: { name: "look", inputSchema: { json: { type: "object" } } } }],
    },
  };
  const path = (operation: string): string =>
    `/model/meta.llama4-scout-17b-instruct-v1%3A0/${operation}`;
  const answer = await call({ url: local.url, path: path("converse"), body });
  assert.equal(answer.status, 200);
  const refused = faultOf(await call({ url: local.url, path: path("converse-stream"), body }));
  assert.deepEqual(refused.slice(0, 2), [400, "ValidationException"]);
  assert.match(String(refused[2]), /tool use in streaming mode/);
});

test("members that are null count as absent, for the model as for the rules", async (context) => {
  let seen: LocalModelRequest | undefined;
  const local = await startFor(context, {
    model: (asked) => {
      seen = asked;
      return "Hello.";
    },
  });
  const body = { ...HELLO, system: null, toolConfig: null, inferenceConfig: { maxTokens: null } };
  assert.equal((await call({ url: local.url, body })).status, 200);
  assert.deepEqual(
    [seen?.system, seen?.toolConfig, seen?.inferenceConfig],
    [undefined, undefined, {}],
  );
  const simulated = await startFor(context, {});
  assert.equal((await call({ url: simulated.url, body })).status, 200);
});
