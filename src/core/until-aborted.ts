// Waiting for others, which an abort ends: whoever is asked may never answer.

import { AbortError } from "./errors.ts";

/**
 * What `work` comes to. Rejects with `AbortError` when `signal` has fired and `patienceMs` later nothing
 * has come; what comes after that is lost, and harms nobody.
 */
export async function untilAborted<Value>(
  work: Value | PromiseLike<Value>,
  signal: AbortSignal,
  patienceMs = 0,
): Promise<Value> {
  if (!isPromiseLike(work)) return work;
  return await new Promise<Value>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const giveUp = () => {
      timer = setTimeout(() => reject(AbortError.from(signal.reason)), patienceMs);
    };
    const stopWaiting = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", giveUp);
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener("abort", giveUp, { once: true });
    work.then(
      (value) => {
        stopWaiting();
        resolve(value);
      },
      (error: unknown) => {
        stopWaiting();
        reject(error);
      },
    );
  });
}

/** Whatever an iterable gives, until an abort; it is then told to stop, and not waited for. */
export async function* eachUntilAborted<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void> {
  const iterator = items[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      isOver = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!isOver) iterator.return?.().catch(() => {});
  }
}

/** Whether an error only says that the run was aborted. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === "AbortError");
}

function isPromiseLike<Value>(work: Value | PromiseLike<Value>): work is PromiseLike<Value> {
  return typeof (work as { then?: unknown } | null | undefined)?.then === "function";
}
