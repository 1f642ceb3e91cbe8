import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import { promisify } from "node:util";
import { startLocalBedrock } from "../../src/local/index.ts";
import { CONVERSE, CONVERSE_STREAM, call, HELLO, jsonOf } from "./local-client.ts";

test("an endpoint started without options answers on a free loopback port", async (context) => {
  const local = await startLocalBedrock();
  context.after(() => local.close());
  assert.match(local.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await call({ url: local.url });
  assert.equal(answer.status, 200);
  assert.equal(jsonOf(answer)["stopReason"], "end_turn");
});

test("an endpoint may listen under any loopback name", async () => {
  for (const host of ["localhost", "127.0.0.2", "::1", "[::1]"]) {
    const local = await startLocalBedrock({ host });
    assert.equal((await call({ url: local.url })).status, 200, host);
    await local.close();
  }
});

test("a host that others could reach is refused", async () => {
  for (const host of ["0.0.0.0", "::", "192.168.0.1", "example.com", "localhost.example.com"]) {
    await assert.rejects(startLocalBedrock({ host }), {
      name: "TypeError",
      message: `startLocalBedrock: host must be a loopback name or address (localhost, 127.0.0.1 or ::1), for the endpoint accepts any credentials; got “${host}”.`,
    });
  }
});

test("an unknown option is a TypeError that names it and the nearest known one", async () => {
  await assert.rejects(startLocalBedrock({ prot: 0 } as object), {
    name: "TypeError",
    message: "startLocalBedrock: “prot” is not a known option. Did you mean “port”?",
  });
  for (const name of ["upstream", "record", "replay"]) {
    await assert.rejects(startLocalBedrock({ [name]: {} } as object), (error: Error) => {
      assert.ok(error instanceof TypeError);
      return error.message.includes(`“${name}” is not a known option`);
    });
  }
});

test("options of the wrong kind are TypeErrors", async () => {
  const wrong = [{ port: -1 }, { port: 70_000 }, { port: 1.5 }, { port: "80" }, { pauseMs: -1 }];
  const others = [{ model: "simulator" }, { host: 1 }, { host: "" }, { onRequest: true }];
  for (const options of [...wrong, ...others]) {
    await assert.rejects(startLocalBedrock(options as object), TypeError, JSON.stringify(options));
  }
  await assert.rejects(startLocalBedrock(null as unknown as object), TypeError);
});

test("whoever wants to know is told of each request with its status", async (context) => {
  const told: unknown[] = [];
  const local = await startLocalBedrock({
    onRequest: ({ operation, status }) => told.push([operation, status]),
  });
  context.after(() => local.close());
  await call({ url: local.url, body: HELLO });
  await call({ url: local.url, path: CONVERSE_STREAM, body: {} });
  assert.deepEqual(told, [
    ["converse", 200],
    ["converse-stream", 400],
  ]);
});

test("a listener that throws costs its request the connection, and is kept", async (context) => {
  const local = await startLocalBedrock({
    onRequest: () => {
      throw new RangeError("of one's own");
    },
  });
  context.after(() => local.close());
  await assert.rejects(call({ url: local.url }), { code: "ECONNRESET" });
  assert.ok(local.lastError instanceof RangeError);
});

test("a port in use rejects with an error that names host and port", async (context) => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  context.after(() => blocker.close());
  const { port } = blocker.address() as { port: number };
  await assert.rejects(startLocalBedrock({ port }), {
    name: "Error",
    message: `startLocalBedrock: cannot listen on 127.0.0.1:${port}, the port is already in use.`,
  });
});

test("close ends idle connections of both protocols, and those that have not said a word", async () => {
  const local = await startLocalBedrock();
  const { port } = new URL(local.url);
  const agent = new Agent({ keepAlive: true });
  const kept = request(`${local.url}${CONVERSE}`, {
    method: "POST",
    agent,
    headers: { authorization: "x" },
  });
  kept.end(JSON.stringify(HELLO));
  const [response] = await once(kept, "response");
  response.resume();
  await once(response, "end");
  const session = connectHttp2(local.url);
  await once(session, "connect");
  const silent = connect(Number(port), "127.0.0.1");
  await once(silent, "connect");
  const ends = [session, silent].map((each) => {
    each.on("error", () => {});
    return once(each, "close");
  });
  await local.close();
  await Promise.all(ends);
  agent.destroy();
  await assert.rejects(call({ url: local.url }), { code: "ECONNREFUSED" });
});

test("close cuts a stream that is under way and tells the model function", async () => {
  let signal: AbortSignal | undefined;
  const local = await startLocalBedrock({
    pauseMs: 60_000,
    model: (asked) => {
      signal = asked.signal;
      return "Some words that will never arrive.";
    },
  });
  const asked = request(`${local.url}${CONVERSE_STREAM}`, {
    method: "POST",
    headers: { authorization: "x" },
  });
  asked.end(JSON.stringify(HELLO));
  const [response] = await once(asked, "response");
  const cut = once(response, "error");
  await Promise.all([local.close(), local.close()]);
  assert.equal((await cut)[0].code, "ECONNRESET");
  assert.equal(signal?.aborted, true);
  await local.close();
});

test("close does not wait for a model function that never answers", async () => {
  const { promise: asked, resolve } = withResolvers();
  const local = await startLocalBedrock({
    model: () => {
      resolve();
      return new Promise<string>(() => {});
    },
  });
  const answer = call({ url: local.url }).catch((error: unknown) => error);
  await asked;
  await local.close();
  assert.ok((await answer) instanceof Error);
});

test("a closed endpoint leaves nothing that keeps the process alive", async () => {
  const program = `
    import { startLocalBedrock } from "./src/local/index.ts";
    const local = await startLocalBedrock();
    const answer = await fetch(local.url + "${CONVERSE}", {
      method: "POST",
      headers: { authorization: "x" },
      body: ${JSON.stringify(JSON.stringify(HELLO))},
    });
    await answer.text();
    await local.close();
    console.log("closed");
  `;
  const run = promisify(execFile);
  const argv = ["--import", "tsx", "--input-type=module", "--eval", program];
  // A process that is kept alive would be killed at last, and the promise rejected.
  const { stdout } = await run(process.execPath, argv, { timeout: 60_000 });
  assert.equal(stdout, "closed\n");
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
