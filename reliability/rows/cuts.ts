// Rows of answers that are cut off, in one place and in all places.

import { StreamError } from "../../src/index.ts";
import { ANSWER, ANSWER_FRAMES, ANSWER_TEXT, METADATA_OFFSET } from "../answer.ts";
import type { Bench } from "../bench.ts";
import { runClient } from "../client-process.ts";
import { allFail, allOf, isStreamError, readInTurn, withFigures } from "../judge.ts";
import type { Outcome } from "../reading.ts";
import { STREAM_READINGS } from "../reading.ts";
import { beginStream, type Ending, sendStream, WAYS, type Way } from "../replies.ts";
import type { Finding, Measure, Measures } from "../row.ts";
import { type SweepTally, sweepScript } from "../sweep.ts";

/** The frames up to the answer's text: what comes next is the end of its block. */
const BOUNDARY = Buffer.concat(ANSWER_FRAMES.slice(0, 4)).length;
const BEFORE_MESSAGE_STOP = Buffer.concat(ANSWER_FRAMES.slice(0, -2)).length;

/** The answer up to a byte, in several ways; the text that had arrived must be in the error. */
function cutAt(bytes: number, ways: readonly Way[], isSecure = false): Measure {
  return async (bench) => {
    let way: Way | undefined;
    const server = await bench.serve(
      (_, reply) => sendStream(reply, ANSWER.subarray(0, bytes), way, ANSWER.length),
      { isSecure },
    );
    const llm = bench.client(server);
    const outcomes: Outcome[] = [];
    for (way of ways) outcomes.push(...(await readInTurn(llm)));
    const failed = allFail(
      outcomes,
      (failure) => isStreamError(failure, "truncated") && failure.partialText === ANSWER_TEXT,
      "what arrived is in `partial`",
    );
    // A second request would have been a second answer to pay for, and its text told twice.
    return withFigures(failed, "", server.requestCount() === outcomes.length);
  };
}

function waysEnding(...endings: Ending[]): Way[] {
  return WAYS.filter(({ framing, ending }) => framing !== "close" && endings.includes(ending));
}

/**
 * The sweep through bodies of some framings; clear and TLS in a process each. When brief, only chunked
 * bodies in the clear, as Bedrock frames them, are cut at every byte, the others at every so many.
 */
function sweepOver(isIncluded: (way: Way) => boolean, briefBytes: number): Measure {
  return async (bench) => {
    const tallies = await Promise.all(
      [false, true].map(async (isSecure) => {
        const server = await bench.serve(sweepScript, { isSecure });
        const ways = [...WAYS.entries()]
          .filter(([, way]) => isIncluded(way))
          .map(([way, { framing }]) => {
            const isCommon = framing === "chunked" && !isSecure;
            return { way, everyBytes: bench.choose(1, isCommon ? 1 : briefBytes) };
          });
        const plan = { ways, readings: STREAM_READINGS };
        return runClient({ kind: "sweep", url: server.url, plan });
      }),
    );
    return tellSweep(tallies);
  };
}

function tellSweep(tallies: readonly SweepTally[]): Finding {
  const sum = (member: "calls" | "wrong" | "usageMissing"): number =>
    tallies.reduce((total, tally) => total + tally[member], 0);
  const surprises = tallies.flatMap((tally) => tally.surprises);
  const told = surprises.length === 0 ? "" : ` (${surprises.join("; ")})`;
  const usage = `${sum("usageMissing")} whole but for the usage, and marked so`;
  return {
    ours: `${sum("wrong")} of ${sum("calls").toLocaleString("en")} calls${told}; ${usage}`,
    isMet: sum("wrong") === 0 && sum("usageMissing") > 0,
  };
}

async function cutOverTls(bench: Bench): Promise<Finding> {
  const finding = await cutAt(BOUNDARY, waysEnding("fin", "rst"), true)(bench);
  return finding.isMet ? { ...finding, ours: `4/4: ${finding.ours}` } : finding;
}

/** A reset that comes once the reader has `messageStop`: no end of a body, however it is delimited. */
async function resetAfterStop(bench: Bench): Promise<Finding> {
  const findings: Finding[] = [];
  for (const framing of ["length", "chunked", "close"] as const) {
    let reset = (): void => {};
    const server = await bench.serve(async (_, reply) => {
      reset = () => reply.reset();
      void beginStream(reply, framing, ANSWER.length);
      await reply.send(ANSWER.subarray(0, METADATA_OFFSET));
    });
    const stream = bench.client(server).invokeStream({ messages: "go" });
    let ended = "an answer";
    try {
      for await (const event of stream) if (event.messageStop !== undefined) reset();
    } catch (error) {
      ended = error instanceof StreamError ? error.reason : String(error);
    }
    const isMet = ended === "truncated";
    findings.push({ ours: `a reset after \`messageStop\` is ${ended}`, isMet });
  }
  return allOf(...findings);
}

async function sweepDelimited(bench: Bench): Promise<Finding> {
  const swept = await sweepOver(({ framing }) => framing === "close", 19)(bench);
  return allOf(swept, await resetAfterStop(bench));
}

/** By the names of the rows. */
export const CUTS: Measures = {
  "rst-boundary": cutAt(BOUNDARY, waysEnding("rst")),
  "fin-boundary": cutAt(BOUNDARY, waysEnding("fin")),
  "cut-tls": cutOverTls,
  "rst-in-frame": cutAt(BOUNDARY + 40, waysEnding("rst")),
  "no-message-stop": cutAt(BEFORE_MESSAGE_STOP, waysEnding("clean")),
  sweep: sweepOver(({ framing }) => framing !== "close", 7),
  "sweep-close-delimited": sweepDelimited,
};
