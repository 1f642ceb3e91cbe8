// How an answer ends that does not end well.

import { once } from "node:events";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { BodyWriter } from "../body-writer.ts";
import { closeConnection, resetConnection, resetStream } from "../connection.ts";
import { toErrorFrame, toExceptionFrame } from "../event-frames.ts";
import type { Exchange } from "../exchange.ts";
import { EXCEPTION_MESSAGES } from "./exceptions.ts";
import type { EndingFault } from "./fault-kinds.ts";

/**
 * Between the last byte and what is done to the connection. A Node client that finds a reset together
 * with bytes takes it for a proper close: libuv reports the end of file first.
 */
const GAP_MS = 10;

/** So many frames or bytes of a body. */
export interface Place {
  readonly unit: "frames" | "bytes";
  readonly count: number;
}

/** The end of an answer. */
export interface Ending {
  /** What of the body comes before; undefined: not even the head. */
  readonly place: Place | undefined;
  /** Whether it comes in any case: with a body that is too short, behind all of it. */
  readonly isCertain: boolean;
  /** Whether HTTP has nothing to complain of. */
  readonly isProper: boolean;
  /** Ends the answer; rejects when the client goes away or the endpoint closes. */
  end(exchange: Exchange, writer: BodyWriter): Promise<void>;
}

/** What a fault makes of the end. */
export function endingOf(fault: EndingFault): Ending {
  switch (fault.type) {
    case "reset_peer": {
      const reset = fault.scope === "stream" ? resetStream : resetConnection;
      return cut(placeOf(fault.afterFrames, fault.afterBytes), true, ({ request }) =>
        reset(request),
      );
    }
    case "timeout":
      return cut(placeOf(fault.afterFrames, fault.afterBytes), true, async (exchange) => {
        await stall(fault.timeoutMs ?? 0, exchange.signal);
        closeConnection(exchange.request);
      });
    case "limit_data":
      return cut(placeOf(fault.frames, fault.bytes), false, ({ request }) =>
        closeConnection(request),
      );
    case "truncation":
      return {
        place: placeOf(fault.frames, fault.bytes),
        isCertain: false,
        isProper: true,
        async end({ response }) {
          response.end();
        },
      };
    case "error_frame": {
      const { code = "InternalServerException", message } = fault;
      const words = message ?? EXCEPTION_MESSAGES.InternalServerException;
      return lastFrame(fault.frame ?? 0, toErrorFrame(code, words));
    }
    default: {
      const message = fault.message ?? EXCEPTION_MESSAGES[fault.type];
      return lastFrame(fault.frame ?? 0, toExceptionFrame(fault.type, message));
    }
  }
}

function placeOf(frames: number | undefined, bytes: number | undefined): Place | undefined {
  if (frames !== undefined) return { unit: "frames", count: frames };
  return bytes === undefined ? undefined : { unit: "bytes", count: bytes };
}

/** Does something to the connection as soon as all that was written is on its way. */
function cut(
  place: Place | undefined,
  isCertain: boolean,
  act: (exchange: Exchange) => void | Promise<void>,
): Ending {
  return {
    place,
    isCertain,
    isProper: false,
    async end(exchange, writer) {
      if (exchange.response.headersSent) await writer.flush();
      await pause(GAP_MS, undefined, { signal: exchange.signal });
      // A client in this very process gets its turn to read, however late the timer was.
      await turn();
      await act(exchange);
    },
  };
}

/** Ends a stream properly, behind a frame that should not be there. */
function lastFrame(count: number, frame: Buffer): Ending {
  return {
    place: { unit: "frames", count },
    isCertain: true,
    isProper: true,
    async end({ response }, writer) {
      await writer.write(frame);
      response.end();
    },
  };
}

/** Waits; without end if for 0 ms. */
async function stall(durationMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (durationMs > 0) await pause(durationMs, undefined, { signal });
  else await once(signal, "abort");
  signal.throwIfAborted();
}
