// Where a chat's messages come from.

import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { runInterruptibly } from "../interruption.ts";

/** A source of messages that also knows how its user stops an answer. */
export interface ChatInput {
  /**
   * The next message, `undefined` when there are no more.
   *
   * @throws InterruptedError when the user leaves with Ctrl-C.
   */
  read(): Promise<string | undefined>;
  /** Runs `work`; its signal fires when the user wants no more of the answer. */
  whileAnswering<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Gives the input back as it was. */
  close(): void;
}

/** One message a line, from a pipe or a file. Ctrl-C there ends everything. */
export function createPipedInput(input: Readable): ChatInput {
  const readline = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const lines = readline[Symbol.asyncIterator]();
  return {
    async read() {
      const { done, value } = await lines.next();
      return done ? undefined : value;
    },
    whileAnswering: runInterruptibly,
    close: () => readline.close(),
  };
}
