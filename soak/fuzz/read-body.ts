// Reads a body as the client does, from the bytes to the folded answer, out of memory instead of a
// socket.

import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { complete } from "../../src/client/complete.ts";
import type { ModelMemory } from "../../src/client/model-memory.ts";
import { readStream } from "../../src/converse/read-stream.ts";
import { attachPartial, BedrockError } from "../../src/core/errors.ts";
import { ResponseBuilder } from "../../src/core/response-builder.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import type { Random } from "../random.ts";

/** How reading ended. */
export type Reading =
  | { readonly kind: "success" }
  | { readonly kind: "error"; readonly code: string }
  /** What must never happen: an error without a type, or one thrown at the wrong place. */
  | { readonly kind: "crash"; readonly what: string };

const MODEL = { modelId: "us.anthropic.claude-sonnet-4-20250514-v1:0", baseModelId: undefined };
const SECRET = "soak-secret-key";

/** Names that have to be turned back, for half of the readings. */
const CHANGED_NAMES = new WireNames({});
CHANGED_NAMES.toolName("a name with blanks");
CHANGED_NAMES.toolUseId("an id with blanks");
const PLAIN_NAMES = new WireNames({});

/** A response whose bytes are in memory already. */
export class MemoryResponse extends Readable {
  readonly headers: IncomingMessage["headers"];
  readonly statusCode: number;

  constructor(statusCode: number, headers: IncomingMessage["headers"]) {
    super();
    this.statusCode = statusCode;
    this.headers = headers;
  }

  override _read(): void {}

  /** The same object as those who read it know it. */
  get asMessage(): IncomingMessage {
    return this as unknown as IncomingMessage;
  }
}

/** Reads `bytes` in chunks of random lengths. */
export function readBody(bytes: Buffer, memory: ModelMemory, random: Random): Promise<Reading> {
  const response = new MemoryResponse(200, {
    "content-type": "application/vnd.amazon.eventstream",
  });
  const builder = new ResponseBuilder();
  const names = random.next() < 0.5 ? PLAIN_NAMES : CHANGED_NAMES;
  const redact = (text: string): string => text.replaceAll(SECRET, "[redacted]");
  return new Promise((resolve) => {
    const settle = (end: () => Reading): void => {
      try {
        resolve(end());
      } catch (error) {
        resolve({ kind: "crash", what: String(error) });
      }
    };
    try {
      readStream(
        response.asMessage,
        { builder, names, redact },
        {
          onEvent: () => {},
          onEnd: () => settle(() => fold(builder, memory)),
          onError: (error) => settle(() => judge(error, builder)),
        },
      );
    } catch (error) {
      resolve({ kind: "crash", what: `thrown at once: ${String(error)}` });
    }
    for (const chunk of chunksOf(bytes, random)) response.push(chunk);
    response.push(null);
  });
}

/** What the client makes of a stream that ended well. */
function fold(builder: ResponseBuilder, memory: ModelMemory): Reading {
  const response = builder.build();
  memory.noteReasoning(response.output.message.content, MODEL);
  const metadata = { attempts: 1, totalRetryDelay: 0, httpStatusCode: 200, requestId: undefined };
  JSON.stringify(complete(response, metadata, builder.metered));
  return { kind: "success" };
}

/** What the client makes of an error, and what its caller may do with it. */
function judge(error: unknown, builder: ResponseBuilder): Reading {
  if (!(error instanceof BedrockError)) return { kind: "crash", what: `untyped: ${String(error)}` };
  attachPartial(error, () => builder.build());
  if (error.partial === undefined) return { kind: "crash", what: "no partial answer" };
  JSON.stringify([error, error.partial]);
  return { kind: "error", code: error.code };
}

function* chunksOf(bytes: Buffer, random: Random): Generator<Buffer> {
  const longest = random.pick([1, 3, 17, 100, 1000, 100_000]);
  // One byte at a time is worth it only for a part of a body.
  const least = Math.ceil(bytes.length / 300);
  for (let offset = 0; offset < bytes.length; ) {
    const length = least + random.below(longest);
    yield bytes.subarray(offset, offset + length);
    offset += length;
  }
}
