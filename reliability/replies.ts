// Answers that scripts give: streams in every framing with every ending, and the errors of Bedrock.

import type { ArrivedRequest, Framing, Reply } from "./fault-server.ts";

/** How a body ends: as its framing has it, or by a FIN or an RST where there should be more. */
export type Ending = "clean" | "fin" | "rst";

/** One way for a body to come and to end. */
export interface Way {
  readonly framing: Framing;
  readonly ending: Ending;
}

/** All of them. A body that the connection delimits cannot tell a FIN from its end. */
export const WAYS: readonly Way[] = [
  { framing: "length", ending: "clean" },
  { framing: "length", ending: "fin" },
  { framing: "length", ending: "rst" },
  { framing: "chunked", ending: "clean" },
  { framing: "chunked", ending: "fin" },
  { framing: "chunked", ending: "rst" },
  { framing: "close", ending: "clean" },
  { framing: "close", ending: "fin" },
  { framing: "close", ending: "rst" },
];

/** Long enough for an idle client to have read what came before the reset. */
const RESET_DELAY_MS = 5;

/** Every answer of Bedrock's has an id. */
const REQUEST_ID = { "x-amzn-requestid": "fault-request" };

/** Begins a streamed answer. */
export function beginStream(reply: Reply, framing: Framing = "chunked", bytes = 0): Promise<void> {
  const headers = { ...REQUEST_ID, "content-type": "application/vnd.amazon.eventstream" };
  return reply.head(200, headers, framing, bytes);
}

/** Sends a stream of these bytes; where it does not end cleanly, there should have been `wholeBytes`. */
export async function sendStream(
  reply: Reply,
  bytes: Buffer,
  { framing, ending }: Way = { framing: "chunked", ending: "clean" },
  wholeBytes: number = bytes.length + 1,
): Promise<void> {
  void beginStream(reply, framing, ending === "clean" ? bytes.length : wholeBytes);
  await reply.send(bytes);
  if (ending === "clean") return reply.finish();
  if (ending === "fin") return reply.cut();
  // A reset that is met together with the last bytes is told to the reader as an end of file.
  await new Promise((resolve) => setTimeout(resolve, RESET_DELAY_MS));
  reply.reset();
}

/** An error as Bedrock reports it. */
export async function sendError(
  reply: Reply,
  status: number,
  name: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const body = Buffer.from(JSON.stringify({ message }));
  const all = {
    ...REQUEST_ID,
    "content-type": "application/json",
    "x-amzn-errortype": name,
    ...headers,
  };
  void reply.head(status, all, "length", body.length);
  await reply.send(body);
}

/** A page as a proxy or a sign-in portal writes it. */
export async function sendPage(reply: Reply, status: number, title: string): Promise<void> {
  const body = Buffer.from(`<!DOCTYPE html><html><head><title>${title}</title></head></html>`);
  void reply.head(status, { "content-type": "text/html; charset=utf-8" }, "length", body.length);
  await reply.send(body);
}

/** The text of a request's first message, by which a script tells what is asked of it. */
export function promptOf(request: ArrivedRequest): string {
  const body: { messages?: { content: { text?: string }[] }[] } = JSON.parse(
    request.body.toString("utf8"),
  );
  return body.messages?.[0]?.content[0]?.text ?? "";
}
