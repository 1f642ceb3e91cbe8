// Which models have refused tools altogether. Nothing else in a client needs to know, for a call whose
// caller wants tools cannot do without them.

import { BoundedMap } from "../../core/bounded-map.ts";
import { BedrockError } from "../../core/errors.ts";
import { findModel } from "../../models/catalogue.ts";
import { readRefusal } from "../../models/refusal-text.ts";
import type { NamedModel } from "../model-memory.ts";

/** https://github.com/langchain-ai/langchain-aws/issues/447, epam/ai-dial-adapter-bedrock/issues/181 */
const REFUSAL =
  /not support (?:tool use|tools|the toolConfig field)\b(?! (?:in|with|while) stream)|\btools (?:are )?not supported\b/i;

/** Each tenant may have a profile of its own; what is forgotten is learnt again. */
const MAX_REMEMBERED = 1000;

/** What one client knows of it. */
export class ToolRefusals {
  readonly #refusing = new BoundedMap<string, true>(MAX_REMEMBERED);

  /** Whether tools are worth trying. */
  takesTools({ modelId, baseModelId }: NamedModel): boolean {
    const id = baseModelId ?? modelId;
    return !this.#refusing.has(id) && findModel(id)?.features.includes("tools") !== false;
  }

  /** Takes a failure as a lesson. */
  learn(error: unknown, { modelId, baseModelId }: NamedModel): void {
    if (!(error instanceof BedrockError) || error.code !== "ValidationException") return;
    if (REFUSAL.test(readRefusal(error.message))) {
      this.#refusing.set(baseModelId ?? modelId, true);
    }
  }
}
