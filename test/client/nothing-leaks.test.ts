// Nothing secret and nothing of a prompt in any error, log line or inspection: one conversation full
// of canaries, sent into every way a call can fail.

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import type { BedrockLLM, BedrockLLMOptions, InvokeOptions } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import {
  type ArrivedRequest,
  answerError,
  answerJson,
  beginStream,
  eventFrame,
  exceptionFrame,
  frame,
  type Script,
  scriptedServer,
  textFrames,
} from "../helpers/scripted-server.ts";

const KEYS = {
  accessKeyId: "AKIDTEST",
  secretAccessKey: "canary-secret-key",
  sessionToken: "canary-session-token",
};

const ASKED: InvokeOptions = {
  systemPrompt: "canary-system: you keep the secrets of the house",
  messages: [
    { role: "user", content: "canary-question: what does the patient in room twelve suffer from?" },
    {
      role: "assistant",
      content: [{ toolUse: { toolUseId: "t1", name: "look_up", input: { name: "canary-input" } } }],
    },
    {
      role: "user",
      content: [
        { toolResult: { toolUseId: "t1", content: [{ json: { name: "canary-result-json" } }] } },
        { text: "canary-second: and since when?" },
      ],
    },
  ],
  tools: [{ name: "look_up", description: "Looks up", input_schema: { type: "object" } }],
};

/** Everything that came in, said back: what a gateway in debug mode does. */
function echo({ headers, body }: ArrivedRequest): string {
  return `refused ${JSON.stringify(headers)} ${body}`;
}

function stream(response: ServerResponse, ...frames: Buffer[]): void {
  beginStream(response);
  response.end(Buffer.concat(frames));
}

const BEGUN = textFrames(["Once ", "upon "]).slice(0, 3);

const SCRIPTS: Readonly<Record<string, Script>> = {
  "a refusal that says everything back": (request, response) =>
    answerError(response, 400, "ValidationException", echo(request)),
  "a refusal that quotes a part": (_, response) =>
    answerError(
      response,
      400,
      "ValidationException",
      "Not allowed: 'canary-question: what does the patient in room' …",
    ),
  "a refused signature that says everything back": (request, response) =>
    answerError(response, 403, "InvalidSignatureException", echo(request)),
  "expired keys": (request, response) =>
    answerError(response, 403, "ExpiredTokenException", echo(request)),
  "a throttle": (request, response) =>
    answerError(response, 429, "ThrottlingException", echo(request), { "retry-after": "0" }),
  "a fault": (request, response) =>
    answerError(response, 500, "InternalServerException", echo(request)),
  "a page that says everything back": (request, response) => {
    response.writeHead(502, { "content-type": "text/html" });
    response.end(echo(request));
  },
  "a page with status 200": (request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(echo(request));
  },
  "an id that is the token": ({ headers }, response) =>
    answerError(response, 400, "ValidationException", "no", {
      "x-amzn-requestid": String(headers["x-amz-security-token"] ?? headers.authorization),
    }),
  "a type that is the token": ({ headers }, response) => {
    const token = String(headers["x-amz-security-token"] ?? headers.authorization);
    response.writeHead(502, { "content-type": token });
    response.end();
  },
  "a type that is the token, with status 200": ({ headers }, response) => {
    const token = String(headers["x-amz-security-token"] ?? headers.authorization);
    response.writeHead(200, { "content-type": token });
    response.end();
  },
  "a coding that is the token": ({ headers }, response) => {
    const token = String(headers["x-amz-security-token"] ?? headers.authorization);
    response.writeHead(200, { "content-encoding": token });
    response.end();
  },
  "a name that says everything back": (request, response) => {
    response.writeHead(400, { "content-type": "application/json" });
    response.end(JSON.stringify({ __type: echo(request), message: "no" }));
  },
  "JSON that is no answer": (request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(echo(request)));
  },
  "no JSON": (request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(`{"output": ${echo(request)}`);
  },
  "a redirect": (_, response) => {
    response.writeHead(307, { location: "http://127.0.0.1:9/" });
    response.end();
  },
  "a connection that is cut": (_, response) => void response.destroy(),
  "an answer that is cut": (_, response) => {
    beginStream(response);
    response.write(Buffer.concat(BEGUN), () => response.destroy());
  },
  "a stream without an end": (_, response) => stream(response, ...BEGUN),
  "a stream out of order": (_, response) => stream(response, ...BEGUN, ...textFrames(["a"])),
  "a stream with a broken frame": (_, response) =>
    stream(response, ...BEGUN, Buffer.from("canary-noise".repeat(9))),
  "a stream with an event that is no JSON": (request, response) =>
    stream(
      response,
      ...BEGUN,
      frame({ ":message-type": "event", ":event-type": "contentBlockDelta" }, echo(request)),
    ),
  "an exception before any word": (request, response) =>
    stream(
      response,
      eventFrame("messageStart", { role: "assistant" }),
      exceptionFrame("validationException", echo(request)),
    ),
  "an exception that says the headers back": ({ headers }, response) =>
    stream(response, ...BEGUN, exceptionFrame("oddException", JSON.stringify(headers))),
  "an error frame that says the headers back": ({ headers }, response) =>
    stream(
      response,
      ...BEGUN,
      frame(
        {
          ":message-type": "error",
          ":error-code": JSON.stringify(headers).slice(0, 200),
          ":error-message": JSON.stringify(headers),
        },
        {},
      ),
    ),
  "a stream that falls silent": (_, response) => {
    beginStream(response);
    response.write(Buffer.concat(BEGUN));
  },
  "no answer": () => {},
  "an answer that is fine": (_, response) => answerJson(response, "fine"),
};

/** Everything that anybody could print. */
class Witness {
  readonly #seen: string[] = [];

  readonly logger = {
    debug: (...said: unknown[]): void => this.take(said),
    info: (...said: unknown[]): void => this.take(said),
    warn: (...said: unknown[]): void => this.take(said),
    error: (...said: unknown[]): void => this.take(said),
  };

  take(value: unknown): void {
    for (const options of [{}, { depth: 12, showHidden: true, getters: true }]) {
      this.#seen.push(inspect(value, options));
    }
    this.#seen.push(String(value), JSON.stringify(value) ?? "");
    if (value instanceof Error) {
      this.#seen.push(value.message, value.stack ?? "", JSON.stringify({ ...value }));
      if (value.cause !== undefined) this.take(value.cause);
    }
  }

  assertClean(): void {
    for (const text of this.#seen) {
      const at = text.indexOf("canary");
      assert.equal(at, -1, `found: ${text.slice(Math.max(0, at - 60), at + 40)}`);
    }
  }
}

/** Asks in every way, and shows everything there is to the witness. */
async function askAll(llm: BedrockLLM, witness: Witness): Promise<void> {
  const settle = async (answer: Promise<unknown>): Promise<void> => {
    await answer.then(
      () => {},
      (error: unknown) => witness.take(error),
    );
  };
  await settle(llm.invoke(ASKED));
  const whole = llm.invokeStream(ASKED);
  witness.take(whole);
  await settle(whole.response());
  const read = llm.invokeStream(ASKED);
  await settle(
    (async () => {
      for await (const _ of read.text());
    })(),
  );
  witness.take(read);
  witness.take(llm);
}

function clientOf(
  context: TestContext,
  url: string,
  witness: Witness,
  options: BedrockLLMOptions = {},
): BedrockLLM {
  return testClient(context, url, {
    credentials: KEYS,
    logger: witness.logger,
    timeouts: { connectMs: 500, firstEventMs: 60, idleMs: 60, responseMs: 400 },
    ...options,
  });
}

for (const [title, script] of Object.entries(SCRIPTS)) {
  test(`no canary sings at ${title}`, async (context) => {
    const server = await scriptedServer(context, script);
    for (const authorization of [
      { credentials: KEYS },
      { credentials: () => KEYS },
      { credentials: undefined, apiKey: "canary-api-key" },
    ]) {
      const witness = new Witness();
      await askAll(clientOf(context, server.url, witness, authorization), witness);
      witness.assertClean();
    }
  });
}

test("no canary sings when there is nobody to connect to", async (context) => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  context.after(() => silent.close());
  for (const url of [
    `http://127.0.0.1:${port}`,
    // No TLS ever answers here.
    `https://127.0.0.1:${(silent.address() as AddressInfo).port}`,
  ]) {
    const witness = new Witness();
    const timeouts = { connectMs: 50, responseMs: 300 };
    await askAll(clientOf(context, url, witness, { timeouts, retry: { maxAttempts: 2 } }), witness);
    witness.assertClean();
  }
});

test("no canary sings when the caller stops, or was wrong from the beginning", async (context) => {
  const server = await scriptedServer(context, () => {});
  const witness = new Witness();
  const llm = clientOf(context, server.url, witness);
  const calls: (() => unknown)[] = [
    () => llm.invoke({ ...ASKED, signal: AbortSignal.abort() }),
    () => {
      const stream = llm.invokeStream(ASKED);
      stream.abort();
      return stream.response();
    },
    () => llm.invoke({ ...ASKED, maxTokens: -1 }),
    () => llm.invoke({ ...ASKED, messages: [{ role: "strange" as "user", content: "canary" }] }),
    () => llm.invoke({ ...ASKED, messages: [] }),
    () => llm.invoke({ ...ASKED, systemPrompt: [{ texts: "canary" } as never] }),
    () => llm.invoke({ ...ASKED, surprise: "canary" } as InvokeOptions),
    () => llm.invoke({ ...ASKED, messages: [{ role: "user", content: [{ text: 5 as never }] }] }),
    () => llm.invoke({ ...ASKED, stopSequences: ["canary".repeat(1000)], topP: 9 }),
  ];
  for (const call of calls) {
    try {
      await call();
    } catch (error) {
      witness.take(error);
    }
  }
  await llm.close();
  witness.take(llm);
  witness.assertClean();
});

test("the canaries do sing where they should: on the wire", async (context) => {
  const server = await scriptedServer(context, (_, response) => answerJson(response, "fine"));
  await clientOf(context, server.url, new Witness()).invoke(ASKED);
  const { body, headers } = server.requests[0] ?? assert.fail();
  for (const name of ["system", "question", "input", "result-json", "second"]) {
    assert.ok(body.includes(`canary-${name}`), name);
  }
  assert.equal(headers["x-amz-security-token"], KEYS.sessionToken);
});
