// The first change of a prefix, and what it is called.

import { isRecord } from "../core/json.ts";
import { parseModelId } from "../models/model-id.ts";
import { type Difference, firstDifference } from "./cache-difference.ts";
import {
  PREFIX_ORDER,
  type Prefix,
  type PrefixPart,
  type PrefixPoint,
  type PrefixSection,
  type PrefixSetting,
} from "./cache-prefix.ts";

/** A change, and which of the parts of its section it is in. */
export interface FoundChange extends Difference {
  readonly section: PrefixSection;
  readonly index: number;
}

const SETTING_MESSAGES: Readonly<Record<PrefixSetting, string>> = {
  textFormat: "Another text format means other instructions: system and messages are read anew.",
  toolChoice: "Another tool choice: the messages are read anew, tools and system are not.",
  thinking: "Other thinking settings: the messages are read anew, tools and system are not.",
  effort: "Another effort: the messages are read anew, tools and system are not.",
};

/** The first change before the point, or undefined when the prefix up to it is the same. */
export function findChange(
  previous: Prefix,
  next: Prefix,
  until: PrefixPoint,
): FoundChange | undefined {
  for (const section of PREFIX_ORDER) {
    const isLast = section === until.section;
    const end = isLast ? until.index : Number.POSITIVE_INFINITY;
    const was = previous.sections[section];
    const is = next.sections[section];
    const length = Math.min(Math.max(was.length, is.length), end);
    for (let index = 0; index < length; index += 1) {
      const found = differenceAt(section, index, was, is);
      if (found !== undefined) return { ...found, section, index };
    }
    if (isLast) break;
  }
  return undefined;
}

/** Whether a change lies before a point. */
export function isBefore({ section, index }: FoundChange, point: PrefixPoint): boolean {
  if (section === point.section) return index < point.index;
  return PREFIX_ORDER.indexOf(section) < PREFIX_ORDER.indexOf(point.section);
}

function differenceAt(
  section: PrefixSection,
  index: number,
  previous: readonly PrefixPart[],
  next: readonly PrefixPart[],
): Difference | undefined {
  const was = previous[index];
  const is = next[index];
  switch (section) {
    case "modelId":
      return differenceInModel(was?.value, is?.value);
    case "textFormat":
    case "toolChoice":
    case "thinking":
    case "effort": {
      const found = firstDifference(was?.value, is?.value, (is ?? was)?.path ?? section);
      return found && { ...found, message: SETTING_MESSAGES[section] };
    }
    default:
  }
  if (was === undefined) return is && { path: is.path, message: "This block was added." };
  if (is === undefined) return { path: was.path, message: "The block that stood here is gone." };
  const isTool = section === "tools";
  return (
    (isTool ? differenceInTools(was, is, previous, next) : differenceInTurn(was, is)) ??
    differenceInKind(was, is) ??
    firstDifference(was.value, is.value, is.path)
  );
}

function differenceInModel(previous: unknown, next: unknown): Difference | undefined {
  if (typeof previous !== "string" || typeof next !== "string" || previous === next) {
    return undefined;
  }
  const { baseId } = parseModelId(previous);
  const isSame = baseId !== undefined && baseId === parseModelId(next).baseId;
  const message = isSame
    ? "The same model by another id: each inference profile and each region has a cache of its own."
    : "Another model: each has a cache of its own.";
  return { path: "modelId", message };
}

/** Tools are told by their names: one more, one less, or all of them in another order. */
function differenceInTools(
  was: PrefixPart,
  is: PrefixPart,
  previous: readonly PrefixPart[],
  next: readonly PrefixPart[],
): Difference | undefined {
  const [wasName, isName] = [toolNameOf(was), toolNameOf(is)];
  if (wasName === isName) return undefined;
  const isKept = next.some((part) => toolNameOf(part) === wasName);
  const isNew = !previous.some((part) => toolNameOf(part) === isName);
  if (isKept && isNew) return { path: is.path, message: `The tool${quoted(isName)} was added.` };
  if (!isKept && !isNew) return { path: was.path, message: `The tool${quoted(wasName)} is gone.` };
  if (isNew) return undefined;
  return { path: is.path, message: "The tools stand in another order: keep it stable." };
}

function toolNameOf({ value }: PrefixPart): unknown {
  if (!isRecord(value)) return undefined;
  const { toolSpec, systemTool } = value;
  const tool = toolSpec ?? systemTool;
  return isRecord(tool) ? tool["name"] : undefined;
}

/** Only what can be nothing but a name is repeated. */
function quoted(name: unknown): string {
  return typeof name === "string" && /^[\w-]{1,64}$/.test(name) ? ` “${name}”` : "";
}

/** Whether two blocks stand in the same message, and whose it is. */
function differenceInTurn(was: PrefixPart, is: PrefixPart): Difference | undefined {
  if (was.message !== is.message) {
    return Number(is.message) < Number(was.message)
      ? { path: is.path, message: "This block was added to its message." }
      : { path: was.path, message: "The block that stood here is gone from its message." };
  }
  if (was.role === is.role) return undefined;
  const path = is.path.replace(/\.content\.\d+$/, ".role");
  return { path, message: "The message is by another role." };
}

function differenceInKind(was: PrefixPart, is: PrefixPart): Difference | undefined {
  if (kindOf(was) === kindOf(is)) return undefined;
  return { path: is.path, message: "A block of another kind stands here." };
}

function kindOf({ value }: PrefixPart): string | undefined {
  return isRecord(value) ? Object.keys(value).find((name) => value[name] != null) : undefined;
}
