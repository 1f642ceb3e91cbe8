// The one table that objects and texts are held to: which members each fault has, and what they take.

import { MAX_TIMER_MS } from "../../core/options.ts";
import { EXCEPTION_NAMES, type ExceptionName } from "./exceptions.ts";
import type { Fault } from "./fault.ts";

/** What a member takes. */
export type MemberRule =
  | {
      readonly kind: "number";
      readonly min: number;
      readonly max: number;
      readonly integer: boolean;
    }
  | { readonly kind: "text" }
  | { readonly kind: "choice"; readonly choices: readonly string[] };

/** What a fault takes. */
export interface FaultRules {
  /** In the order in which they are written. */
  readonly members: Readonly<Record<string, MemberRule>>;
  readonly required?: readonly string[];
  /** Of these at most one may be given. */
  readonly exclusive?: readonly string[];
  /** Of these exactly one must be given. */
  readonly oneOf?: readonly string[];
}

/** The clock of a `Date` reaches no further than 8.64e15 ms from 1970; half of it is plenty. */
const MAX_SKEW_MS = 4e15;

const DURATION: MemberRule = { kind: "number", min: 0, max: MAX_TIMER_MS, integer: false };
const WHOLE_DURATION: MemberRule = { ...DURATION, integer: true };
const COUNT: MemberRule = { kind: "number", min: 0, max: Number.MAX_SAFE_INTEGER, integer: true };
const SIZE: MemberRule = { ...COUNT, min: 1 };
const TEXT: MemberRule = { kind: "text" };

/** What every fault takes, written last. */
export const SCOPE_MEMBERS: Readonly<Record<string, MemberRule>> = {
  times: SIZE,
  probability: { kind: "number", min: 0, max: 1, integer: false },
};

const PLACE = { afterFrames: COUNT, afterBytes: COUNT };
const AMOUNT: FaultRules = { members: { bytes: COUNT, frames: COUNT }, oneOf: ["bytes", "frames"] };
const EXCEPTION: FaultRules = {
  members: { frame: COUNT, message: TEXT, retryAfterMs: WHOLE_DURATION },
  exclusive: ["frame", "retryAfterMs"],
};

/** By the name of the fault. */
export const FAULT_RULES: Readonly<Record<Fault["type"], FaultRules>> = {
  latency: { members: { latencyMs: DURATION, jitterMs: DURATION }, required: ["latencyMs"] },
  timeout: { members: { timeoutMs: DURATION, ...PLACE }, exclusive: Object.keys(PLACE) },
  reset_peer: {
    members: { ...PLACE, scope: { kind: "choice", choices: ["connection", "stream"] } },
    exclusive: Object.keys(PLACE),
  },
  slicer: {
    members: { averageBytes: SIZE, variationBytes: COUNT, delayMs: DURATION },
    required: ["averageBytes"],
  },
  limit_data: AMOUNT,
  truncation: AMOUNT,
  bad_checksum: {
    members: { frame: COUNT, part: { kind: "choice", choices: ["prelude", "message"] } },
  },
  error_frame: { members: { frame: COUNT, code: TEXT, message: TEXT } },
  throttle: { members: { message: TEXT, retryAfterMs: WHOLE_DURATION } },
  expired_token: { members: {} },
  clock_skew: {
    members: { skewMs: { kind: "number", min: -MAX_SKEW_MS, max: MAX_SKEW_MS, integer: true } },
    required: ["skewMs"],
  },
  ...(Object.fromEntries(EXCEPTION_NAMES.map((name) => [name, EXCEPTION])) as Record<
    ExceptionName,
    FaultRules
  >),
};

/** Every fault there is. */
export const FAULT_NAMES: readonly Fault["type"][] = Object.keys(FAULT_RULES) as Fault["type"][];

/** What Toxiproxy calls the members, and what they are called here. */
export const TOXIPROXY_MEMBERS: Readonly<Record<string, string>> = {
  latency: "latencyMs",
  jitter: "jitterMs",
  timeout: "timeoutMs",
  average_size: "averageBytes",
  size_variation: "variationBytes",
  delay: "delayMs",
  toxicity: "probability",
};
