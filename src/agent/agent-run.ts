// A run in the caller's hands: read it event by event, or await what it comes to.

import { setMaxListeners } from "node:events";
import { AbortError } from "../core/errors.ts";
import { untilAborted } from "../core/until-aborted.ts";
import { addUsage } from "../core/usage.ts";
import type { AgentEvent } from "./agent-events.ts";
import type { AgentSettings, ResumeOptions } from "./agent-options.ts";
import type { AgentResult, AgentState } from "./agent-result.ts";
import { withState } from "./attach-state.ts";
import { EventQueue } from "./event-queue.ts";
import { runLoop } from "./loop.ts";
import { PATIENCE_MS } from "./run-context.ts";
import type { RunState } from "./run-state.ts";
import { sealState } from "./state-seal.ts";
import type { ParentRun } from "./sub-agent.ts";
import { toResult } from "./to-result.ts";
import { warnOfMadeKey } from "./warn-of-made-key.ts";

/** What a run begins with. */
export interface RunBeginning {
  readonly settings: AgentSettings;
  readonly options: ResumeOptions;
  /** Resolves with where to go on from; what it rejects with is what the run fails with. */
  readonly open: () => Promise<RunState>;
  /** Of an agent that is a tool: told what is spent. */
  readonly onSpend?: ParentRun["onSpend"] | undefined;
}

/**
 * A run that goes on as it is read: by iteration, or by awaiting `result()`, which reads what nobody else
 * does. Leaving a loop early aborts; what was finished until then is in `state`.
 */
export class AgentRun implements AsyncIterable<AgentEvent> {
  readonly #settings: AgentSettings;
  readonly #options: ResumeOptions;
  readonly #controller = new AbortController();
  readonly #events: AsyncGenerator<AgentEvent, void>;
  readonly #ended: Promise<AgentResult>;
  readonly #onSpend: RunBeginning["onSpend"];
  #state: RunState | undefined;
  #result: AgentResult | undefined;
  #end: { resolve: (result: AgentResult) => void; reject: (error: unknown) => void };
  /** What was read on behalf of a reader who is slower. */
  #drained: EventQueue<AgentEvent> | undefined;
  #isRead = false;
  #isOver = false;
  #isFailed = false;

  /** Made by `stream` and `resumeStream`. */
  constructor({ settings, options, open, onSpend }: RunBeginning) {
    this.#onSpend = onSpend;
    this.#settings = settings;
    this.#options = options;
    this.#end = { resolve: () => {}, reject: () => {} };
    this.#ended = new Promise((resolve, reject) => {
      this.#end = { resolve, reject };
    });
    // Whoever awaits the result gets the error; nobody has to.
    this.#ended.catch(() => {});
    this.#events = this.#run(open);
  }

  /** Where the run stands, at its last finished step. Undefined until it has begun. */
  get state(): AgentState | undefined {
    return this.#state === undefined ? undefined : this.#seal(this.#state);
  }

  /** The events, in order. A run is read once: a second reader is a `TypeError`. */
  [Symbol.asyncIterator](): AsyncGenerator<AgentEvent, void> {
    if (this.#isRead) throw new TypeError("This run is being read already; await result().");
    this.#isRead = true;
    const events = this.#read();
    const leave = events.return.bind(events);
    // A generator that waits would hear of it with the next event only.
    events.return = (value) => {
      this.#controller.abort();
      return leave(value);
    };
    return events;
  }

  /**
   * What the run comes to. Rejects with what it fails with: an error of the model, of a hook or of a store,
   * whose `state` tells where to go on from. It reads on by itself; a reader finds all events nevertheless.
   */
  result(): Promise<AgentResult> {
    if (this.#drained === undefined && !this.#isOver) {
      this.#drained = new EventQueue();
      void this.#drain(this.#drained, this.#isRead);
      this.#isRead = true;
    }
    return this.#ended;
  }

  /** Ends the run with `aborted`: the model's answer is left, running tools get their signal. */
  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  #seal(state: RunState): AgentState {
    const { keys, expiresInMs } = this.#settings.approvals;
    return sealState(state, keys[0], Date.now() + expiresInMs);
  }

  /** Takes events as the reader wants them, or as they were left for him. */
  async *#read(): AsyncGenerator<AgentEvent, void> {
    try {
      while (this.#drained === undefined) {
        const { done, value } = await this.#events.next();
        if (done) return;
        yield value;
      }
      yield* this.#drained.read();
      await this.#ended;
    } finally {
      // Whoever leaves before the end has no use for what still runs.
      this.#controller.abort();
      await this.#events.return();
    }
  }

  /** Reads to the end. What it fails with, `#ended` has too. */
  async #drain(events: EventQueue<AgentEvent>, isKept: boolean): Promise<void> {
    try {
      for await (const event of this.#events) {
        if (!isKept) continue;
        if (event.type === "tool_progress") events.offer(event);
        else events.push(event);
      }
    } catch {
      // Whoever awaits the end is told.
    }
    events.end();
  }

  async *#run(open: () => Promise<RunState>): AsyncGenerator<AgentEvent, void> {
    const { signal } = this.#options;
    const controller = this.#controller;
    const onAbort = () => controller.abort(signal?.reason);
    if (signal?.aborted) onAbort();
    // Many runs may share a signal, and many calls this run's: none of them stays.
    if (signal instanceof AbortSignal) setMaxListeners(0, signal);
    setMaxListeners(0, controller.signal);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      const state = await untilAborted(open(), controller.signal, PATIENCE_MS);
      this.#state = state;
      const stopReason = yield* runLoop({
        settings: this.#settings,
        state,
        signal: controller.signal,
        context: this.#options.context,
        checkpoint: this.#checkpoint(state),
        isKept: this.#options.onState !== undefined,
        spend: (usage, usd) => {
          state.usage = addUsage(state.usage, usage);
          state.usd = usd === null || state.usd === null ? null : state.usd + usd;
          this.#onSpend?.(usage, usd);
        },
      });
      const result = toResult(state, stopReason, this.#settings.approvals);
      // From here on it is what the run came to, whether it is read to its end or not.
      this.#result = result;
      if (result.pendingApprovals.length > 0) warnOfMadeKey(this.#settings);
      for (const pending of result.pendingApprovals) {
        yield { type: "approval_required", ...pending };
      }
      yield { type: "run_end", result };
    } catch (error) {
      const state = this.#state;
      const failure =
        state === undefined ? error : withState(error, state.runId, () => this.#seal(state));
      this.#isFailed = true;
      this.#end.reject(failure);
      throw failure;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      controller.abort();
      this.#isOver = true;
      if (!this.#isFailed) this.#settle();
    }
  }

  /** Tells those who await the end, unless they know. Without a result, the reader has left before it. */
  #settle(): void {
    if (this.#result !== undefined) this.#end.resolve(this.#result);
    else if (this.#state === undefined) this.#end.reject(new AbortError("The run was left."));
    else this.#end.resolve(toResult(this.#state, "aborted", this.#settings.approvals));
  }

  /** Tells the state to `onState`, one after the other. */
  #checkpoint(state: RunState): () => Promise<void> {
    const { onState } = this.#options;
    if (onState === undefined) return async () => {};
    let last = Promise.resolve();
    return () => {
      // Sealed when its turn comes: a later state holds all that an earlier one does.
      last = last.then(async () => await onState(this.#seal(state)));
      return untilAborted(last, this.#controller.signal, PATIENCE_MS);
    };
  }
}
