// Sending an answer, the same over HTTP/1.1 and HTTP/2, with what faults make of it.

import { setTimeout as pause } from "node:timers/promises";
import type { Answer } from "./answer.ts";
import { BodyWriter } from "./body-writer.ts";
import { damage } from "./event-frames.ts";
import type { Exchange } from "./exchange.ts";
import { type Ending, endingOf } from "./faults/endings.ts";
import type { LatencyFault } from "./faults/fault.ts";
import { isBadChecksum, isEnding, isLatency, isSlicer, needsFrames } from "./faults/fault-kinds.ts";

/**
 * Sends an answer, no faster than the client reads. Rejects when the exchange's signal fires, which
 * it does when the client goes away.
 */
export async function deliver(exchange: Exchange, answer: Answer): Promise<void> {
  const { response, signal, faults } = exchange;
  const isStream = !Buffer.isBuffer(answer.body);
  const delayMs = faults.all(isLatency).reduce((sum, fault) => sum + latencyOf(fault), 0);
  const slicer = faults.first(isSlicer);
  const damaged = isStream ? faults.all(isBadChecksum) : [];
  // An answer that turned out to be an error has no frames.
  const fault = faults.first(isEnding, (candidate) => isStream || !needsFrames(candidate.fault));
  const ending = fault === undefined ? undefined : endingOf(fault);
  const writer = new BodyWriter(response, signal, slicer);

  if (delayMs > 0) await pause(delayMs, undefined, { signal });
  if (ending !== undefined && ending.place === undefined) {
    exchange.note(undefined);
    return await ending.end(exchange, writer);
  }
  exchange.note(answer.status);
  response.writeHead(answer.status, headersOf(answer, ending));
  const frames = isStream ? (answer.body as Iterable<Buffer>) : [answer.body as Buffer];
  await writeBody(exchange, writer, ending, damagedFrames(frames, damaged));
}

function latencyOf({ latencyMs, jitterMs = 0 }: LatencyFault): number {
  return Math.max(0, latencyMs + (2 * Math.random() - 1) * jitterMs);
}

function headersOf({ headers, body }: Answer, ending: Ending | undefined): Record<string, string> {
  // A body that ends early and properly cannot have told its length.
  const hasLength = Buffer.isBuffer(body) && ending?.isProper !== true;
  return hasLength ? { ...headers, "content-length": String(body.length) } : { ...headers };
}

function* damagedFrames(
  frames: Iterable<Buffer>,
  faults: readonly {
    readonly frame?: number | undefined;
    readonly part?: "prelude" | "message" | undefined;
  }[],
): Generator<Buffer, void> {
  let index = 0;
  for (const frame of frames) {
    const fault = faults.find((each) => (each.frame ?? 0) === index);
    yield fault === undefined ? frame : damage(frame, fault.part ?? "message");
    index++;
  }
}

async function writeBody(
  exchange: Exchange,
  writer: BodyWriter,
  ending: Ending | undefined,
  frames: Iterable<Buffer>,
): Promise<void> {
  const { response, signal, pauseMs } = exchange;
  const { unit, count } = ending?.place ?? { unit: "frames", count: Number.POSITIVE_INFINITY };
  let index = 0;
  let bytes = 0;
  for (const frame of frames) {
    if (unit === "frames" && index === count) return await ending?.end(exchange, writer);
    if (index > 0 && pauseMs > 0) await pause(pauseMs, undefined, { signal });
    const isCut = unit === "bytes" && bytes + frame.length >= count;
    const kept = isCut ? frame.subarray(0, count - bytes) : frame;
    if (kept.length > 0) await writer.write(kept);
    if (isCut) return await ending?.end(exchange, writer);
    index++;
    bytes += frame.length;
  }
  const isReached =
    ending !== undefined && (ending.isCertain || (unit === "frames" && index === count));
  if (isReached) await ending.end(exchange, writer);
  else response.end();
}
