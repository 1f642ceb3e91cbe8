// Reads one stream to its end by iteration, holds it, and prints how many bytes it still keeps.

import type { Target } from "./clients/client.ts";
import { createLlm } from "./clients/dcaf.ts";

const [target = "{}", characters] = process.argv.slice(2);
const llm = await createLlm(JSON.parse(target) as Target);

/** After everything that can go has gone. */
async function usedBytes(): Promise<number> {
  for (let times = 0; times < 3; times += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function readAll(messages: string): Promise<{ read: number; stream: object }> {
  const stream = llm.invokeStream({ messages });
  let read = 0;
  for await (const piece of stream.text()) read += piece.length;
  return { read, stream };
}

// The first ones are what the code itself needs.
for (let times = 0; times < 3; times += 1) await readAll("Hello");
const before = await usedBytes();
const { read, stream } = await readAll("Hello");
const kept = (await usedBytes()) - before;
if (read !== Number(characters)) throw new Error(`Read ${read} characters, not ${characters}.`);
process.stdout.write(`${kept}\n`, () => process.exit(stream === undefined ? 1 : 0));
