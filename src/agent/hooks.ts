// Where an application looks into a run, and where it has a say.

import type { InvokeOptions } from "../client/request-options.ts";
import type { Message, ToolResultBlock } from "../core/content.ts";
import type { ConverseResponse, TokenUsage } from "../core/converse-response.ts";
import type { JsonValue } from "../core/json.ts";

/** What every hook is told. */
export interface HookContext {
  /** Counted from 1. */
  readonly turn: number;
  /** The `context` of the run. */
  readonly context: unknown;
  readonly signal: AbortSignal;
}

/** Before the model is asked. */
export interface BeforeModel extends HookContext {
  /** What will be asked, messages included. */
  readonly request: InvokeOptions;
}

/** After it has answered. */
export interface AfterModel extends HookContext {
  readonly response: ConverseResponse;
}

/** Before a call is run, or shown to a person for approval. */
export interface BeforeTool extends HookContext {
  readonly toolUseId: string;
  readonly name: string;
  readonly input: JsonValue;
}

/** After a call has its result. */
export interface AfterTool extends HookContext {
  readonly toolUseId: string;
  readonly name: string;
  readonly input: JsonValue;
  readonly result: ToolResultBlock;
  readonly durationMs: number;
}

/** What may be decided about a call: other input (checked again), a refusal, or a result in its place. */
export type ToolDecision =
  | { readonly input: JsonValue }
  | { readonly deny: string }
  /** As a tool returns it. */
  | { readonly result: unknown };

type MaybePromise<Value> = Value | Promise<Value>;

// biome-ignore lint/suspicious/noConfusingVoidType: what a function without `return` gives.
type Nothing = void;

/**
 * Each may be async, and returns nothing where it only looks on; what it may not return is a `TypeError`. A
 * hook that throws ends the run with its error, and nothing it was asked about is run.
 */
export interface AgentHooks {
  /** Returns options that replace those of the request, or a response that replaces asking. */
  readonly beforeModel?:
    | ((
        event: BeforeModel,
      ) => MaybePromise<
        | { readonly request: Partial<InvokeOptions> }
        | { readonly response: ConverseResponse }
        | Nothing
      >)
    | undefined;
  /** Returns the response that counts; what was streamed has been shown already. */
  readonly afterModel?:
    | ((event: AfterModel) => MaybePromise<{ readonly response: ConverseResponse } | Nothing>)
    | undefined;
  /** Not asked about calls that cannot be run anyway, nor again about one that was approved as it is. */
  readonly beforeTool?: ((event: BeforeTool) => MaybePromise<ToolDecision | Nothing>) | undefined;
  /** Returns the result that counts, as a tool returns it. Asked about every call. */
  readonly afterTool?:
    | ((event: AfterTool) => MaybePromise<{ readonly result: unknown } | Nothing>)
    | undefined;
}

/** Before each turn: the place where history may be trimmed or summarised. */
export interface TurnPreparation extends HookContext {
  readonly messages: readonly Message[];
  /** Of the run so far. */
  readonly usage: TokenUsage;
  /** Of the last answer alone; undefined before the first one. Tells how large the conversation is. */
  readonly lastUsage: TokenUsage | undefined;
}

/**
 * Returns the history that goes on from here, or nothing to leave it. It must keep calls and their
 * results together: cut before an assistant message, or before a user message that answers no call.
 */
export type PrepareTurn = (
  preparation: TurnPreparation,
) => MaybePromise<readonly Message[] | Nothing>;

/** What `stopWhen` looks at, after each turn that had calls. */
export interface TurnSummary {
  readonly turn: number;
  readonly messages: readonly Message[];
  readonly usage: TokenUsage;
  readonly context: unknown;
}

/** Whether the run ends here, with `stop_when`. */
export type StopWhen = (summary: TurnSummary) => MaybePromise<boolean>;
