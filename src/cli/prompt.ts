// The prompt of one request, from the command line and from stdin.

import { addAbortSignal, type Readable } from "node:stream";
import { UsageError } from "./failures.ts";

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

async function readText(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}
