// Readers that stop while the server would send for ever: what is held for them in the client, the
// kernel's own buffers counted apart, and whether other calls still go through.

import { setTimeout as sleep } from "node:timers/promises";
import type { BedrockLLM, ConverseStream } from "../../src/index.ts";
import { modelFor, soakClient } from "../client.ts";
import { atMost, exactly, type Figure, percentile, told } from "../figure.ts";
import { collect, measureHeld } from "../memory.ts";
import type { SoakOptions } from "../parts.ts";
import { FLOOD_FRAME } from "../server/behaviours.ts";
import { START } from "../server/frames.ts";
import { type SoakServer, startServer } from "../server/start-server.ts";
import { kernelBytesFrom } from "./kernel-buffers.ts";

const MAX_BUFFERED_MB = 1;
const MANY = 64;
const WARM_UP_READERS = 8;
const SETTLE_MS = 1000;
const OTHER_CALLS = 50;
const MAX_CALL_MS = 250;
/** Events that are read before the reader stops. */
const READ_EVENTS = 50;
const MB = 2 ** 20;

/** What the stopped readers of one client hold, each. */
interface Stopped {
  readonly bufferedMb: number;
  readonly kernelMb: number | undefined;
  readonly heapMb: number;
  readonly residentMb: number;
}

/** One reader, then many at once. */
export async function soakBackpressure({ isQuick }: SoakOptions): Promise<Figure[]> {
  const standsMs = isQuick ? 1500 : 8000;
  const server = await startServer();
  const llm = soakClient(server.url);
  try {
    // So that code and pools are there before anything is measured.
    await stopReaders(server, llm, WARM_UP_READERS, 200);
    await sleep(SETTLE_MS);
    const one = await stopReaders(server, llm, 1, standsMs);
    const latenciesMs: number[] = [];
    const many = await stopReaders(server, llm, MANY, standsMs, async () => {
      for (let call = 0; call < OTHER_CALLS; call++) latenciesMs.push(await timeCall(llm));
    });
    return [
      ...bufferFigures("one stopped reader", one),
      ...bufferFigures(`${MANY} stopped readers, each`, many),
      // Of one reader it would say nothing: an idle heap alone moves by more than he may hold.
      atMost(`${MANY} stopped readers, each: heap`, many.heapMb, MAX_BUFFERED_MB, "MB"),
      told(`${MANY} stopped readers, each: resident memory`, many.residentMb, "MB"),
      exactly("other calls that went through meanwhile", latenciesMs.length, OTHER_CALLS),
      atMost("other calls, p99", percentile(latenciesMs, 0.99), MAX_CALL_MS, "ms"),
    ];
  } finally {
    await llm.close();
    server.stop();
  }
}

/** What left the server and came to nobody: exact, for every frame of a flood is of one size. */
function bufferFigures(who: string, { bufferedMb, kernelMb }: Stopped): Figure[] {
  const name = `${who}: sent, neither read nor in the kernel`;
  if (kernelMb === undefined) {
    return [told(`${name} (the kernel cannot be asked here)`, bufferedMb, "MB")];
  }
  return [
    atMost(name, bufferedMb, MAX_BUFFERED_MB, "MB"),
    told(`${who}: in the kernel's buffers`, kernelMb, "MB"),
  ];
}

/** Opens floods, reads a little of each, waits, measures, and leaves them. */
async function stopReaders(
  server: SoakServer,
  llm: BedrockLLM,
  count: number,
  standsMs: number,
  meanwhile: () => Promise<void> = async () => {},
): Promise<Stopped> {
  const before = await measureHeld();
  const streams = Array.from({ length: count }, () =>
    llm.invokeStream({ modelId: modelFor("flood"), messages: "Tell me everything." }),
  );
  const delivered = await Promise.all(streams.map(readSome));
  await sleep(standsMs);
  await meanwhile();
  const after = await measureHeld();
  const { floodedBytes } = await server.ask();
  const kernelBytes = await kernelBytesFrom(server.port);
  const deliveredBytes = delivered.reduce((sum, bytes) => sum + bytes, 0);
  for (const stream of streams) stream.abort();
  await sleep(100);
  await collect();
  const each = (bytes: number): number => bytes / count / MB;
  return {
    bufferedMb: each(floodedBytes - deliveredBytes - (kernelBytes ?? 0)),
    kernelMb: kernelBytes === undefined ? undefined : each(kernelBytes),
    heapMb: each(after.heap - before.heap),
    residentMb: each(after.resident - before.resident),
  };
}

/** Reads some events and stops; returns what they took on the wire, chunk by chunk. */
async function readSome(stream: ConverseStream): Promise<number> {
  const events = stream[Symbol.asyncIterator]();
  for (let event = 0; event < READ_EVENTS; event++) await events.next();
  return chunkBytes(START) + (READ_EVENTS - 1) * chunkBytes(FLOOD_FRAME);
}

/** A chunk of HTTP: its length in hexadecimal and two line ends around it. */
function chunkBytes(frame: Buffer): number {
  return frame.length + frame.length.toString(16).length + 4;
}

async function timeCall(llm: BedrockLLM): Promise<number> {
  const startedAt = performance.now();
  await llm.invoke({ modelId: modelFor("answer"), messages: "And you?" });
  return performance.now() - startedAt;
}
