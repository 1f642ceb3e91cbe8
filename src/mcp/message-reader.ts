// The messages in a server's standard output: one JSON object a line. A line that is plainly none, such as
// a greeting, is passed over as every client does; a message that is damaged or too large is not, for
// whoever waits for it would wait for ever.

import { isRecord } from "../core/json.ts";

/** A picture of the largest size that Bedrock takes, as base64, and room to spare. */
export const MAX_MESSAGE_BYTES: number = 10 * 1024 * 1024;

/** More lines than this without a message between them are no greeting. */
const MAX_STRAY_LINES = 1000;

const NEWLINE = 0x0a;

/** A message by its outer form. */
export type JsonRpcMessage = { readonly jsonrpc: "2.0"; readonly [member: string]: unknown };

/** What a reader tells. After `onBroken` it tells nothing more. */
export interface MessageListener {
  readonly onMessage: (message: JsonRpcMessage) => void;
  /** The first line that is no message; without its text, which may hold anything. */
  readonly onStrayLine: () => void;
  /** In words that follow “the server”. */
  readonly onBroken: (what: string) => void;
}

/** Cuts bytes into messages. */
export class MessageReader {
  readonly #listener: MessageListener;
  /** The beginning of a line; grown by doubling, so that a line in tiny pieces costs no more than its bytes. */
  #buffer: Buffer = Buffer.alloc(0);
  #usedBytes = 0;
  #strayLines = 0;
  #hasTold = false;
  #isBroken = false;

  constructor(listener: MessageListener) {
    this.#listener = listener;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (!this.#isBroken) {
      const end = rest.indexOf(NEWLINE);
      const part = end === -1 ? rest : rest.subarray(0, end);
      if (this.#usedBytes + part.length > MAX_MESSAGE_BYTES) {
        this.#break(`wrote a line of more than ${MAX_MESSAGE_BYTES} bytes`);
        return;
      }
      this.#append(part);
      if (end === -1) return;
      const line = this.#buffer.toString("utf8", 0, this.#usedBytes).trim();
      this.#usedBytes = 0;
      if (line !== "") this.#readLine(line);
      rest = rest.subarray(end + 1);
    }
  }

  #append(part: Uint8Array): void {
    const neededBytes = this.#usedBytes + part.length;
    if (neededBytes > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(neededBytes, 2 * this.#usedBytes));
      this.#buffer.copy(grown, 0, 0, this.#usedBytes);
      this.#buffer = grown;
    }
    this.#buffer.set(part, this.#usedBytes);
    this.#usedBytes = neededBytes;
  }

  #readLine(line: string): void {
    const value = parse(line);
    // An earlier revision lets several messages share a line.
    const messages: unknown[] = Array.isArray(value) ? value : [value];
    if (!messages.some(claimsToBeMessage)) {
      if (value === undefined && looksLikeMessage(line)) {
        this.#break("wrote a message that is not JSON");
      } else this.#passOver();
      return;
    }
    this.#strayLines = 0;
    for (const message of messages) {
      if (this.#isBroken) return;
      if (!isMessage(message)) this.#break("wrote a message that is not JSON-RPC 2.0");
      else this.#listener.onMessage(message);
    }
  }

  #passOver(): void {
    this.#strayLines += 1;
    if (this.#strayLines > MAX_STRAY_LINES) this.#break("floods its standard output");
    else if (!this.#hasTold) {
      this.#hasTold = true;
      this.#listener.onStrayLine();
    }
  }

  #break(what: string): void {
    this.#isBroken = true;
    this.#buffer = Buffer.alloc(0);
    this.#listener.onBroken(what);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A damaged line: it begins as JSON objects do, or mentions what each message holds. */
function looksLikeMessage(line: string): boolean {
  return /^\[?\{"/.test(line) || line.includes('"jsonrpc"');
}

function claimsToBeMessage(value: unknown): boolean {
  return isRecord(value) && Object.hasOwn(value, "jsonrpc");
}

function isMessage(value: unknown): value is JsonRpcMessage {
  if (!isRecord(value) || value["jsonrpc"] !== "2.0") return false;
  if (typeof value["method"] === "string") return true;
  const isAnswer = Object.hasOwn(value, "result") || isRecord(value["error"]);
  return isAnswer && Object.hasOwn(value, "id");
}
