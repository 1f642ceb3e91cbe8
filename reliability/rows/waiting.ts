// Rows of silence, and of callers who have had enough. Deadlines are short ones, set for the row: what
// is shown is that each fires when it should.

import { getEventListeners } from "node:events";
import { deltaFrame, textFrames } from "../answer.ts";
import type { Bench } from "../bench.ts";
import { allFail, allOf, formatMs, longestMs, readInTurn, withFigures } from "../judge.ts";
import type { Failure } from "../reading.ts";
import { beginStream } from "../replies.ts";
import type { Finding, Measure, Measures } from "../row.ts";

const LIMIT_MS = 300;

/** How much later than its limit an error may come. */
const LATE_MS = 1000;
const BUSY_LATE_MS = 10_000;

const OPENING = Buffer.concat(textFrames(["One ", "two "]).slice(0, 3));

/** A stream that falls silent after two deltas. */
function stallAfterTwo(options: {
  readonly isSecure?: boolean;
  readonly setBy: "client" | "call";
}): Measure {
  return async (bench) => {
    const server = await bench.serve(
      async (_, reply) => {
        void beginStream(reply);
        await reply.send(OPENING);
      },
      { isSecure: options.isSecure === true },
    );
    const limits = { timeouts: { idleMs: LIMIT_MS } };
    const llm = bench.client(server, options.setBy === "client" ? limits : {});
    const outcomes = await readInTurn(llm, options.setBy === "call" ? limits : {});
    const took = `after \`idleMs\` (${LIMIT_MS} ms): ${formatMs(longestMs(outcomes))}`;
    const finding = allFail(
      outcomes,
      (failure) =>
        isTimeout(failure, "idle") &&
        failure.partialText === "One two " &&
        isInTime(bench, failure),
    );
    return withFigures(finding, took);
  };
}

async function noHead(bench: Bench): Promise<Finding> {
  const server = await bench.serve(() => {});
  const limits = { timeouts: { firstEventMs: LIMIT_MS, responseMs: LIMIT_MS } };
  const whole = await readInTurn(bench.client(server), limits, ["invoke"]);
  // `responseMs` of a call bounds its stream as well, so streams get the other limit alone.
  const first = { timeouts: { firstEventMs: LIMIT_MS } };
  const streamed = await readInTurn(bench.client(server), first);
  const isRight = (phase: string) => (failure: Failure) =>
    isTimeout(failure, phase) && failure.attempts === 1 && isInTime(bench, failure);
  const took = (limit: string, outcomes: typeof whole): string =>
    `after \`${limit}\` (${LIMIT_MS} ms): ${formatMs(longestMs(outcomes))}`;
  return allOf(
    withFigures(allFail(streamed, isRight("first_event")), took("firstEventMs", streamed)),
    withFigures(allFail(whole, isRight("response")), `\`invoke\` ${took("responseMs", whole)}`),
  );
}

function isTimeout(failure: Failure, phase: string): boolean {
  return failure.name === "TimeoutError" && failure.detail === phase;
}

function isInTime(bench: Bench, { elapsedMs }: Failure): boolean {
  return elapsedMs < LIMIT_MS + bench.choose(LATE_MS, BUSY_LATE_MS);
}

interface Abort {
  /** From `abort()` to the close as the server sees it, and to the error as the reader does. */
  readonly closedMs: number;
  readonly errorMs: number;
  readonly errorName: string;
  readonly listenersLeft: number;
}

/** Reads four deltas of an endless answer, then aborts. */
async function abortAfterFour(bench: Bench): Promise<Abort> {
  let closedAt: (time: number) => void = () => {};
  const closed = new Promise<number>((resolve) => {
    closedAt = resolve;
  });
  const server = await bench.serve(async (_, reply) => {
    reply.onClosed(() => closedAt(performance.now()));
    void beginStream(reply);
    await reply.send(Buffer.concat(textFrames(["a", "b", "c", "d"]).slice(0, 5)));
    while (!reply.isOver) {
      await reply.send(deltaFrame(0, { text: "more" }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });
  const controller = new AbortController();
  const stream = bench.client(server).invokeStream({ messages: "go", signal: controller.signal });
  let [deltas, abortedAt, errorMs, errorName] = [0, 0, 0, "no error"];
  try {
    for await (const _ of stream.text()) {
      deltas += 1;
      if (deltas !== 4) continue;
      abortedAt = performance.now();
      controller.abort();
    }
  } catch (error) {
    errorMs = performance.now() - abortedAt;
    errorName = error instanceof Error ? error.name : String(error);
  }
  const closedMs = (await closed) - abortedAt;
  const listenersLeft = getEventListeners(controller.signal, "abort").length;
  return { closedMs, errorMs, errorName, listenersLeft };
}

async function abortRepeatedly(bench: Bench): Promise<Abort[]> {
  const aborts: Abort[] = [];
  for (let count = bench.choose(200, 5); count > 0; count--) {
    aborts.push(await abortAfterFour(bench));
  }
  return aborts;
}

/** The slowest but one in a hundred. */
function ninetyNinth(durations: readonly number[]): number {
  const sorted = [...durations].sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
}

async function serverSeesAbort(bench: Bench): Promise<Finding> {
  const aborts = await abortRepeatedly(bench);
  const closedMs = ninetyNinth(aborts.map((abort) => abort.closedMs));
  return {
    ours: `${formatMs(closedMs)} (p99 of ${aborts.length})`,
    isMet: closedMs <= bench.choose(50, 5000),
  };
}

async function callerSeesAbort(bench: Bench): Promise<Finding> {
  const aborts = await abortRepeatedly(bench);
  const names = new Set(aborts.map(({ errorName }) => errorName));
  const errorMs = ninetyNinth(aborts.map((abort) => abort.errorMs));
  const left = Math.max(...aborts.map(({ listenersLeft }) => listenersLeft));
  return {
    ours: `${[...names].join(" or ")} after ${formatMs(errorMs)}; ${left} listeners left on the signal`,
    isMet:
      names.size === 1 &&
      names.has("AbortError") &&
      left === 0 &&
      errorMs <= bench.choose(10, 5000),
  };
}

/** By the names of the rows. */
export const WAITING: Measures = {
  stall: stallAfterTwo({ setBy: "client" }),
  "stall-per-call": stallAfterTwo({ setBy: "call" }),
  "stall-tls": stallAfterTwo({ setBy: "client", isSecure: true }),
  "no-head": noHead,
  "abort-closes": serverSeesAbort,
  "abort-seen": callerSeesAbort,
};
