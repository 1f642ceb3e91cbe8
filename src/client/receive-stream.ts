// Takes the response of a stream: the first event commits the attempt, the rest flows to the reader.

import type { IncomingMessage } from "node:http";
import { readStream, type StreamReading } from "../converse/read-stream.ts";
import type { Deadline } from "../transport/deadline.ts";
import type { EventChannel } from "./event-channel.ts";

/** A stream that has begun. */
export interface BegunStream {
  readonly response: IncomingMessage;
  /** Settles with the end of the stream. */
  readonly finished: Promise<void>;
}

/** Resolves with the first event, so that a failure before it may still lead to another attempt. */
export function receiveStream(
  response: IncomingMessage,
  deadline: Deadline,
  to: StreamReading & { readonly channel: EventChannel; readonly idleMs: number },
): Promise<BegunStream> {
  const { channel, idleMs } = to;
  return new Promise((resolve, reject) => {
    let begun = false;
    let finish = (): void => {};
    let breakOff: (error: Error) => void = reject;
    const finished = new Promise<void>((resolveEnd, rejectEnd) => {
      finish = resolveEnd;
      breakOff = rejectEnd;
    });
    finished.catch(() => {});
    // A reader who takes his time must not be mistaken for a silent service.
    channel.source = {
      pause: () => {
        deadline.clear();
        response.pause();
      },
      resume: () => {
        deadline.arm("idle", idleMs);
        response.resume();
      },
    };
    readStream(response, to, {
      onEvent: (event, bytes) => {
        if (begun) {
          deadline.refresh();
        } else {
          begun = true;
          deadline.arm("idle", idleMs);
          resolve({ response, finished });
        }
        channel.push(event, bytes);
      },
      onEnd: () => {
        deadline.clear();
        finish();
      },
      onError: (error) => {
        deadline.clear();
        if (begun) breakOff(error);
        else reject(error);
      },
    });
  });
}
