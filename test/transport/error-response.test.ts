// Error answers as they come off a socket, read within bounds.

import assert from "node:assert/strict";
import { get, type IncomingMessage } from "node:http";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readHead } from "../../src/transport/answer-head.ts";
import { readErrorResponse } from "../../src/transport/error-response.ts";
import { type Script, scriptedServer } from "../helpers/scripted-server.ts";

async function errorFrom(context: TestContext, script: Script, bodyLimitMs = 10_000) {
  const server = await scriptedServer(context, script);
  const response = await new Promise<IncomingMessage>((resolve) => get(server.url, resolve));
  return await readErrorResponse(response, {
    head: readHead(response, (text) => text),
    redact: (text) => text.replaceAll("canary", "[redacted]"),
    remarkOn: (code) => (code === "ExpiredTokenException" ? "Look there." : undefined),
    bodyLimitMs,
  });
}

test("a body that does not end is told without it", async (context) => {
  const error = await errorFrom(
    context,
    (_, response) => {
      response.writeHead(403, { "x-amzn-errortype": "AccessDeniedException:" });
      response.write('{"message":"no');
    },
    30,
  );
  assert.deepEqual(
    [error.name, error.status, error.message],
    ["AccessDeniedException", 403, "Bedrock answered 403."],
  );
});

test("a body that breaks off is told without it", async (context) => {
  const error = await errorFrom(context, (_, response) => {
    response.writeHead(400, { "x-amzn-errortype": "ValidationException:", "content-length": 99 });
    response.write('{"message":"no', () => response.destroy());
  });
  assert.deepEqual([error.name, error.message], ["ValidationException", "Bedrock answered 400."]);
});

test("a status without a name has the name that fits, and only some are redirects", async (context) => {
  for (const [status, name, message] of [
    [408, "RequestTimeoutException", /^The endpoint answered 408/],
    [304, "UnknownServiceException", /^The endpoint answered 304 \(no content type\)/],
    [308, "UnknownServiceException", /^The endpoint answered 308, a redirect/],
  ] as const) {
    const error = await errorFrom(context, (_, response) => void response.writeHead(status).end());
    assert.equal(error.name, name);
    assert.match(error.message, message);
  }
});

test("a compressed body is never inflated", async (context) => {
  const error = await errorFrom(context, (_, response) => {
    response.writeHead(502, { "content-type": "text/html", "content-encoding": "gzip" });
    response.end(gzipSync(Buffer.alloc(1024 * 1024)));
  });
  assert.deepEqual([error.name, error.status], ["InternalServerException", 502]);
  assert.match(error.message, /answered 502 \(text\/html\) without an error that Bedrock writes/);
});

test("a remark comes after the hint, and secrets come out", async (context) => {
  const error = await errorFrom(context, (_, response) => {
    response.writeHead(403, { "x-amzn-errortype": "ExpiredTokenException" });
    response.end('{"message":"token canary has expired"}');
  });
  assert.equal(error.message, "token [redacted] has expired");
  assert.match(String(error.hint), /expired\..*Look there\.$/);
});
