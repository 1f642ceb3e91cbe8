// An MCP server over streamable HTTP, in plain `node:http`, that does what a test says.

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

/** One message as it arrived. */
export interface Arrived {
  readonly verb: string;
  readonly headers: IncomingMessage["headers"];
  readonly method: string | undefined;
  readonly tool: string | undefined;
}

/** A tool's call: it answers by itself, or returns the result. */
export type HttpTool = (call: {
  readonly id: number;
  readonly input: Record<string, unknown>;
  /** Sends one event of the answer, beginning it. */
  readonly event: (message: object, members?: string) => void;
  readonly response: ServerResponse;
}) => object | undefined;

export interface HttpServer {
  readonly url: string;
  readonly arrived: Arrived[];
  tools: Record<string, HttpTool>;
  /** Of the tools listed. */
  description: string;
  /** Looks at a request before anything else; true when it has answered. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  readonly sessions: Set<string>;
  /** Sends a notice on all open streams. */
  notify(method: string): void;
  endStreams(): void;
  /** Calls of tools that arrived, in order. */
  calls(): (string | undefined)[];
  count(method: string): number;
  stop(): Promise<void>;
  start(): Promise<void>;
}

interface Params {
  readonly protocolVersion?: string;
  readonly name?: string;
  readonly arguments?: Record<string, unknown>;
}

const text = (value: string): object => ({ content: [{ type: "text", text: value }] });

/** Starts one, until the end of the test. */
export async function startHttpServer(
  context: TestContext,
  options: { readonly streams?: boolean } = {},
): Promise<HttpServer> {
  const sessions = new Set<string>();
  const streams = new Set<ServerResponse>();
  const arrived: Arrived[] = [];
  let port = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const message = body === "" ? {} : JSON.parse(body);
    const { method, params } = message;
    arrived.push({
      verb: request.method ?? "",
      headers: request.headers,
      method,
      tool: params?.name,
    });
    if (state.intercept?.(request, response) === true) return;
    const session = request.headers["mcp-session-id"];
    const isKnown = typeof session === "string" && sessions.has(session);
    if (method !== "initialize" && !isKnown) {
      // As servers of 2025 do, whatever else a request claims to be.
      return void response.writeHead(session === undefined ? 400 : 404).end();
    }
    if (request.method === "DELETE") {
      sessions.delete(session as string);
      return void response.writeHead(200).end();
    }
    if (request.method === "GET") {
      if (options.streams !== true) return void response.writeHead(405).end();
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      streams.add(response.on("close", () => streams.delete(response)));
      return;
    }
    answer(message, response);
  };
  const reply = (response: ServerResponse, id: unknown, result: object, headers = {}): void => {
    response.writeHead(200, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
  };
  const answer = (
    { id, method, params }: { id: number; method: string; params: Params },
    response: ServerResponse,
  ): void => {
    if (id === undefined) return void response.writeHead(202).end();
    if (method === "initialize") {
      const session = randomUUID();
      sessions.add(session);
      const result = {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: "http", version: "1" },
      };
      reply(response, id, result, { "mcp-session-id": session });
      return;
    }
    if (method === "tools/list") {
      const tools = Object.keys(state.tools).map((name) => ({
        name,
        description: state.description,
        inputSchema: { type: "object" },
      }));
      reply(response, id, { tools });
      return;
    }
    const event = (one: object, members = ""): void => {
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`${members}data: ${JSON.stringify({ jsonrpc: "2.0", ...one })}\n\n`);
    };
    const input = params.arguments ?? {};
    const result = state.tools[params.name ?? ""]?.({ id, input, event, response });
    if (result !== undefined) reply(response, id, result);
  };
  const server = createServer((request, response) => void handle(request, response));
  const state: HttpServer = {
    get url() {
      return `http://127.0.0.1:${port}/mcp`;
    },
    arrived,
    sessions,
    tools: { echo: ({ input }) => text(JSON.stringify(input)) },
    description: "Does it.",
    intercept: undefined,
    notify: (method) => {
      for (const stream of streams) {
        stream.write(`data: ${JSON.stringify({ jsonrpc: "2.0", method })}\n\n`);
      }
    },
    endStreams: () => {
      for (const stream of streams) stream.destroy();
    },
    calls: () => arrived.flatMap(({ method, tool }) => (method === "tools/call" ? [tool] : [])),
    count: (method) => arrived.filter((one) => one.method === method).length,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      // A call over a connection that is about to be noticed as closed may have been sent, for all anybody knows.
      await sleep(100);
    },
    start: async () => {
      await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
      port = (server.address() as AddressInfo).port;
    },
  };
  await state.start();
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return state;
}
