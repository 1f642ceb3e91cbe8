// A stream of bytes that breaks off. It may do so before anybody listens, and then says nothing more.

import type { Readable } from "node:stream";

/**
 * Calls back once if the stream ends in any other way than its proper end, also when that has happened
 * already; with the error, where there was one.
 */
export function whenBroken(stream: Readable, tell: (error: Error | undefined) => void): void {
  let isTold = false;
  const tellOnce = (error: Error | null): void => {
    if (isTold) return;
    isTold = true;
    tell(error ?? undefined);
  };
  if (stream.destroyed && !stream.readableEnded) {
    tellOnce(stream.errored);
    return;
  }
  stream.on("error", tellOnce);
  stream.on("close", () => {
    if (!stream.readableEnded) tellOnce(stream.errored);
  });
}
