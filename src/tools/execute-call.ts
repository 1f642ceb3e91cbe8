// One call of a tool, bounded in time: it ends when the tool does, when its time is over or when the run
// is stopped, whichever comes first. What a tool does after that is lost, and harms nobody.

import { setMaxListeners } from "node:events";
import type { AnyTool } from "./tool-set.ts";

/** A call whose input was checked. */
export interface ReadyCall {
  readonly toolUseId: string;
  readonly idempotencyKey: string;
  readonly tool: AnyTool;
  /** As the schema has it. */
  readonly input: unknown;
}

/** What a call is run with. */
export interface CallRun {
  readonly signal: AbortSignal;
  readonly context: unknown;
  readonly onProgress: (update: unknown) => void;
}

/** How a call ended: with what the tool returned or threw, or without the tool. */
export type CallEnd =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly thrown: unknown }
  | { readonly kind: "timed_out"; readonly timeoutMs: number }
  | { readonly kind: "aborted" };

/** Runs a call. Never rejects. */
export function executeCall(
  call: ReadyCall,
  { signal, context, onProgress }: CallRun,
): Promise<CallEnd> {
  const { tool, toolUseId, idempotencyKey } = call;
  const controller = new AbortController();
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const end = (ended: CallEnd): void => {
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(ended);
    };
    const onAbort = (): void => {
      end({ kind: "aborted" });
      controller.abort(signal.reason);
    };
    if (signal.aborted) return end({ kind: "aborted" });
    // One signal for many calls is no leak, which is what Node would warn of.
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
    signal.addEventListener("abort", onAbort, { once: true });
    if (tool.timeoutMs > 0) {
      timer = setTimeout(() => {
        end({ kind: "timed_out", timeoutMs: tool.timeoutMs });
        const reason = new DOMException(`${tool.name} took too long.`, "TimeoutError");
        controller.abort(reason);
      }, tool.timeoutMs);
    }
    const execution = {
      toolUseId,
      idempotencyKey,
      signal: controller.signal,
      context,
      progress: (update: unknown) => {
        if (!isOver) onProgress(update);
      },
    };
    // Begins within this call, so that whoever counts running tools sees it, and whatever it throws is caught.
    const work = async () => await tool.execute(call.input as never, execution as never);
    work().then(
      (value) => end({ kind: "returned", value }),
      (thrown: unknown) => end({ kind: "threw", thrown }),
    );
  });
}
