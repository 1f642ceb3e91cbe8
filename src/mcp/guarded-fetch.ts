// `fetch` as a server elsewhere is asked with it: with the caller's headers, for this origin only, no
// redirect followed, and no more of an answer read than a message may hold.

import type { HttpTarget } from "./mcp-target.ts";
import { MAX_MESSAGE_BYTES } from "./message-reader.ts";

/** The server was never reached, so that nothing was sent. */
export class NotSentError extends Error {
  /** Such as `ECONNREFUSED`. */
  readonly code: string;

  constructor(code: string) {
    super(`The server could not be reached (${code}).`);
    this.code = code;
  }
}

/** The caller's own function for headers failed, which is its `cause`. Nothing was sent. */
export class HeadersError extends Error {}

/** Failures of connecting. All others may come after the request was read. */
const NEVER_CONNECTED = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
];

/** Makes the function. */
export function createGuardedFetch(target: HttpTarget): typeof globalThis.fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of await givenHeaders(target)) headers.set(name, value);
    const ask = target.fetch ?? globalThis.fetch;
    try {
      return capBody(await ask(url, { ...init, headers, redirect: "manual" }));
    } catch (error) {
      const code = codeOf(error);
      if (code !== undefined && NEVER_CONNECTED.includes(code)) throw new NotSentError(code);
      throw error;
    }
  };
}

async function givenHeaders(target: HttpTarget): Promise<[string, string][]> {
  try {
    return Object.entries(await target.headers());
  } catch (error) {
    throw new HeadersError("The headers could not be made.", { cause: error });
  }
}

function codeOf(error: unknown): string | undefined {
  const { cause, code } = error as { cause?: unknown; code?: unknown };
  const { code: inner } = (cause ?? {}) as { code?: unknown };
  return [inner, code].find((candidate) => typeof candidate === "string") as string | undefined;
}

/** The same answer, with a body that fails when a message in it grows too large. */
function capBody(response: Response): Response {
  if (response.body === null) return response;
  const isStream = /^text\/event-stream\b/i.test(response.headers.get("content-type") ?? "");
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(isStream ? capEvents() : capBytes());
  return new Response(body, { status, statusText, headers });
}

function capBytes(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      passOn(chunk, bytes, controller);
    },
  });
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** An event ends with an empty line; a stream of them may go on for ever. */
function capEvents(): TransformStream<Uint8Array, Uint8Array> {
  let eventBytes = 0;
  let lineBytes = 0;
  let wasReturn = false;
  return new TransformStream({
    transform(chunk, controller) {
      for (const byte of chunk) {
        eventBytes += 1;
        const endsLine = byte === RETURN || (byte === NEWLINE && !wasReturn);
        wasReturn = byte === RETURN;
        if (endsLine) {
          if (lineBytes === 0) eventBytes = 0;
          lineBytes = 0;
        } else if (byte !== NEWLINE) lineBytes += 1;
      }
      passOn(chunk, eventBytes, controller);
    },
  });
}

function passOn(
  chunk: Uint8Array,
  bytes: number,
  controller: TransformStreamDefaultController<Uint8Array>,
): void {
  if (bytes > MAX_MESSAGE_BYTES) {
    controller.error(
      new Error(`The server sent a message of more than ${MAX_MESSAGE_BYTES} bytes.`),
    );
  } else controller.enqueue(chunk);
}
