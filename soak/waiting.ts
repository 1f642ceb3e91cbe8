// Waiting that never lasts for ever and leaves no timer behind.

import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `isSo`, for at most this long; tells whether it came true. */
export async function waitUntil(isSo: () => boolean, limitMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > giveUpAt) return false;
    await sleep(5);
  }
  return true;
}

/** Settles like `promise`; resolves with `instead` when that takes longer. */
export async function within<Value, Instead>(
  promise: Promise<Value>,
  limitMs: number,
  instead: Instead,
): Promise<Value | Instead> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Instead>((resolve) => {
    timer = setTimeout(() => resolve(instead), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
