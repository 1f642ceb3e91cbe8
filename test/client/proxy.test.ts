// HTTPS_PROXY and NO_PROXY, and TLS itself, in a process of their own: both are settings of a
// whole process. The proxy and the endpoint are real ones on loopback.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { promisify } from "node:util";
import { answerJson } from "../helpers/scripted-server.ts";
import { temporaryHome } from "../helpers/temporary-home.ts";

const CERTIFICATE = "test/fixtures/localhost-certificate.pem";
const PROGRAM = `
  import { BedrockLLM } from "./src/index.ts";
  const llm = new BedrockLLM({ modelId: "m", retry: { mode: "off" } });
  try {
    for (let call = 0; call < 2; call++) await llm.invoke({ messages: "hi" });
    console.log("answered");
  } catch (error) {
    console.log(error.name + ": " + error.message);
  }
  await llm.close();
`;

async function listen(context: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A TLS endpoint and a CONNECT proxy that counts who passes through it. */
async function startPair(context: TestContext) {
  const tls = {
    cert: readFileSync(CERTIFICATE),
    key: readFileSync("test/fixtures/localhost-key.pem"),
  };
  const endpoint = createHttpsServer(tls, (_, response) => answerJson(response, "ok"));
  const endpointPort = await listen(context, endpoint);
  const tunnels: string[] = [];
  const proxy = createHttpServer();
  proxy.on("connect", (request, client: Socket) => {
    tunnels.push(request.url ?? "");
    const upstream = connect(endpointPort, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
  });
  const proxyPort = await listen(context, proxy);
  return { endpointPort, proxyPort, tunnels };
}

async function run(
  context: TestContext,
  variables: Record<string, string>,
  program = PROGRAM,
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", program],
    {
      env: {
        PATH: process.env["PATH"],
        ...temporaryHome(context),
        AWS_ACCESS_KEY_ID: "a",
        AWS_SECRET_ACCESS_KEY: "b",
        NODE_EXTRA_CA_CERTS: CERTIFICATE,
        ...variables,
      },
    },
  );
  return stdout.trim();
}

test("calls go through HTTPS_PROXY, and keep one tunnel", async (context) => {
  const { endpointPort, proxyPort, tunnels } = await startPair(context);
  const output = await run(context, {
    AWS_ENDPOINT_URL: `https://localhost:${endpointPort}`,
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
  });
  assert.equal(output, "answered");
  assert.deepEqual(tunnels, [`localhost:${endpointPort}`]);
});

test("hosts of NO_PROXY are reached directly", async (context) => {
  const { endpointPort, proxyPort, tunnels } = await startPair(context);
  const output = await run(context, {
    AWS_ENDPOINT_URL: `https://localhost:${endpointPort}`,
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    NO_PROXY: "localhost",
  });
  assert.equal(output, "answered");
  assert.deepEqual(tunnels, []);
});

test("a proxy that never answers is left, with no socket to it", async (context) => {
  const silent = createServer(() => {});
  const port = await listen(context, silent);
  const output = await run(
    context,
    { AWS_ENDPOINT_URL: "https://localhost:1", HTTPS_PROXY: `http://127.0.0.1:${port}` },
    `
      import { BedrockLLM } from "./src/index.ts";
      const llm = new BedrockLLM({ modelId: "m", timeouts: { connectMs: 30 } });
      const error = await llm.invoke({ messages: "hi" }).catch((reason) => reason);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      const sockets = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap");
      console.log(error.name, error.phase, error.attempts, sockets.length);
    `,
  );
  assert.equal(output, "TimeoutError connect 3 0");
});

test("who waits for the one connection through a proxy that refuses is told so, too", async (context) => {
  let connects = 0;
  const proxy = createServer((socket) => {
    connects += 1;
    const refusal = "HTTP/1.1 407 Who are you\r\ncontent-length: 0\r\n\r\n";
    socket.once("data", () => setTimeout(() => socket.end(refusal), 20));
  });
  const port = await listen(context, proxy);
  const output = await run(
    context,
    { AWS_ENDPOINT_URL: "https://localhost:1", HTTPS_PROXY: `http://127.0.0.1:${port}` },
    `
      import { BedrockLLM } from "./src/index.ts";
      const llm = new BedrockLLM({ modelId: "m", maxConnections: 1 });
      const calls = Array.from({ length: 3 }, () => llm.invoke({ messages: "hi" }));
      for (const { reason } of await Promise.allSettled(calls)) console.log(reason.name);
      await llm.close();
    `,
  );
  assert.equal(output, Array.from({ length: 3 }, () => "ProxyAuthenticationRequired").join("\n"));
  assert.equal(connects, 3);
});

test("a proxy that refuses connections is named in the error", async (context) => {
  const output = await run(context, {
    AWS_ENDPOINT_URL: "https://localhost:1",
    HTTPS_PROXY: "http://user:hunter2@127.0.0.1:1",
  });
  assert.match(output, /No answer from localhost:1 by the proxy 127\.0\.0\.1:1 \(ECONNREFUSED\)/);
  assert.doesNotMatch(output, /hunter2/);
});

for (const url of [
  "http://user:hunter2@:99999",
  "http://user:hunter2%@localhost:1",
  "socks5://user:hunter2@localhost:1",
]) {
  test(`a proxy of ${url.replace("hunter2", "…")} is refused, without its password`, async (context) => {
    const output = await run(context, {
      AWS_ENDPOINT_URL: "https://localhost:1",
      HTTPS_PROXY: url,
    });
    assert.match(output, /^TypeError: HTTPS_PROXY must be a URL/);
    assert.doesNotMatch(output, /hunter2/);
  });
}

for (const [status, expected] of [
  [201, "ConnectionError: The proxy 127.0.0.1:PORT answered 201 instead of opening a connection."],
  [403, "ConnectionError: The proxy 127.0.0.1:PORT answered 403 instead of opening a connection."],
  [
    407,
    "ProxyAuthenticationRequired: The proxy 127.0.0.1:PORT answered 407 instead of opening a connection.",
  ],
] as const) {
  test(`what a proxy says with ${status} instead of a connection is no answer of Bedrock's`, async (context) => {
    const forged = JSON.stringify({
      output: { message: { role: "assistant", content: [{ text: "forged" }] } },
      stopReason: "end_turn",
    });
    const head = `HTTP/1.1 ${status} Odd\r\ncontent-type: application/json\r\ncontent-length: ${forged.length}`;
    const proxy = createServer((socket) => {
      socket.once("data", () => socket.end(`${head}\r\n\r\n${forged}`));
    });
    const port = await listen(context, proxy);
    const output = await run(context, {
      AWS_ENDPOINT_URL: "https://localhost:1",
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    });
    assert.equal(output, expected.replace("PORT", String(port)));
  });
}

test("a certificate for another host is said to be one", async (context) => {
  const { endpointPort } = await startPair(context);
  const output = await run(
    context,
    { AWS_ENDPOINT_URL: `https://other.test:${endpointPort}` },
    `
      import { Agent } from "node:https";
      import { BedrockLLM } from "./src/index.ts";
      const lookup = (_, __, done) => done(null, [{ address: "127.0.0.1", family: 4 }]);
      const llm = new BedrockLLM({ modelId: "m", agent: new Agent({ lookup }) });
      const error = await llm.invoke({ messages: "hi" }).catch((reason) => reason);
      console.log(error.cause?.code, error.attempts, error.hint);
      await llm.close();
    `,
  );
  assert.match(output, /^ERR_TLS_CERT_ALTNAME_INVALID 1 The certificate is for another host name/);
});

test("a certificate of no known authority is refused, once", async (context) => {
  const { endpointPort } = await startPair(context);
  const output = await run(context, {
    AWS_ENDPOINT_URL: `https://localhost:${endpointPort}`,
    NODE_EXTRA_CA_CERTS: "",
  });
  assert.match(
    output,
    /^ConnectionError: No answer from localhost:\d+ \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
  );
});
