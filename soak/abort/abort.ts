// A thousand aborts, spread over every phase of a call: how soon the caller knows, how soon the
// server sees the connection close, and what is left.

import { getEventListeners } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { AbortError } from "../../src/index.ts";
import { atMost, exactly, type Figure, percentile, told } from "../figure.ts";
import { countResources, resourcesBeyond } from "../memory.ts";
import type { SoakOptions } from "../parts.ts";
import { watchProcess } from "../process-faults.ts";
import { Random } from "../random.ts";
import { type SoakServer, startServer } from "../server/start-server.ts";
import { waitUntil, within } from "../waiting.ts";
import { abortBurst } from "./burst.ts";
import { PHASES, type Phase } from "./phases.ts";

const MAX_REJECTION_MS = 10;
const MAX_CLOSE_MS = 50;
/** Longer than this nobody waits for a rejection or a close; it counts as this long. */
const GIVE_UP_MS = 2000;
const LATE = Symbol("late");

/** What came of the aborts of all phases, or of one. */
interface Outcome {
  readonly rejectionsMs: number[];
  readonly closesMs: number[];
  /** Ends that were no `AbortError`. */
  readonly others: string[];
  listenersLeft: number;
}

/** Goes through the phases one by one. */
export async function soakAbort({ isQuick, seed }: SoakOptions): Promise<Figure[]> {
  const perPhase = isQuick ? 20 : 100;
  const server = await startServer({ tellsCloses: true });
  const faults = watchProcess();
  const random = new Random(seed);
  const idle = countResources();
  const all: Outcome = { rejectionsMs: [], closesMs: [], others: [], listenersLeft: 0 };
  const figures: Figure[] = [];
  for (const makePhase of PHASES) {
    const phase = await makePhase(server);
    const own: Outcome = { rejectionsMs: [], closesMs: [], others: [], listenersLeft: 0 };
    for (let index = 0; index < perPhase; index++) {
      await abortOnce(phase, server, { outcome: own, index, delayMs: random.next() * 5 });
    }
    await phase.leave();
    figures.push(told(phase.name, `rejected ${spread(own.rejectionsMs)}${closes(own)}`));
    all.rejectionsMs.push(...own.rejectionsMs);
    all.closesMs.push(...own.closesMs);
    all.others.push(...own.others.map((other) => `${phase.name}: ${other}`));
    all.listenersLeft += own.listenersLeft;
  }
  const burst = await abortBurst(server);
  const isSettled = await waitUntil(() => resourcesBeyond(idle) === 0, GIVE_UP_MS);
  const left = resourcesBeyond(idle);
  server.stop();
  for (const what of [...all.others, ...faults.warnings, ...faults.unhandled]) {
    console.error(`abort: ${what}`);
  }
  return [
    ...figures,
    told("aborts", all.rejectionsMs.length),
    exactly("ends that were no AbortError", all.others.length, 0),
    told("to the rejection, p50", percentile(all.rejectionsMs, 0.5), "ms"),
    atMost("to the rejection, p99", percentile(all.rejectionsMs, 0.99), MAX_REJECTION_MS, "ms"),
    atMost("to the rejection, longest", Math.max(...all.rejectionsMs), MAX_REJECTION_MS, "ms"),
    atMost(
      "until the server sees the close, p99",
      percentile(all.closesMs, 0.99),
      MAX_CLOSE_MS,
      "ms",
    ),
    told("until the server sees the close, longest", Math.max(...all.closesMs), "ms"),
    ...burst,
    exactly("sockets and timers left", isSettled ? 0 : left, 0),
    exactly("listeners left on signals", all.listenersLeft, 0),
    exactly("warnings and unhandled", faults.warnings.length + faults.unhandled.length, 0),
  ];
}

async function abortOnce(
  phase: Phase,
  server: SoakServer,
  { outcome, index, delayMs }: { outcome: Outcome; index: number; delayMs: number },
): Promise<void> {
  const controller = new AbortController();
  const waiting = await within(phase.enter(controller.signal), GIVE_UP_MS, undefined);
  if (waiting === undefined) throw new Error(`No call came into the phase “${phase.name}”.`);
  await sleep(delayMs);
  const closed = phase.closesConnection ? nextClose(server) : undefined;
  const abortedAt = process.hrtime.bigint();
  // Every other time by the stream's own method, where there is one.
  if (index % 2 === 1 && waiting.abort !== undefined) waiting.abort();
  else controller.abort();
  outcome.others.push(...(await otherEnd(waiting.ended())));
  outcome.rejectionsMs.push(millisecondsBetween(abortedAt, process.hrtime.bigint()));
  if (closed !== undefined) {
    const closedAt = await within(closed, GIVE_UP_MS, undefined);
    outcome.closesMs.push(
      closedAt === undefined ? GIVE_UP_MS : millisecondsBetween(abortedAt, closedAt),
    );
  }
  await nextTurn();
  outcome.listenersLeft += getEventListeners(controller.signal, "abort").length;
}

/** Nothing where the call ended as it should. */
async function otherEnd(ended: Promise<unknown>): Promise<string[]> {
  try {
    const value = await within(ended, GIVE_UP_MS, LATE);
    return [value === LATE ? "still waiting" : "it succeeded"];
  } catch (error) {
    return error instanceof AbortError ? [] : [String(error)];
  }
}

/** When the server sees the next connection close. */
function nextClose(server: SoakServer): Promise<bigint> {
  return new Promise((resolve) => {
    server.onClosed = ({ atNs }) => resolve(atNs);
  });
}

function millisecondsBetween(startNs: bigint, endNs: bigint): number {
  return Number(endNs - startNs) / 1e6;
}

function spread(valuesMs: readonly number[]): string {
  const [middle, high, longest] = [0.5, 0.99, 1].map((share) =>
    percentile(valuesMs, share).toFixed(1),
  );
  return `${middle} / ${high} / ${longest} ms`;
}

function closes({ closesMs }: Outcome): string {
  return closesMs.length === 0 ? "" : `, closed ${spread(closesMs)}`;
}
