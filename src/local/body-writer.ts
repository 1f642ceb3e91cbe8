// Writing a body: no faster than the client reads, and in small pieces where that is asked for.

import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { SlicerFault } from "./faults/fault.ts";

const NOTHING = Buffer.alloc(0);

/** Writes the body of one response. Everything rejects when `signal` fires. */
export class BodyWriter {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  readonly #slicer: SlicerFault | undefined;
  #hasWritten = false;

  constructor(response: ServerResponse, signal: AbortSignal, slicer: SlicerFault | undefined) {
    this.#response = response;
    this.#signal = signal;
    this.#slicer = slicer;
  }

  /** Resolves when more may be written. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#slicer === undefined) {
      if (!this.#response.write(bytes)) {
        await once(this.#response, "drain", { signal: this.#signal });
      }
      return;
    }
    for (const piece of slice(bytes, this.#slicer)) {
      const { delayMs = 0 } = this.#slicer;
      if (this.#hasWritten) await pause(delayMs, undefined, { signal: this.#signal });
      this.#hasWritten = true;
      this.#response.write(piece);
      // What is written in one go would be sent in one piece.
      await this.flush();
    }
  }

  /** Resolves when the system has all that was written. */
  async flush(): Promise<void> {
    this.#signal.throwIfAborted();
    const signal = this.#signal;
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      this.#response.write(NOTHING, (error) => {
        signal.removeEventListener("abort", stop);
        if (error) reject(error);
        else resolve();
      });
    });
  }
}

function* slice(
  bytes: Buffer,
  { averageBytes, variationBytes = 0 }: SlicerFault,
): Generator<Buffer, void> {
  for (let offset = 0; offset < bytes.length; ) {
    const variation = Math.round((2 * Math.random() - 1) * variationBytes);
    const end = offset + averageBytes + variation;
    yield bytes.subarray(offset, end);
    offset = end;
  }
}
