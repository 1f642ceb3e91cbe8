// An endpoint for a test of the command line, with a model that does as the test says.

import type { TestContext } from "node:test";
import { type LocalModel, type LocalRequest, startLocalBedrock } from "../../src/local/index.ts";

export interface ScriptedEndpoint {
  /** Options that send a command there. */
  readonly flags: readonly string[];
  /** The same without a model. */
  readonly endpoint: readonly string[];
  readonly requests: readonly LocalRequest[];
}

/** Serves until the test is over; `pauseMs` is waited between the events of a stream. */
export async function scriptedEndpoint(
  t: TestContext,
  model: LocalModel,
  pauseMs = 0,
): Promise<ScriptedEndpoint> {
  const local = await startLocalBedrock({ model, pauseMs });
  t.after(() => local.close());
  const endpoint = ["--endpoint", local.url];
  return { flags: ["--model", "m", ...endpoint], endpoint, requests: local.requests };
}

/** Says so much that no test sees its end. */
export const talkWithoutEnd: LocalModel = () => ({
  content: "word ".repeat(100_000),
  stopReason: "end_turn",
});

/** A failure as Bedrock reports it. */
export function serviceError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
