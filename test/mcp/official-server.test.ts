// Servers made with the official library, of the revision from 2026 and of those before it, as a process
// and over HTTP.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  createMcpHandler,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { connectMcp, type McpOptions } from "../../src/mcp/index.ts";
import { run, until } from "./scripted.ts";
import { createOfficialServer } from "./servers/official.ts";

const program = fileURLToPath(new URL("servers/official.ts", import.meta.url));

type Handler = (request: Request) => Promise<Response>;

/** Serves what speaks `Request` and `Response` over a real socket. */
async function serve(context: TestContext, handle: Handler): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    const hasBody = incoming.method === "POST";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: incoming.headers as Record<string, string>,
      ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" } : {}),
    });
    const response = await handle(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body === null) outgoing.end();
    else
      Readable.fromWeb(response.body as never)
        .on("error", () => {})
        .pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

test("an official server of the new revision tells when its tools change", async (context) => {
  let description = "Greets.";
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: "changing", version: "1.0.0" });
      server.registerTool("greet", { description }, async () => ({ content: [] }));
      return server;
    },
    { legacy: "reject" },
  );
  context.after(() => handler.close());
  const url = await serve(context, (request) => handler.fetch(request));
  const connection = await connectMcp({ url });
  context.after(() => connection.close());
  assert.equal(await run(connection, "greet"), undefined);
  description = "Insults.";
  // Nobody has said so yet.
  assert.equal(await run(connection, "greet"), undefined);
  handler.notify.toolsChanged();
  await until(async () => {
    const end = await run(connection, "greet").catch((error: { code: string }) => error.code);
    return end === "tool_changed";
  });
});

async function withSessions(): Promise<Handler> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
  });
  await createOfficialServer().connect(transport);
  return (request) => transport.handleRequest(request);
}

const kinds: [string, (context: TestContext) => Promise<McpOptions>][] = [
  [
    "a process of either revision",
    async () => ({ command: process.execPath, args: ["--import", "tsx", program] }),
  ],
  [
    "a process of the new revision only",
    async () => ({ command: process.execPath, args: ["--import", "tsx", program, "reject"] }),
  ],
  [
    "HTTP of the new revision only",
    async (context) => {
      const handler = createMcpHandler(createOfficialServer, { legacy: "reject" });
      context.after(() => handler.close());
      return { url: await serve(context, (request) => handler.fetch(request)) };
    },
  ],
  [
    "HTTP with sessions, of the old revision",
    async (context) => ({ url: await serve(context, await withSessions()) }),
  ],
];

for (const [what, optionsOf] of kinds) {
  test(`an official server: ${what}`, async (context) => {
    const connection = await connectMcp({ ...(await optionsOf(context)), startTimeoutMs: 60_000 });
    context.after(() => connection.close());
    assert.deepEqual(
      connection.tools.map(({ name, description }) => [name, description]),
      [
        ["add", "Adds two numbers."],
        ["fail", "Fails."],
        ["count", "Counts."],
      ],
    );
    assert.deepEqual(connection.skipped, []);
    assert.deepEqual(await run(connection, "add", { a: 1, b: 2 }), [{ text: "3" }]);
    await assert.rejects(run(connection, "fail"), { code: "tool_failed", message: "It failed." });
    await assert.rejects(run(connection, "add", { a: "1" }), { code: "tool_failed" });
    const updates: unknown[] = [];
    const progress = (update: unknown): void => void updates.push(update);
    assert.deepEqual(await run(connection, "count", {}, { progress }), [{ text: "three" }]);
    assert.deepEqual(
      updates,
      [1, 2, 3].map((step) => ({ progress: step, total: 3 })),
    );
    await connection.close();
  });
}
