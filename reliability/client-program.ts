// The process that holds the client: takes one task, reports, and waits to be ended.

import type { BedrockLLM } from "../src/index.ts";
import { clientOf } from "./bench.ts";
import { type ClientReports, type ClientTask, WARM_UP } from "./client-process.ts";
import { tryAllFlips, tryMutations } from "./decoder.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { readAnswer } from "./reading.ts";
import { sweep } from "./sweep.ts";

/** Enough for what is loaded and compiled once not to be taken for growth. */
const WARM_UP_CALLS = 50;

/** So many calls share one watch, which begins with a collection of garbage. */
const WATCHED_CALLS = 25;

async function carryOut(task: ClientTask): Promise<ClientReports[ClientTask["kind"]]> {
  if (task.kind === "decode") {
    return { flips: tryAllFlips(), mutations: tryMutations(task.mutations, task.seed) };
  }
  const llm = clientOf(task.url);
  try {
    switch (task.kind) {
      case "read":
        return await readAll(llm, task);
      case "pause":
        return await pauseReading(llm, task.pauseMs);
      case "flips":
        return await readFlipped(llm, task.bits);
      case "sweep":
        return await sweep(llm, task.plan);
    }
  } finally {
    await llm.close();
  }
}

async function warmUp(llm: BedrockLLM): Promise<void> {
  for (let call = 0; call < WARM_UP_CALLS; call++) {
    const outcome = await readAnswer(llm, "response", { messages: WARM_UP });
    if (outcome.kind !== "success") throw new Error(`Warming up failed: ${outcome.message}`);
  }
}

async function readAll(
  llm: BedrockLLM,
  { readings }: ClientTask & { kind: "read" },
): Promise<ClientReports["read"]> {
  await warmUp(llm);
  const watch = new MemoryWatch();
  const outcomes = [];
  for (const reading of readings) outcomes.push(await readAnswer(llm, reading, { messages: "go" }));
  return { outcomes, growth: watch.stop() };
}

async function pauseReading(llm: BedrockLLM, pauseMs: number): Promise<ClientReports["pause"]> {
  await warmUp(llm);
  const stream = llm.invokeStream({ messages: "go" });
  const iterator = stream[Symbol.asyncIterator]();
  const watch = new MemoryWatch();
  await iterator.next();
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const growth = watch.stop();
  stream.abort();
  return { growth };
}

async function readFlipped(
  llm: BedrockLLM,
  bits: readonly number[],
): Promise<ClientReports["flips"]> {
  await warmUp(llm);
  const accepted: number[] = [];
  let [rssBytes, bufferBytes] = [0, 0];
  for (let start = 0; start < bits.length; start += WATCHED_CALLS) {
    const watch = new MemoryWatch();
    for (const bit of bits.slice(start, start + WATCHED_CALLS)) {
      const options = { messages: String(bit), retry: { mode: "off" } } as const;
      const outcome = await readAnswer(llm, "response", options);
      watch.sample();
      if (outcome.kind !== "error" || outcome.name !== "StreamError") accepted.push(bit);
    }
    const growth = watch.stop();
    rssBytes = Math.max(rssBytes, growth.rssBytes);
    bufferBytes = Math.max(bufferBytes, growth.bufferBytes);
  }
  return { refused: bits.length - accepted.length, accepted, growth: { rssBytes, bufferBytes } };
}

process.once("message", async (task: ClientTask) => {
  process.send?.(await carryOut(task));
});
