// Opens streams with one `BedrockLLM`, each read by a loop of its own.

import { modelFor, soakClient } from "../client.ts";
import { measureSteps, readArguments } from "./measure-steps.ts";

const { url, counts } = readArguments();
const llm = soakClient(url, { timeouts: { idleMs: 900_000, connectMs: 60_000 } });
const options = { modelId: modelFor("stall"), messages: "What is the capital of France?" };

function open(): Promise<void> {
  const stream = llm.invokeStream(options);
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
      for await (const event of llm.invokeStream(options)) {
        if (event.contentBlockDelta !== undefined) break;
      }
    });
    await Promise.all(calls);
  }
}

await measureSteps(counts, {
  open,
  warmUp,
  call: async () => {
    await llm.invoke({ ...options, modelId: modelFor("answer") });
  },
});
