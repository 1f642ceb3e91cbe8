// A pause that an abort ends.

import { setTimeout as delay } from "node:timers/promises";
import { AbortError } from "../core/errors.ts";

/** Resolves after `ms`; rejects with `AbortError` when `signal` fires first. */
export async function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw AbortError.from(signal.reason);
  }
}
