// The server's program: plain `node:http`, and a second port that accepts and never speaks.

import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tellParent } from "../child.ts";
import { behave } from "./behaviours.ts";
import type { Question, ServerMessage, ServerSettings } from "./protocol.ts";

/** Ten thousand may come at once. */
const BACKLOG = 4096;

const settings = JSON.parse(process.argv[2] ?? "{}") as ServerSettings;
const sockets = new Set<Socket>();
const floods = new Set<ServerResponse>();
const faults: string[] = [];
let requests = 0;
let mode = "";

process.on("warning", (warning) => faults.push(String(warning)));
process.on("disconnect", () => process.exit());

const server = createHttpServer((request, response) => {
  requests += 1;
  response.on("error", () => {});
  request.on("error", () => {});
  request.resume();
  request.once("end", () => {
    const streams = request.url?.endsWith("-stream") ?? false;
    const flooded = (flood: ServerResponse): void => {
      floods.add(flood);
      flood.once("close", () => floods.delete(flood));
    };
    behave({ request, response, streams, mode, flooded });
  });
});
server.keepAliveTimeout = settings.keepAliveMs;
server.requestTimeout = 0;
server.headersTimeout = 0;
server.on("connection", (socket) => keep(socket, false));
server.on("clientError", (_error, socket) => socket.destroy());

const silent = createServer((socket) => {
  socket.resume();
  keep(socket, true);
});

function keep(socket: Socket, isSilent: boolean): void {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.once("close", () => {
    sockets.delete(socket);
    if (settings.tellsCloses) send({ kind: "closed", atNs: process.hrtime.bigint(), isSilent });
  });
}

function send(message: ServerMessage): void {
  tellParent(message).catch(() => process.exit());
}

process.on("message", (question: Question) => {
  if (question.mode !== undefined) mode = question.mode;
  let floodedBytes = 0;
  for (const { socket } of floods) {
    // What Node still holds has not left the process.
    if (socket !== null) floodedBytes += socket.bytesWritten - socket.writableLength;
  }
  const state = { connections: sockets.size, requests, floodedBytes, faults };
  send({ kind: "state", number: question.number, state });
});

async function listen(one: Server): Promise<number> {
  await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", BACKLOG, resolve));
  return (one.address() as AddressInfo).port;
}

send({ kind: "listening", port: await listen(server), silentPort: await listen(silent) });
