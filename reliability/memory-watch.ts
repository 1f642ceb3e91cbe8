// How much memory a stretch of work takes at its peak, over what was taken before. Needs a process of
// its own, started with --expose-gc, for a server in it would be measured too.

/** Peaks over the start, in bytes; none is negative. */
export interface Growth {
  /** Resident memory, as the kernel counts it. */
  readonly rssBytes: number;
  /** Memory of buffers, reserved whether or not it was ever touched. */
  readonly bufferBytes: number;
}

const SAMPLE_INTERVAL_MS = 2;

/** Begins with its making. */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #start: NodeJS.MemoryUsage;
  /** The kernel's own high-water mark, which sees what falls between two samples. */
  readonly #startPeakBytes: number;
  #peakRssBytes = 0;
  #peakBufferBytes = 0;

  constructor() {
    globalThis.gc?.();
    this.#start = process.memoryUsage();
    this.#startPeakBytes = peakRssBytes();
    this.#timer = setInterval(() => this.sample(), SAMPLE_INTERVAL_MS);
  }

  /** Looks now, besides every few milliseconds. */
  sample(): void {
    const { rss, arrayBuffers } = process.memoryUsage();
    this.#peakRssBytes = Math.max(this.#peakRssBytes, rss);
    this.#peakBufferBytes = Math.max(this.#peakBufferBytes, arrayBuffers);
  }

  /** Ends the watch. */
  stop(): Growth {
    this.sample();
    clearInterval(this.#timer);
    const peak = peakRssBytes();
    const rss =
      peak > this.#startPeakBytes ? Math.max(peak, this.#peakRssBytes) : this.#peakRssBytes;
    return {
      rssBytes: Math.max(0, rss - this.#start.rss),
      bufferBytes: Math.max(0, this.#peakBufferBytes - this.#start.arrayBuffers),
    };
  }
}

function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
