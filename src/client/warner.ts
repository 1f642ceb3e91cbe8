// Tells the log what was asked for and could not be sent as it was meant, what a refusal has taught,
// and what was odd about an answer.

import { BoundedMap } from "../core/bounded-map.ts";
import { type Logger, tellLogger } from "../core/logger.ts";
import type { Lesson } from "../models/lessons.ts";
import type { NamedModel } from "./model-memory.ts";
import type { PreparedRequest } from "./prepare-request.ts";

/** Whatever is forgotten is told again. */
const MAX_REMEMBERED = 1000;

/** The log of one client. A logger that fails takes no call with it. */
export class Warner {
  readonly #logger: Logger | undefined;
  readonly #told = new BoundedMap<string, true>(MAX_REMEMBERED);

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  /** Warns once for each model and reason, for it is the same with every call. */
  warnOf({ model, changes }: Pick<PreparedRequest, "model" | "changes">): void {
    for (const { kind, rule, message } of changes) {
      if (kind === "warning") this.#warnOnce(message, rule, model);
    }
  }

  /** Warns once for each model whose answers tell twice what they cost. */
  warnOfMetering(model: NamedModel): void {
    const message = "The stream told twice what the answer cost; the last time counts.";
    this.#warnOnce(message, "metadata-twice", model);
  }

  #warnOnce(message: string, rule: string, model: NamedModel): void {
    const key = `${model.modelId} ${rule}`;
    if (this.#told.has(key)) return;
    this.#told.set(key, true);
    this.#log("warn", message, rule, model);
  }

  /** Tells what is known of a model from now on. */
  tellLesson({ message, rule }: Lesson, model: NamedModel): void {
    this.#log("info", message, rule, model);
  }

  #log(level: "info" | "warn", message: string, rule: string, { modelId }: NamedModel): void {
    tellLogger(this.#logger, level, `Bedrock: ${message} (${rule}, ${modelId})`);
  }
}
