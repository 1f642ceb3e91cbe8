// The prompt of one request, from the command line and from stdin.

import { addAbortSignal, type Readable } from "node:stream";
import { UsageError } from "./failures.ts";
import { writeRemark } from "./output.ts";

const NOTICE_AFTER_MS = 3_000;
const WAITING = "note: waiting for the end of stdin; use </dev/null if nothing is piped in.\n";

/** A stream that may be a terminal. */
export type PromptInput = Readable & { readonly isTTY?: boolean };

/**
 * The words of the command line, then what is piped in, with a blank line between them. A terminal is
 * not read.
 *
 * @throws UsageError when there is neither.
 */
export async function readPrompt(
  words: readonly string[],
  input: PromptInput,
  signal: AbortSignal,
): Promise<string> {
  const piped = input.isTTY ? "" : await readText(addAbortSignal(signal, input));
  const parts = [words.join(" "), piped.replace(/(\r?\n)+$/, "")];
  const prompt = parts.filter((part) => part.trim() !== "").join("\n\n");
  if (prompt !== "") return prompt;
  throw new UsageError("There is no prompt.", {
    hint: 'Write it behind the command, as in dcaf invoke "Why is the sky blue?", or pipe it in.',
  });
}

/** All that is piped in, as text. Tells after a while what is waited for. */
export async function readText(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  // Whoever starts us from a program and forgets to close stdin would wait without knowing why.
  const notice = setTimeout(() => writeRemark(WAITING), NOTICE_AFTER_MS);
  try {
    for await (const chunk of input) {
      clearTimeout(notice);
      chunks.push(Buffer.from(chunk));
    }
  } finally {
    clearTimeout(notice);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}
