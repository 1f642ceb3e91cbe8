// Streamable HTTP through real sockets: headers stay at home, redirects lead nowhere, answers that break
// off fail their call at once, and a lost session is made anew.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { connectMcp, type McpConnection, type McpHttpOptions } from "../../src/mcp/index.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";
import { run, until } from "./scripted.ts";

interface Connected {
  readonly server: HttpServer;
  readonly connection: McpConnection;
  readonly logged: string[];
}

async function connected(
  context: TestContext,
  { tools, ...options }: Partial<McpHttpOptions> & { tools?: HttpServer["tools"] } = {},
): Promise<Connected> {
  const server = await startHttpServer(context, { streams: true });
  Object.assign(server.tools, tools);
  const logged: string[] = [];
  const tell = (message: string): void => void logged.push(message);
  const connection = await connectMcp({
    url: server.url,
    restart: { baseDelayMs: 1 },
    logger: { debug: tell, info: tell, warn: tell, error: tell },
    ...options,
  });
  context.after(() => connection.close());
  return { server, connection, logged };
}

const ECHO = [{ text: "{}" }];

test("tools are listed and called, and the session is ended", async (context) => {
  const { server, connection } = await connected(context);
  assert.equal(connection.name, new URL(server.url).host);
  assert.deepEqual(await run(connection, "echo", { a: 1 }), [{ text: '{"a":1}' }]);
  assert.equal(server.sessions.size, 1);
  await connection.close();
  assert.equal(server.sessions.size, 0);
  await assert.rejects(run(connection, "echo"), { code: "closed" });
});

test("answers may come as a stream, with progress", async (context) => {
  const slow: HttpServer["tools"][string] = ({ id, event, response }) => {
    event({ method: "notifications/progress", params: { progressToken: id, progress: 1 } });
    event({ id, result: { content: [{ type: "text", text: "done" }] } });
    response.end();
    return undefined;
  };
  const { connection } = await connected(context, { tools: { slow } });
  const updates: unknown[] = [];
  const progress = (update: unknown): void => void updates.push(update);
  assert.deepEqual(await run(connection, "slow", {}, { progress }), [{ text: "done" }]);
  assert.deepEqual(updates, [{ progress: 1 }]);
});

test("each request carries the caller's headers, made anew where they are a function", async (context) => {
  let count = 0;
  const headers = async (): Promise<Record<string, string>> => {
    count += 1;
    return { Authorization: `Bearer t${count}`, "X-Team": "a" };
  };
  const { server, connection } = await connected(context, { headers });
  await run(connection, "echo");
  await connection.close();
  const tokens = server.arrived.map((one) => one.headers.authorization);
  assert.equal(new Set(tokens).size, tokens.length);
  assert.ok(tokens.length >= 5);
  for (const { headers: sent } of server.arrived) {
    assert.match(sent.authorization ?? "", /^Bearer t\d+$/);
    assert.equal(sent["x-team"], "a");
    assert.ok(!JSON.stringify(sent).toLowerCase().includes("aws"));
  }
});

test("headers that cannot be made stop the call, with their own error when connecting", async (context) => {
  const failure = new Error("no token");
  await assert.rejects(
    connectMcp({ url: "http://127.0.0.1:1/mcp", headers: () => Promise.reject(failure) }),
    failure,
  );
  let fails = false;
  const headers = (): Record<string, string> => {
    if (fails) throw failure;
    return {};
  };
  const { server, connection } = await connected(context, { headers });
  fails = true;
  await assert.rejects(run(connection, "echo"), {
    code: "unavailable",
    message: /^The headers for the MCP server “.*” could not be made, so “echo” was not called\.$/,
  });
  assert.deepEqual(server.calls(), []);
});

test("a redirect is not followed, neither elsewhere nor within the origin", async (context) => {
  const elsewhere = await startHttpServer(context);
  for (const status of [301, 302, 303, 307, 308]) {
    const server = await startHttpServer(context);
    for (const location of [elsewhere.url, `${server.url}/other`]) {
      server.intercept = (_, response) => {
        response.writeHead(status, { location }).end();
        return true;
      };
      await assert.rejects(connectMcp({ url: server.url, headers: { Authorization: "canary" } }), {
        code: "refused",
        message: `The MCP server “${new URL(server.url).host}” answered with a redirect (HTTP ${status}), which is not followed: give the address it leads to as url.`,
      });
    }
  }
  assert.equal(elsewhere.arrived.length, 0);
  const { server, connection } = await connected(context);
  server.intercept = (_, response) => {
    response.writeHead(307, { location: elsewhere.url }).end();
    return true;
  };
  await assert.rejects(run(connection, "echo"), { code: "refused" });
  assert.equal(elsewhere.arrived.length, 0);
});

test("a refusal says its status and nothing of the body", async (context) => {
  const { server, connection } = await connected(context, { name: "search" });
  const messages: [number, string][] = [
    [401, "refused who asks (HTTP 401): look at headers. “echo” was not called."],
    [429, "answered with HTTP 429. “echo” was not called."],
    [
      503,
      "answered with HTTP 503. Whether “echo” was carried out is unknown: check before calling it again.",
    ],
  ];
  for (const [status, message] of messages) {
    server.intercept = (_, response) => {
      response.writeHead(status).end("canary");
      return true;
    };
    await assert.rejects(run(connection, "echo"), {
      code: "refused",
      message: `The MCP server “search” ${message}`,
    });
    const again = connectMcp({ url: server.url, name: "search" });
    if (status === 401) await assert.rejects(again, { code: "refused" });
    else await assert.rejects(again, { name: "McpError" });
  }
  server.intercept = undefined;
  assert.deepEqual(await run(connection, "echo"), ECHO);
});

const breaks: [what: string, tool: HttpServer["tools"][string]][] = [
  ["before its answer", ({ response }) => void response.destroy() as undefined],
  [
    "in the middle of its answer",
    ({ event, response }) => {
      event({ method: "notifications/message", params: { level: "info", data: "" } });
      setTimeout(() => response.destroy(), 10);
      return undefined;
    },
  ],
  [
    "by ending its answer",
    ({ event, response }) => {
      event({ method: "notifications/message", params: { level: "info", data: "" } });
      response.end();
      return undefined;
    },
  ],
  [
    "in the middle of a JSON answer",
    ({ response }) => {
      response.writeHead(200, { "content-type": "application/json" }).write('{"jsonrpc":');
      setTimeout(() => response.destroy(), 10);
      return undefined;
    },
  ],
];

for (const [what, tool] of breaks) {
  test(`a server that is lost ${what} fails the call at once, which is not sent again`, async (context) => {
    const { server, connection } = await connected(context, { tools: { lost: tool } });
    const began = performance.now();
    await assert.rejects(run(connection, "lost"), {
      code: "outcome_unknown",
      message: /Whether “lost” was carried out is unknown/,
    });
    assert.ok(performance.now() - began < 1000);
    assert.deepEqual(server.calls(), ["lost"]);
    assert.deepEqual(await run(connection, "echo"), ECHO);
    assert.equal(server.count("initialize"), 2);
  });
}

test("what is under way on a connection that is given up goes on", async (context) => {
  let finish = (): void => {};
  const slow: HttpServer["tools"][string] = ({ id, event, response }) => {
    finish = () => {
      event({ id, result: { content: [{ type: "text", text: "late" }] } });
      response.end();
    };
    return undefined;
  };
  const lost = breaks[0]?.[1] as HttpServer["tools"][string];
  const { server, connection } = await connected(context, { tools: { slow, lost } });
  const call = run(connection, "slow");
  await until(() => server.calls().includes("slow"));
  await assert.rejects(run(connection, "lost"), { code: "outcome_unknown" });
  assert.deepEqual(await run(connection, "echo"), ECHO);
  assert.equal(server.sessions.size, 2);
  finish();
  assert.deepEqual(await call, [{ text: "late" }]);
  await until(() => server.sessions.size === 1);
});

test("a forgotten session is made anew, and the call that met it is carried out once", async (context) => {
  const { server, connection } = await connected(context);
  server.sessions.clear();
  assert.deepEqual(await run(connection, "echo"), ECHO);
  assert.equal(server.count("initialize"), 2);
  // Refused once, carried out once.
  assert.equal(server.calls().length, 2);
});

test("an error of the server's own is no refusal, whatever it looks like", async (context) => {
  const error = { code: -32_000, message: "Not connected", data: { status: 404 } };
  const odd: HttpServer["tools"][string] = ({ id, event, response }) => {
    event({ id, error });
    response.end();
    return undefined;
  };
  const { server, connection } = await connected(context, { tools: { odd } });
  await assert.rejects(run(connection, "odd"), { code: "tool_failed", message: "Not connected" });
  assert.deepEqual(server.calls(), ["odd"]);
  assert.equal(server.count("initialize"), 1);
});

test("a server that forgets each session is not asked for ever", async (context) => {
  const { server, connection } = await connected(context, {
    restart: { maxRestarts: 3, baseDelayMs: 1 },
  });
  server.intercept = (request) => {
    if (request.method === "POST" && server.arrived.at(-1)?.method === "tools/call") {
      server.sessions.clear();
    }
    return false;
  };
  await assert.rejects(run(connection, "echo"), { code: "unavailable" });
  assert.equal(server.count("initialize"), 4);
});

test("a call to a server that is away waits for it, and is sent once", async (context) => {
  const { server, connection } = await connected(context, {
    restart: { baseDelayMs: 50, maxRestarts: 20, maxDelayMs: 50 },
  });
  await server.stop();
  const call = run(connection, "echo");
  setTimeout(() => void server.start(), 200);
  assert.deepEqual(await call, ECHO);
  assert.deepEqual(server.calls(), ["echo"]);
});

test("one that stays away fails the call, and is asked again by the next", async (context) => {
  const { server, connection, logged } = await connected(context);
  await server.stop();
  for (let round = 1; round <= 2; round++) {
    await assert.rejects(run(connection, "echo"), { code: "unavailable" });
    const given = logged.filter((line) => line.endsWith("is given up after 5 restarts."));
    assert.equal(given.length, round);
  }
  await server.start();
  assert.deepEqual(await run(connection, "echo"), ECHO);
});

test("a server that is not there is told, and a signal ends the wait for one", async (context) => {
  const server = await startHttpServer(context);
  await server.stop();
  await assert.rejects(connectMcp({ url: server.url, name: "away" }), {
    code: "start_failed",
    message: "The MCP server “away” could not be reached (ECONNREFUSED).",
  });
  await server.start();
  server.intercept = () => true;
  await assert.rejects(connectMcp({ url: server.url, startTimeoutMs: 300 }), {
    code: "start_timeout",
  });
  const options = { url: server.url, signal: AbortSignal.timeout(100) };
  await assert.rejects(connectMcp(options), { name: "AbortError" });
});

test("an aborted call is cancelled at the server, and its connection closed", async (context) => {
  let closed = false;
  const hang: HttpServer["tools"][string] = ({ event, response }) => {
    event({ method: "notifications/message", params: { level: "info", data: "" } });
    response.on("close", () => {
      closed = true;
    });
    return undefined;
  };
  const { server, connection } = await connected(context, { tools: { hang } });
  const controller = new AbortController();
  const call = run(connection, "hang", {}, { signal: controller.signal });
  await until(() => server.calls().includes("hang"));
  controller.abort();
  await assert.rejects(call, { name: "AbortError" });
  await until(() => closed && server.count("notifications/cancelled") === 1);
  assert.deepEqual(await run(connection, "echo"), ECHO);
});

test("a notice of changed tools is heard", async (context) => {
  const { server, connection } = await connected(context);
  await until(() => server.arrived.some(({ verb }) => verb === "GET"));
  server.description = "Does something else.";
  server.notify("notifications/tools/list_changed");
  await until(async () => {
    const end = await run(connection, "echo").catch((error: { code: string }) => error.code);
    return end === "tool_changed";
  });
});

test("a stream of notices that is gone for good has the tools asked for again", async (context) => {
  const { server, connection } = await connected(context);
  const isOpen = (): boolean => server.arrived.some(({ verb }) => verb === "GET");
  await until(isOpen);
  server.intercept = (request, response) => {
    if (request.method === "GET") response.destroy();
    return request.method === "GET";
  };
  server.description = "Does something else.";
  server.endStreams();
  await until(async () => {
    const end = await run(connection, "echo").catch((error: { code: string }) => error.code);
    return end === "tool_changed";
  });
});

test("tools that changed while the connection was lost are not called", async (context) => {
  const lost = breaks[0]?.[1] as HttpServer["tools"][string];
  const { server, connection } = await connected(context, { tools: { lost } });
  server.description = "Does something else.";
  await assert.rejects(run(connection, "lost"), { code: "outcome_unknown" });
  await assert.rejects(run(connection, "echo"), { code: "tool_changed" });
  assert.deepEqual(server.calls(), ["lost"]);
});

const MEGABYTE = "x".repeat(1024 * 1024);

test("an answer that is too large is given up, as JSON and as an event", async (context) => {
  const pour = (
    response: import("node:http").ServerResponse,
    type: string,
    begin: string,
  ): undefined => {
    response.writeHead(200, { "content-type": type }).write(begin);
    const write = (): void => {
      while (!response.destroyed && response.write(MEGABYTE));
      if (!response.destroyed) response.once("drain", write);
    };
    write();
    return undefined;
  };
  const { connection } = await connected(context, {
    tools: {
      json: ({ response }) => pour(response, "application/json", '{"x":"'),
      event: ({ response }) => pour(response, "text/event-stream", "data: "),
    },
  });
  const before = process.memoryUsage().rss;
  for (const name of ["json", "event"]) {
    await assert.rejects(run(connection, name), { code: "outcome_unknown" });
  }
  assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
  assert.deepEqual(await run(connection, "echo"), ECHO);
});

test("a stream of many events may be larger than any one of them", async (context) => {
  const many: HttpServer["tools"][string] = ({ id, event, response }) => {
    for (let count = 0; count < 20; count++) {
      event({ method: "notifications/message", params: { level: "info", data: MEGABYTE } });
    }
    event({ id, result: { content: [{ type: "text", text: "done" }] } });
    response.end();
    return undefined;
  };
  const { connection } = await connected(context, { tools: { many } });
  assert.deepEqual(await run(connection, "many"), [{ text: "done" }]);
});

test("a fetch of the caller's is used, redirects off", async (context) => {
  const seen: unknown[] = [];
  const own: typeof fetch = (input, init) => {
    seen.push(init?.redirect);
    return fetch(input, init);
  };
  const { connection } = await connected(context, { fetch: own });
  await run(connection, "echo");
  assert.ok(seen.length >= 4);
  assert.ok(seen.every((redirect) => redirect === "manual"));
});
