// Takes the response of a stream: the first content commits the attempt, the rest flows to the reader.

import type { IncomingMessage } from "node:http";
import type { PromptHider } from "../converse/hide-prompt.ts";
import { readStream, type StreamReading } from "../converse/read-stream.ts";
import type { ConverseStreamEvent } from "../core/converse-events.ts";
import type { AnswerHead } from "../transport/answer-head.ts";
import type { Answer } from "../transport/transport.ts";
import type { StreamProgress } from "./complete.ts";
import type { EventChannel } from "./event-channel.ts";

/** A stream that has begun. */
export interface BegunStream {
  readonly head: AnswerHead;
  /** Settles with the end of the stream. */
  readonly finished: Promise<void>;
}

/** What a stream is received with. */
export interface StreamReceiving {
  readonly progress: StreamProgress;
  readonly channel: EventChannel;
  readonly names: StreamReading["names"];
  readonly idleMs: number;
  /** Lets go of the request when the stream has begun: it will not be sent again. */
  readonly hider: PromptHider;
}

/** No answer has so many events before its content. */
const MAX_HELD = 64;

/** Whether a reader loses anything if the event is taken back. What is not known may be content. */
function isContent(event: ConverseStreamEvent): boolean {
  if (event.metadata !== undefined || event.contentBlockStop !== undefined) return false;
  if (event.contentBlockStart !== undefined) {
    return Object.keys(event.contentBlockStart.start ?? {}).length > 0;
  }
  const delta = event.contentBlockDelta?.delta;
  if (delta === undefined) return true;
  return delta.text === undefined ? Object.keys(delta).length > 0 : delta.text !== "";
}

/**
 * Resolves with the first content, so that a failure before it may still lead to another attempt. The
 * reader is told that the message starts at once, and once: another attempt starts the same message.
 */
export function receiveStream(
  response: IncomingMessage,
  { head, deadline, redact }: Answer,
  { progress, channel, names, idleMs, hider }: StreamReceiving,
): Promise<BegunStream> {
  return new Promise((resolve, reject) => {
    let hasEvents = false;
    let hasContent = false;
    /** What came before the content, and is told with it: another attempt may have it otherwise. */
    let held: [event: ConverseStreamEvent, bytes: number][] = [];
    let finish = (): void => {};
    let breakOff: (error: Error) => void = reject;
    const begin = (): void => {
      hasContent = true;
      hider.release();
      const finished = new Promise<void>((resolveEnd, rejectEnd) => {
        finish = resolveEnd;
        breakOff = rejectEnd;
      });
      finished.catch(() => {});
      resolve({ head, finished });
    };
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
    const reading = {
      builder: progress.builder,
      names,
      redact: (text: string) => hider.hide(redact(text)),
    };
    readStream(response, reading, {
      onEvent: (event, bytes) => {
        if (hasEvents) {
          deadline.refresh();
        } else {
          hasEvents = true;
          deadline.arm("idle", idleMs);
        }
        if (event.messageStart !== undefined) {
          if (progress.isStartTold) return;
          progress.isStartTold = true;
        } else if (!hasContent) {
          if (!isContent(event) && held.length < MAX_HELD) return void held.push([event, bytes]);
          begin();
          for (const before of held) channel.push(...before);
          held = [];
        }
        channel.push(event, bytes);
      },
      onEnd: () => {
        deadline.clear();
        finish();
      },
      onError: (error) => {
        deadline.clear();
        breakOff(error);
      },
    });
  });
}
