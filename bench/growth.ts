// How cost grows with the length of a history and of an answer, and what a stream keeps of what it has
// delivered.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text as readText } from "node:stream/consumers";
import type { ClientName } from "./clients/client.ts";
import { cleanEnvironment, programOf } from "./processes.ts";
import { textOf, WHOLE_PIECES } from "./server/answers.ts";
import type { Session } from "./session.ts";
import { growthExponent, median } from "./statistics.ts";
import type { Batch } from "./worker.ts";

/** One point of a curve. */
export interface Point {
  readonly size: number;
  /** Processor time of a call, in microseconds. */
  readonly cost: number;
}

/** The cost of a call over the size of what it carries. */
export interface Curve {
  readonly title: string;
  /** What sizes are counted in. */
  readonly axis: string;
  readonly points: ReadonlyMap<ClientName, readonly Point[]>;
}

/** Those that are worth a line each. */
const CLIENTS_SHOWN: readonly ClientName[] = ["floor", "dcaf", "aws-sdk-http1"];

/** From here on the fixed cost of a call no longer hides how it grows. */
const MIN_GROWN_SIZE = 100;

/** The exponent of the growth beyond the fixed cost of a call: 1 is linear. */
export function exponentOf(points: readonly Point[]): number {
  return growthExponent(points.filter(({ size }) => size >= MIN_GROWN_SIZE));
}

/** Measures both curves. */
export async function measureGrowth(session: Session): Promise<Curve[]> {
  const messages = session.options.isQuick ? [1, 201, 2001] : [1, 11, 51, 201, 501, 1001, 2001];
  const events = session.options.isQuick ? [10, 1000, 20_000] : [10, 100, 1000, 10_000, 100_000];
  return [
    {
      title: "`invoke` over the length of the history",
      axis: "messages",
      points: await measureCurve(session, messages, (size) => ({
        events: 0,
        batch: {
          operation: "invoke",
          conversation: { kind: "history", messages: size },
          calls: Math.ceil(2000 / (size + 10)),
          concurrency: 1,
          characters: textOf(WHOLE_PIECES).length,
        },
      })),
    },
    {
      title: "a stream over the length of the answer",
      axis: "events",
      points: await measureCurve(session, events, (size) => ({
        events: size,
        batch: {
          operation: "stream",
          conversation: { kind: "hello" },
          calls: Math.ceil(20_000 / (size + 100)),
          concurrency: 1,
          characters: textOf(size).length,
        },
      })),
    },
  ];
}

async function measureCurve(
  session: Session,
  sizes: readonly number[],
  toWork: (size: number) => { events: number; batch: Batch },
): Promise<Map<ClientName, Point[]>> {
  const curve = new Map<ClientName, Point[]>();
  const workers = await session.workers(CLIENTS_SHOWN);
  const rounds = session.rounds(7, 1);
  // What is compiled for small sizes is compiled for large ones too.
  for (const size of [sizes[0] ?? 0, ...sizes]) {
    const { events, batch } = toWork(size);
    await session.server.answerWith({ events, everyMs: 0 });
    const costs = new Map<ClientName, number[]>();
    for (let round = -1; round < rounds; round += 1) {
      for (const [name, worker] of workers) {
        const { cpuUs } = await worker.run(batch);
        if (round >= 0) costs.set(name, [...(costs.get(name) ?? []), cpuUs / batch.calls]);
      }
    }
    for (const [name, values] of costs) {
      const points = (curve.get(name) ?? []).filter((point) => point.size !== size);
      curve.set(name, [...points, { size, cost: median(values) }]);
    }
  }
  return curve;
}

/** What a stream of ours keeps for each character that it has delivered, in bytes. */
export async function measureKeptMemory(session: Session): Promise<number> {
  const kept: { characters: number; bytes: number }[] = [];
  for (const events of [10_000, 100_000]) {
    await session.server.answerWith({ events, everyMs: 0 });
    const characters = textOf(events).length;
    const runs: number[] = [];
    for (let run = 0; run < 3; run += 1) runs.push(await measureKept(session, characters));
    kept.push({ characters, bytes: median(runs) });
  }
  const [few, many] = kept;
  if (few === undefined || many === undefined) return Number.NaN;
  return (many.bytes - few.bytes) / (many.characters - few.characters);
}

async function measureKept(session: Session, characters: number): Promise<number> {
  const target = JSON.stringify(session.targetOf("dcaf"));
  const args = ["--expose-gc", programOf("kept-memory.js"), target, String(characters)];
  const child = spawn(process.execPath, args, {
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await Promise.all([readText(child.stdout), once(child, "exit")]);
  return Number(said);
}
