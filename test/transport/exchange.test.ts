import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { parseEndpoint } from "../../src/aws/endpoint.ts";
import { closeIdleConnections } from "../../src/transport/exchange.ts";
import { answerJson, scriptedServer } from "../helpers/scripted-server.ts";

test("idle connections are closed to the endpoint alone, not to an agent's other hosts", async (context) => {
  const agent = new Agent({ keepAlive: true });
  context.after(() => agent.destroy());
  const servers = await Promise.all(
    [0, 1].map(() => scriptedServer(context, (_, response) => answerJson(response, "ok"))),
  );
  for (const { url } of servers) {
    await new Promise<void>((resolve) => {
      request(url, { agent }, (response) => response.resume().on("close", resolve)).end();
    });
  }
  const [own = "", other = ""] = servers.map(({ url }) => url);
  const idle = (url: string) =>
    Object.entries(agent.freeSockets).flatMap(([name, sockets]) =>
      name.startsWith(`${new URL(url).host}:`) ? (sockets ?? []) : [],
    );
  // A socket is handed back a turn after its answer was read.
  while (idle(own).length + idle(other).length < 2) await new Promise(setImmediate);
  const [ownSockets, otherSockets] = [idle(own), idle(other)];
  closeIdleConnections(agent, parseEndpoint(own, "endpoint"));
  assert.deepEqual(
    ownSockets.map(({ destroyed }) => destroyed),
    [true],
  );
  assert.deepEqual(
    otherSockets.map(({ destroyed }) => destroyed),
    [false],
  );
});
