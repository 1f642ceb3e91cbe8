// The turns of one object: each is sent by the plan that fits its model, once more where the answer broke
// off in the middle, and by another plan where the model refuses this one.

import type { ConverseResponse } from "../../core/converse-response.ts";
import { BedrockError } from "../../core/errors.ts";
import { tellLogger } from "../../core/logger.ts";
import type { MessagesInput } from "../../messages/message-input.ts";
import type { ModelTraits } from "../../models/model-traits.ts";
import type { Cancellation } from "../../transport/cancellation.ts";
import { retryDelayMs, retryKindOfError } from "../../transport/retry-policy.ts";
import { overrideTimeouts, readRetry } from "../call-options.ts";
import type { ClientSettings } from "../client-options.ts";
import type { ConverseStream } from "../converse-stream.ts";
import type { NamedModel } from "../model-memory.ts";
import { type ClientDefaults, readModel } from "../prepare-request.ts";
import type { InvokeOptions } from "../request-options.ts";
import { type AnswerSchema, unwrapPartial } from "./answer-schema.ts";
import { followAnswer } from "./follow-answer.ts";
import type { ObjectRequest } from "./object-options.ts";
import { type ObjectPlan, planObject, withPlan } from "./object-plan.ts";
import type { PartialObjects } from "./partial-objects.ts";
import type { ToolRefusals } from "./tool-refusals.ts";

/** The parts of a client that its objects share. */
export interface ObjectParts {
  readonly client: ClientDefaults & Pick<ClientSettings, "retry" | "logger">;
  readonly traitsOf: (model: NamedModel) => ModelTraits;
  readonly toolRefusals: ToolRefusals;
  readonly invokeStream: (options: InvokeOptions) => ConverseStream;
}

/** What a turn has brought. */
export interface AnsweredTurn {
  readonly response: ConverseResponse;
  readonly plan: ObjectPlan;
}

/** So often a turn is sent again. */
const MAX_RESENDS = 2;
/** A model may refuse the choice of a tool, and then tools. */
const MAX_REPLANS = 2;

/** Belongs to one object. */
export class ObjectTurns {
  readonly #request: ObjectRequest;
  readonly #answerSchema: AnswerSchema;
  readonly #parts: ObjectParts;
  readonly #partials: PartialObjects;
  readonly #cancellation: Cancellation;
  readonly #model: NamedModel;
  readonly #maxResends: number;
  /** When the call is given up, on `performance`'s clock; Infinity where the caller has set no time. */
  readonly #deadlineAt: number;
  /** Requests begun so far. */
  #attempts = 0;
  /** Stays the same over all turns, but for what a refusal has taught. */
  #plan: ObjectPlan;

  /** Throws `TypeError` for options that cannot be read. */
  constructor(
    request: ObjectRequest,
    answerSchema: AnswerSchema,
    parts: ObjectParts,
    { partials, cancellation }: { partials: PartialObjects; cancellation: Cancellation },
  ) {
    const { options } = request;
    this.#request = request;
    this.#answerSchema = answerSchema;
    this.#parts = parts;
    this.#partials = partials;
    this.#cancellation = cancellation;
    this.#model = readModel(options, "invokeObject", parts.client);
    const { mode, maxAttempts } = readRetry(options.retry);
    const isOff = (mode ?? parts.client.retry.mode) === "off";
    const attempts = maxAttempts ?? parts.client.retry.maxAttempts ?? MAX_RESENDS + 1;
    this.#maxResends = isOff ? 0 : Math.min(MAX_RESENDS, attempts - 1);
    const { callersMs } = overrideTimeouts(options.timeouts, parts.client.timeouts);
    this.#deadlineAt = callersMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + callersMs;
    this.#plan = this.#choosePlan();
  }

  /** Requests begun so far, over all turns. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Sends a turn and resolves with its whole answer. */
  async send(messages: MessagesInput | undefined): Promise<AnsweredTurn> {
    for (let resends = 0, replans = 0; ; ) {
      try {
        const response = await this.#sendOnce(messages);
        this.#attempts += response.$metadata?.attempts ?? 1;
        return { response, plan: this.#plan };
      } catch (error) {
        if (!(error instanceof BedrockError)) throw error;
        this.#attempts += error.attempts;
        if (replans < MAX_REPLANS && this.#replan(error)) {
          replans += 1;
          continue;
        }
        const delayMs = resends < this.#maxResends ? this.#delayMs(error, resends) : undefined;
        if (delayMs === undefined) {
          error.attempts = this.#attempts;
          throw error;
        }
        resends += 1;
        this.tell("warn", `an answer failed with ${error.code}; asking again in ${delayMs} ms.`);
        await this.#cancellation.sleep(delayMs);
      }
    }
  }

  /** Tells the client's log. */
  tell(level: "info" | "warn", message: string): void {
    tellLogger(this.#parts.client.logger, level, `Bedrock: ${message}`);
  }

  async #sendOnce(messages: MessagesInput | undefined): Promise<ConverseResponse> {
    const plan = this.#plan;
    const { schema, isWrapped } = this.#answerSchema;
    const { options } = this.#request;
    const timed = { ...options, messages, ...this.#timeouts() };
    this.#partials.restart((view) => unwrapPartial(view, isWrapped));
    const stream = this.#parts.invokeStream(withPlan(timed, plan, schema));
    this.#cancellation.attach({ fail: ({ cause }) => stream.abort(cause) });
    await followAnswer(stream, plan.toolName, (piece) => this.#partials.add(piece));
    return await stream.response();
  }

  /** All turns together have the time that the caller gives to one call. */
  #timeouts(): Pick<InvokeOptions, "timeouts"> {
    if (this.#deadlineAt === Number.POSITIVE_INFINITY) return {};
    const responseMs = Math.max(1, Math.ceil(this.#deadlineAt - performance.now()));
    return { timeouts: { ...this.#request.options.timeouts, responseMs } };
  }

  #choosePlan(): ObjectPlan {
    const { mode, options } = this.#request;
    return planObject({
      mode,
      options,
      schema: this.#answerSchema.schema,
      traits: this.#parts.traitsOf(this.#model),
      takesTools: this.#parts.toolRefusals.takesTools(this.#model),
    });
  }

  /** Plans anew where a refusal has taught what leads to another plan; false where not. */
  #replan(error: BedrockError): boolean {
    const before = this.#plan;
    if (before.mode !== "tool" || error.code !== "ValidationException") return false;
    this.#parts.toolRefusals.learn(error, this.#model);
    this.#plan = this.#choosePlan();
    return this.#plan.mode !== before.mode || isForced(this.#plan) !== isForced(before);
  }

  /**
   * Milliseconds until an answer that broke off is asked for again; undefined where it is not. Before
   * there was anything of it, `invokeStream` has tried again by itself.
   */
  #delayMs(error: BedrockError, resends: number): number | undefined {
    if (this.#cancellation.error !== undefined) return undefined;
    const hadContent = (error.partial?.output.message.content.length ?? 0) > 0;
    // Of Nova's calls a part cannot be read, now and then: https://github.com/SEMOSS/Semoss/issues/2892.
    const isFlake = error.code === "ModelErrorException";
    if (!isFlake && !(hadContent && error.retryable)) return undefined;
    const kind = retryKindOfError(error) ?? "transient";
    const remainingMs = this.#deadlineAt - performance.now();
    const { retryAfterMs } = error;
    return retryDelayMs(kind, resends, { retryAfterMs, remainingMs }, Math.random());
  }
}

function isForced({ toolChoice }: ObjectPlan): boolean {
  return toolChoice !== undefined;
}
