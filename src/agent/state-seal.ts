// The state of a run as signed JSON. Whoever holds it can keep it, show it and send it back; changing one
// character of it, or making one up, takes the key.

import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { ApprovalError } from "../core/errors.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { AgentState } from "./agent-result.ts";
import { fromByteJson, toByteJson } from "./byte-json.ts";
import { toCanonicalJson } from "./canonical-json.ts";
import type { RunState } from "./run-state.ts";

/** A secret of at least 32 bytes; text counts as its bytes in UTF-8. */
export type SigningKey = string | Uint8Array;

/** What of a state is no part of the run: when it was sealed, and how long its approvals hold. */
export interface Seal {
  /** Another one each time: what is decided on this very state is decided once. */
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A state whose signature was found good. */
export interface OpenedState {
  readonly state: RunState;
  readonly seal: Seal;
}

const VERSION = 1;

/** So that a signature made for something else with the same key is none of a state. */
const DOMAIN = "dcaf agent state\n";

const DOMAIN_BELOW = "dcaf agent below\n";

let processKey: Uint8Array | undefined;

/** The key of this process, for those who give none: no other process can read what it signs. */
export function keyOfProcess(): Uint8Array {
  processKey ??= randomBytes(32);
  return processKey;
}

/**
 * The key for the states of agents that are tools. Whoever holds the state of a run has theirs in it, and
 * may not go on with one by itself.
 */
export function keyBelow(key: SigningKey): SigningKey {
  return createHmac("sha256", key).update(DOMAIN_BELOW).digest();
}

/** Signs where a run stands. */
export function sealState(state: RunState, key: SigningKey, expiresAt: number): AgentState {
  const sealed = {
    version: VERSION,
    nonce: randomUUID(),
    expiresAt,
    run: toByteJson(state),
  };
  return { ...sealed, signature: sign(sealed, key) };
}

/**
 * Reads a state that one of `keys` has signed. Throws `ApprovalError` for anything else, `TypeError` for
 * what is no state at all.
 */
export function openState(given: unknown, keys: readonly SigningKey[]): OpenedState {
  const sealed = typeof given === "string" ? parse(given) : given;
  if (!isRecord(sealed) || typeof sealed["signature"] !== "string") {
    throw new TypeError(
      "resume: the state must be the `state` of a result, as an object or as JSON.",
    );
  }
  if (sealed["version"] !== VERSION) {
    throw new ApprovalError("The state was written by another version.", { reason: "altered" });
  }
  const { signature, ...signed } = sealed as { signature: string } & Record<string, JsonValue>;
  if (!keys.some((key) => isSame(signature, signOrNothing(signed, key)))) {
    throw new ApprovalError("The state was altered, or signed with another key.", {
      reason: "altered",
      hint: "Pass the same approvals.key to every agent that resumes, and the state as it was.",
    });
  }
  // What carries our signature has our shape.
  const { run, nonce, expiresAt } = signed as unknown as Seal & { run: JsonValue };
  return { state: fromByteJson(run) as RunState, seal: { nonce, expiresAt } };
}

function sign(sealed: { readonly [member: string]: JsonValue }, key: SigningKey): string {
  return createHmac("sha256", key)
    .update(DOMAIN)
    .update(toCanonicalJson(sealed))
    .digest("base64url");
}

/** What was made up may be nested without end, or hold what is no JSON. */
function signOrNothing(sealed: { readonly [member: string]: JsonValue }, key: SigningKey): string {
  try {
    return sign(sealed, key);
  } catch {
    return "";
  }
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return expected !== "" && one.length === other.length && timingSafeEqual(one, other);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError("resume: the state is no JSON.");
  }
}
