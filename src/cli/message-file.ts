// A conversation from a JSON file.

import type { MessageInput } from "../index.ts";
import { UsageError } from "./failures.ts";
import { readJsonFile } from "./json-file.ts";

/**
 * The messages of a file: a list, or an object with a list `messages`, as requests and histories are
 * kept. Their shapes are the client's to judge; bytes are base64.
 *
 * @throws CommandError for a file that cannot be read, UsageError for one that holds no messages.
 */
export async function readMessageFile(path: string): Promise<MessageInput[]> {
  const content = await readJsonFile(path);
  const list = Array.isArray(content)
    ? content
    : (content as { messages?: unknown } | null)?.messages;
  if (Array.isArray(list)) return list as MessageInput[];
  throw new UsageError(`${path} holds no list of messages.`);
}
