// Opens streams with one `BedrockLLM`, each read by a loop of its own.

import type { ConverseStream } from "../../src/index.ts";
import { modelFor, soakClient } from "../client.ts";
import { makePrompt, measureSteps, readArguments } from "./measure-steps.ts";

const given = readArguments();
const llm = soakClient(given.url, { timeouts: { idleMs: 900_000, connectMs: 60_000 } });

function openStream(): ConverseStream {
  return llm.invokeStream({ modelId: modelFor("stall"), messages: makePrompt(given) });
}

function open(): Promise<void> {
  const stream = openStream();
  return new Promise((resolve, reject) => {
    const read = async (): Promise<void> => {
      for await (const event of stream) {
        if (event.contentBlockDelta !== undefined) resolve();
      }
    };
    read().catch(reject);
  });
}

async function warmUp(): Promise<void> {
  for (let round = 0; round < 20; round++) {
    const calls = Array.from({ length: 20 }, async () => {
      for await (const event of openStream()) {
        if (event.contentBlockDelta !== undefined) break;
      }
    });
    await Promise.all(calls);
  }
}

await measureSteps(given.counts, {
  open,
  warmUp,
  call: async () => {
    await llm.invoke({ modelId: modelFor("answer"), messages: makePrompt(given) });
  },
});
