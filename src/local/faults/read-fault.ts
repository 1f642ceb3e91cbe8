// Faults as callers write them, held to the table of rules. A text becomes an object first
// (`fault-text.ts`) and comes through here like any other.

import { isRecord } from "../../core/json.ts";
import {
  assertKnownOptions,
  kindOf,
  nearestName,
  readChoice,
  readNumber,
  readString,
} from "../../core/options.ts";
import type { Fault } from "./fault.ts";
import {
  FAULT_NAMES,
  FAULT_RULES,
  type FaultRules,
  type MemberRule,
  SCOPE_MEMBERS,
  TOXIPROXY_MEMBERS,
} from "./fault-rules.ts";

/** What an error repeats of a value it was given. */
const MAX_ECHO_LENGTH = 40;

/**
 * Reads one fault; a copy of `input` without members that are undefined, in the order of the table.
 * Throws `TypeError`; `where` opens its message.
 */
export function readFault(input: unknown, where: string): Fault {
  if (!isRecord(input)) {
    throw new TypeError(
      `${where}: a fault is a text or an object with \`type\`; got ${kindOf(input)}.`,
    );
  }
  const { type, ...members } = input;
  const rules = rulesOf(type, where);
  const place = `${where}: ${type}`;
  const known = { ...rules.members, ...SCOPE_MEMBERS };
  assertKnownOptions(members, Object.keys(known), place, foreignNames(known));
  const fault: Record<string, unknown> = { type };
  for (const [name, rule] of Object.entries(known)) {
    const value = readMember(members[name], `${place}: ${name}`, rule);
    if (value !== undefined) fault[name] = value;
  }
  assertTogether(fault, rules, place);
  return fault as unknown as Fault;
}

function rulesOf(type: unknown, where: string): FaultRules {
  const name = FAULT_NAMES.find((known) => known === type);
  if (name !== undefined) return FAULT_RULES[name];
  if (typeof type !== "string") {
    throw new TypeError(
      `${where}: \`type\` must be the name of a fault; got ${kindOf(type)}. ${knownFaults()}`,
    );
  }
  const nearest = nearestName(type, FAULT_NAMES);
  const guess = nearest === undefined ? "" : `Did you mean “${nearest}”? `;
  throw new TypeError(`${where}: ${quoted(type)} is not a known fault. ${guess}${knownFaults()}`);
}

function knownFaults(): string {
  return `Known: ${FAULT_NAMES.join(", ")}.`;
}

/** Only where the fault has the member that is meant. */
function foreignNames(known: object): Record<string, string> {
  const names = Object.entries(TOXIPROXY_MEMBERS).filter(([, meant]) => meant in known);
  return Object.fromEntries(names);
}

function readMember(value: unknown, name: string, rule: MemberRule): string | number | undefined {
  switch (rule.kind) {
    case "number":
      if (typeof value === "string") {
        throw new TypeError(`${name} must be a number; got ${quoted(value)}.`);
      }
      return readNumber(value, name, rule);
    case "choice":
      return readChoice(value, name, rule.choices);
    default:
      return readString(value, name);
  }
}

/** Holds what is given to what must be given, and what not together. */
function assertTogether(
  fault: Readonly<Record<string, unknown>>,
  { required = [], exclusive = [], oneOf = [] }: FaultRules,
  where: string,
): void {
  const given = (names: readonly string[]) => names.filter((name) => fault[name] !== undefined);
  for (const name of required) {
    if (fault[name] === undefined) throw new TypeError(`${where}: ${name} is required.`);
  }
  if (given(exclusive).length > 1) {
    throw new TypeError(`${where}: ${exclusive.join(" and ")} cannot stand together.`);
  }
  if (oneOf.length > 0 && given(oneOf).length !== 1) {
    throw new TypeError(`${where}: one of ${oneOf.join(" and ")} is required, and not both.`);
  }
  const { averageBytes, variationBytes } = fault as Record<string, number | undefined>;
  if (averageBytes !== undefined && (variationBytes ?? 0) >= averageBytes) {
    throw new TypeError(
      `${where}: variationBytes must be less than averageBytes, ${averageBytes}; got ${variationBytes}.`,
    );
  }
}

/** What a writer wrote, cut, for an error to name it. */
export function quoted(text: string): string {
  return `“${text.slice(0, MAX_ECHO_LENGTH)}${text.length > MAX_ECHO_LENGTH ? "…" : ""}”`;
}
