// Opens streams with `node:http` alone: the same agent settings, the same body, a `data` listener
// that keeps nothing.

import { Agent, type IncomingMessage, request } from "node:http";
import { makePrompt, measureSteps, readArguments } from "./measure-steps.ts";

const given = readArguments();
const { hostname, port } = new URL(given.url);
const agent = new Agent({ keepAlive: true, scheduling: "lifo" });

function post(behaviour: string, operation: string): Promise<IncomingMessage> {
  const messages = [{ role: "user", content: [{ text: makePrompt(given) }] }];
  const body = JSON.stringify({ messages });
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(body)),
    };
    const path = `/model/soak.${behaviour}-v1%3A0/${operation}`;
    const sent = request({ host: hostname, port, method: "POST", path, headers, agent }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}

async function open(): Promise<void> {
  await openResponse();
}

async function openResponse(): Promise<IncomingMessage> {
  const response = await post("stall", "converse-stream");
  response.on("error", () => {});
  await new Promise<void>((resolve) => response.on("data", () => resolve()));
  return response;
}

async function warmUp(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const responses = await Promise.all(Array.from({ length: 20 }, openResponse));
    for (const response of responses) response.destroy();
  }
}

await measureSteps(given.counts, {
  open,
  warmUp,
  call: async () => {
    const response = await post("answer", "converse");
    response.resume();
    await new Promise((resolve) => response.once("end", resolve));
  },
});
