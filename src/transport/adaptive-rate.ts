// Adaptive retry mode: after a first throttle, requests leave at a rate that falls with every
// throttle and grows along a cubic curve in between, as in all AWS SDKs. One instance serves one
// model, so that a throttled model does not slow the others.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html

const BETA = 0.7;
const SCALE = 0.4;
const SMOOTHING = 0.8;
const BUCKETS_PER_SECOND = 2;
const MIN_RATE = 0.5;
const MIN_CAPACITY = 1;

/** A token bucket that learns its rate. Times are milliseconds of any steady clock. */
export class AdaptiveRate {
  #limiting = false;
  #capacity = 0;
  #maxCapacity = 0;
  #rate = 0;
  #refilledAt = 0;
  #lastMaxRate = 0;
  #throttledAt: number;
  #measuredRate = 0;
  #bucket: number;
  #bucketRequests = 0;

  constructor(nowMs: number) {
    this.#throttledAt = nowMs / 1000;
    this.#bucket = Math.floor(nowMs / 1000);
  }

  /** Requests a second that are let through now; Infinity until the first throttle. */
  get requestsPerSecond(): number {
    return this.#limiting ? this.#rate : Number.POSITIVE_INFINITY;
  }

  /** Takes a place in the queue; returns milliseconds to wait before sending. */
  reserve(nowMs: number): number {
    if (!this.#limiting) return 0;
    this.#refill(nowMs / 1000);
    this.#capacity -= 1;
    return this.#capacity >= 0 ? 0 : (-this.#capacity / this.#rate) * 1000;
  }

  /** Gives back a place that was taken in vain. */
  release(): void {
    this.#capacity = Math.min(this.#maxCapacity, this.#capacity + 1);
  }

  /** Learns from an answer: every one counts, throttles slow us down. */
  record(throttled: boolean, nowMs: number): void {
    const now = nowMs / 1000;
    this.#measure(now);
    let rate: number;
    if (throttled) {
      this.#lastMaxRate = this.#limiting
        ? Math.min(this.#measuredRate, this.#rate)
        : this.#measuredRate;
      this.#throttledAt = now;
      this.#limiting = true;
      rate = this.#lastMaxRate * BETA;
    } else {
      const recovery = Math.cbrt((this.#lastMaxRate * (1 - BETA)) / SCALE);
      rate = SCALE * (now - this.#throttledAt - recovery) ** 3 + this.#lastMaxRate;
    }
    this.#setRate(Math.min(rate, 2 * this.#measuredRate), now);
  }

  #setRate(rate: number, now: number): void {
    this.#refill(now);
    this.#rate = Math.max(rate, MIN_RATE);
    this.#maxCapacity = Math.max(rate, MIN_CAPACITY);
    this.#capacity = Math.min(this.#capacity, this.#maxCapacity);
  }

  #refill(now: number): void {
    if (this.#refilledAt > 0) {
      const earned = Math.max(0, now - this.#refilledAt) * this.#rate;
      this.#capacity = Math.min(this.#maxCapacity, this.#capacity + earned);
    }
    this.#refilledAt = now;
  }

  #measure(now: number): void {
    const bucket = Math.floor(now * BUCKETS_PER_SECOND) / BUCKETS_PER_SECOND;
    this.#bucketRequests += 1;
    if (bucket > this.#bucket) {
      const current = this.#bucketRequests / (bucket - this.#bucket);
      this.#measuredRate = current * SMOOTHING + this.#measuredRate * (1 - SMOOTHING);
      this.#bucketRequests = 0;
      this.#bucket = bucket;
    }
  }
}
