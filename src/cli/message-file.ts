// A conversation from a JSON file, or from stdin.

import { addAbortSignal } from "node:stream";
import type { MessageInput } from "../index.ts";
import { UsageError } from "./failures.ts";
import { parseJson, readJsonFile } from "./json-file.ts";
import { readText } from "./prompt.ts";

/**
 * The messages of a file, or of stdin for `-`: a list, or an object with a list `messages`, as
 * requests and histories are kept. Their shapes are the client's to judge; bytes are base64.
 *
 * @throws CommandError for a file that cannot be read, UsageError for one that holds no messages.
 */
export async function readMessageFile(path: string, signal: AbortSignal): Promise<MessageInput[]> {
  const content = path === "-" ? await readPipedJson(signal) : await readJsonFile(path);
  const list = Array.isArray(content)
    ? content
    : (content as { messages?: unknown } | null)?.messages;
  if (Array.isArray(list)) return list as MessageInput[];
  throw new UsageError(`${path} holds no list of messages.`);
}

async function readPipedJson(signal: AbortSignal): Promise<unknown> {
  return parseJson(await readText(addAbortSignal(signal, process.stdin)), "stdin");
}
