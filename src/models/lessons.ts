// The lessons a refusal can teach. Each only ever takes something away from what was known, and is
// undefined when that was known already: a request sent anew because of one cannot go round in circles.

import type { CacheSection, CacheTraits, ModelTraits } from "./model-traits.ts";

/** One thing a refusal teaches: traits to be merged over what was known, and why. */
export interface Lesson {
  readonly traits: ModelTraits;
  /** The id of the request rule that would have been broken. */
  readonly rule: string;
  /** One sentence of ours; never the service's text, which may echo the prompt. */
  readonly message: string;
}

/** No model answers with as many. */
const MAX_TOKENS = 100_000_000;
/** Every model answers with as many: a smaller limit was misread, and would cut off every answer. */
const MIN_TOKENS = 256;

/** More names than any model refuses: what is learnt stays bounded, whatever a service says. */
const MAX_REFUSED = 50;

/** Every part of a request that can be cached. */
export const SECTIONS: readonly CacheSection[] = ["tools", "system", "messages"];
/** Every kind of tool choice. */
export const TOOL_CHOICES: readonly ["auto", "any", "tool"] = ["auto", "any", "tool"];
const THINKING_RANKS = ["none", "always", "adaptive", "budget", "either"] as const;

/** These parameters, by their paths on the wire, under the name they go by. */
export function refuseParameters(
  names: readonly string[],
  label: string,
  current: ModelTraits,
): Lesson | undefined {
  const known = current.refusedParameters ?? [];
  if (current.sampling === "none" && /^top_?[pk]$/i.test(label)) return undefined;
  const added = names.filter((name) => !known.includes(name));
  if (added.length === 0 || known.length + added.length > MAX_REFUSED) return undefined;
  return {
    traits: { refusedParameters: [...known, ...added] },
    rule: "parameter-refused",
    message: `This model refuses ${label}; it is left out from now on.`,
  };
}

/** Fewer sampling parameters than were known to be accepted, or undefined. */
export function narrowSampling(to: "one" | "none", current: ModelTraits): Lesson | undefined {
  if (current.sampling === "none" || current.sampling === to) return undefined;
  return to === "one"
    ? {
        traits: { sampling: to },
        rule: "sampling-exclusive",
        message: "This model takes temperature or topP; only one of them is sent from now on.",
      }
    : {
        traits: { sampling: to },
        rule: "sampling-refused",
        message: "This model refuses temperature; sampling is left to it from now on.",
      };
}

/**
 * Another shape of `thinking`. Shapes only ever move towards `none`, so that two refusals that
 * contradict each other cannot take turns.
 */
export function narrowThinking(
  to: "budget" | "adaptive" | "always" | "none",
  current: ModelTraits,
): Lesson | undefined {
  const rank = THINKING_RANKS.indexOf(current.thinking ?? "either");
  if (THINKING_RANKS.indexOf(to) >= rank) return undefined;
  const messages = {
    budget: "This model takes thinking with a budget, not adaptive; it is sent so from now on.",
    adaptive: "This model takes adaptive thinking, not a budget; it is sent so from now on.",
    always: "This model cannot be told not to think; thinking stays on from now on.",
    none: "This model refuses the thinking parameter; it is left out from now on.",
  };
  return { traits: { thinking: to }, rule: "thinking-shape", message: messages[to] };
}

/** The levels of effort that are accepted, of those that were; undefined when none falls away. */
export function narrowEfforts(
  accepted: readonly string[],
  current: ModelTraits,
): Lesson | undefined {
  const known = current.efforts;
  const efforts = known === undefined ? accepted : known.filter((each) => accepted.includes(each));
  if (known !== undefined && efforts.length === known.length) return undefined;
  return {
    traits: { efforts },
    rule: "effort-refused",
    message:
      efforts.length === 0
        ? "This model refuses a level of effort; it is left out from now on."
        : `This model takes effort ${efforts.join(", ")}; others are lowered from now on.`,
  };
}

/** Without these kinds of tool choice; undefined when they were known to be refused. */
export function refuseToolChoices(
  refused: readonly string[],
  current: ModelTraits,
): Lesson | undefined {
  const known = current.toolChoices ?? TOOL_CHOICES;
  const toolChoices = known.filter((kind) => !refused.includes(kind));
  if (toolChoices.length === known.length) return undefined;
  return {
    traits: { toolChoices },
    rule: "tool-choice-refused",
    message: `This model refuses toolChoice ${refused.join(", ")}; it is not asked for from now on.`,
  };
}

/** No more tokens of one answer than this. */
export function lowerMaxOutput(limit: number, current: ModelTraits): Lesson | undefined {
  if (!(limit >= MIN_TOKENS && limit < (current.maxOutput ?? MAX_TOKENS))) return undefined;
  return {
    traits: { maxOutput: limit },
    rule: "max-tokens-ceiling",
    message: `This model answers with at most ${limit} tokens; maxTokens is held to that from now on.`,
  };
}

/** Nothing cached in these sections. */
export function refuseCache(
  sections: readonly CacheSection[],
  current: ModelTraits,
): Lesson | undefined {
  const known = cacheOf(current);
  if (known === false) return undefined;
  const left = known.sections.filter((section) => !sections.includes(section));
  if (left.length === known.sections.length) return undefined;
  return {
    traits: { cache: left.length === 0 ? false : { ...known, sections: left } },
    rule: "cache-refused",
    message:
      left.length === 0
        ? "This model does not cache prompts; cache points are left out from now on."
        : `This model does not cache ${sections.join(", ")}; cache points there are left out from now on.`,
  };
}

/** Caches for five minutes only. */
export function refuseLongCache(current: ModelTraits): Lesson | undefined {
  const known = cacheOf(current);
  if (known === false || !known.ttls.includes("1h")) return undefined;
  return {
    traits: { cache: { ...known, ttls: ["5m"] } },
    rule: "cache-refused",
    message: "This model caches for five minutes only; longer times are left out from now on.",
  };
}

function cacheOf({ cache }: ModelTraits): CacheTraits | false {
  return cache ?? { sections: SECTIONS, ttls: ["5m", "1h"] };
}
