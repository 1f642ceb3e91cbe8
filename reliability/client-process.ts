// Runs the client in a process of its own, so that what is measured there is the client's alone.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { textFrames } from "./answer.ts";
import type { DecoderTally } from "./decoder.ts";
import type { Script } from "./fault-server.ts";
import type { Growth } from "./memory-watch.ts";
import type { Outcome, Reading } from "./reading.ts";
import { promptOf, sendStream } from "./replies.ts";
import type { SweepPlan, SweepTally } from "./sweep.ts";

/** What the process can be told to do; `url` is that of a fault server. */
export type ClientTask =
  | { readonly kind: "read"; readonly url: string; readonly readings: readonly Reading[] }
  | { readonly kind: "pause"; readonly url: string; readonly pauseMs: number }
  | { readonly kind: "flips"; readonly url: string; readonly bits: readonly number[] }
  | { readonly kind: "sweep"; readonly url: string; readonly plan: SweepPlan }
  | { readonly kind: "decode"; readonly mutations: number; readonly seed: number };

/** What it reports of each. */
export interface ClientReports {
  /** One outcome for each reading. */
  readonly read: { readonly outcomes: readonly Outcome[]; readonly growth: Growth };
  /** Memory taken while a reader slept over an answer that was coming. */
  readonly pause: { readonly growth: Growth };
  /** How many damaged answers were refused, which were not, and the largest growth at one of them. */
  readonly flips: {
    readonly refused: number;
    readonly accepted: readonly number[];
    readonly growth: Growth;
  };
  readonly sweep: SweepTally;
  readonly decode: { readonly flips: DecoderTally; readonly mutations: DecoderTally };
}

/** The prompt of the calls that come before a measurement; they are to be answered well. */
export const WARM_UP = "warm up";

/** Starts a process, has it carry out one task, and ends it. Rejects when it fails. */
export async function runClient<Kind extends ClientTask["kind"]>(
  task: ClientTask & { readonly kind: Kind },
): Promise<ClientReports[Kind]> {
  const program = fileURLToPath(new URL("client-program.ts", import.meta.url));
  const child = fork(program, [], { execArgv: ["--expose-gc", "--import", "tsx"] });
  try {
    const reported = once(child, "message");
    const failed = once(child, "exit").then(([code]) => {
      throw new Error(`The client's process ended with ${code} before it had reported.`);
    });
    child.send(task);
    const [report] = await Promise.race([reported, failed]);
    return report as ClientReports[Kind];
  } finally {
    child.kill();
  }
}

/** A script that answers the warming-up well, and leaves the rest to another. */
export function afterWarmUp(script: Script): Script {
  const answer = Buffer.concat(textFrames(["warm"]));
  return (request, reply) =>
    promptOf(request) === WARM_UP ? sendStream(reply, answer) : script(request, reply);
}
