// Faults as text, for the command line and the header: `latency:latencyMs=500,jitterMs=100; throttle`.
// A value with anything but letters, digits and `.`, `-`, `_` stands in quotes, as JSON writes a text.

import { kindOf } from "../../core/options.ts";
import type { Fault } from "./fault.ts";
import { FAULT_RULES, type MemberRule, SCOPE_MEMBERS } from "./fault-rules.ts";
import { quoted, readFault } from "./read-fault.ts";

/** Stands for no fault at all. */
const NONE = "none";

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const PLAIN = /^[\w.-]+$/;
const NEEDS_ESCAPE = /[^\x20-\x7e]/g;

/**
 * Reads faults: each `name` or `name:member=value,member=value`, with `;` between two; `none` is the
 * empty list. Throws `TypeError` that says what is wrong; `where` opens its message.
 */
export function parseFaults(text: string, where = "parseFaults"): Fault[] {
  if (typeof text !== "string")
    throw new TypeError(`${where}: expected a text, got ${kindOf(text)}.`);
  if (text.trim() === NONE) return [];
  return split(text, ";", where).map((part) => parseFault(part.trim(), where));
}

/** A fault as `parseFaults` reads it, in ASCII. */
export function formatFault({ type, ...members }: Fault): string {
  const given = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${formatValue(value)}`],
  );
  return given.length === 0 ? type : `${type}:${given.join(",")}`;
}

function parseFault(text: string, where: string): Fault {
  if (text === "")
    throw new TypeError(`${where}: the name of a fault is missing, before, behind or between “;”.`);
  const colon = text.indexOf(":");
  const type = (colon < 0 ? text : text.slice(0, colon)).trim();
  const fault: Record<string, unknown> = Object.create(null);
  fault["type"] = type;
  for (const part of colon < 0 ? [] : split(text.slice(colon + 1), ",", where)) {
    const equals = part.indexOf("=");
    const name = part.slice(0, equals).trim();
    if (equals < 0 || name === "" || name === "type") {
      throw new TypeError(`${where}: ${type}: ${quoted(part.trim())} is not \`member=value\`.`);
    }
    if (name in fault) throw new TypeError(`${where}: ${type}: ${name} is given twice.`);
    fault[name] = parseValue(part.slice(equals + 1).trim(), ruleOf(type, name), where);
  }
  return readFault({ ...fault }, where);
}

/** Undefined where there is none, which `readFault` will say. */
function ruleOf(type: string, name: string): MemberRule | undefined {
  const members = Object.hasOwn(FAULT_RULES, type)
    ? FAULT_RULES[type as Fault["type"]].members
    : {};
  const known = { ...members, ...SCOPE_MEMBERS };
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

function parseValue(text: string, rule: MemberRule | undefined, where: string): unknown {
  if (text.startsWith('"')) return parseQuoted(text, where);
  return rule?.kind === "number" && NUMBER.test(text) ? Number(text) : text;
}

function parseQuoted(text: string, where: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new TypeError(`${where}: ${quoted(text)} is not a text in quotes.`);
  }
}

function formatValue(value: string | number): string {
  const text = String(value);
  if (PLAIN.test(text) || typeof value === "number") return text;
  return JSON.stringify(text).replace(
    NEEDS_ESCAPE,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Splits at a separator that stands outside quotes. */
function split(text: string, separator: string, where: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === "\\" && isQuoted) index++;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  if (isQuoted) throw new TypeError(`${where}: a quotation mark is never closed.`);
  parts.push(text.slice(start));
  return parts;
}
