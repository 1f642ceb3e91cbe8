// Tool calls, their results and references to tools: names as the wire takes them, JSON as Converse
// takes it. Ids are left for the pass over the turns, which needs those the caller wrote.

import { asJson, isRecord, type UnknownRecord } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import { hasNestedTypeKey } from "./nested-type-key.ts";
import type { RepairRun } from "./repair-run.ts";
import { isBlank } from "./text-pieces.ts";
import { toWellFormed } from "./well-formed.ts";

/** Stands where a tool said nothing, for blank text is refused there too. */
const EMPTY_OUTPUT = "(no output)";

/** What a reference calls a tool that is not a server's. */
const OWN_TOOL_TYPES: ReadonlySet<unknown> = new Set(["tool", "custom", "tool_reference"]);

/** Opens a result that says of itself that it is an error, where no status can say so. */
export const ERROR_PREFIX = "Error: ";
const FAILED = `${ERROR_PREFIX}the tool failed.`;

/** The call with a legal name, and without broken characters in its input. */
export function repairToolUse(toolUse: UnknownRecord, run: RepairRun): UnknownRecord {
  const name = repairName(toolUse["name"], run, ".toolUse.name");
  const wrapped = toInput(toolUse["input"], run);
  const input = toWellFormed(wrapped);
  if (input !== wrapped) reportSurrogates(run, ".toolUse.input");
  if (input === toolUse["input"] && name === toolUse["name"]) return toolUse;
  return { ...toolUse, name, input };
}

/** Converse takes only an object as input; anything else a history may hold is put into one. */
function toInput(given: unknown, run: RepairRun): unknown {
  const input = readJson(given, run, ".toolUse.input");
  if (isRecord(input)) return input;
  const parsed = typeof input === "string" ? parseObject(input) : undefined;
  const reason =
    parsed === undefined
      ? "The input was put into an object."
      : "The input was read from its JSON text.";
  run.changed("tool-input-object", reason, ".toolUse.input");
  if (parsed !== undefined) return parsed;
  return input === undefined || input === "" ? {} : { value: input };
}

/** Other interfaces keep the arguments of a call as text. A fragment is none that could be read. */
function parseObject(text: string): UnknownRecord | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Throws `TypeError` for what JSON has no form for, and would leave out in silence. */
function readJson(value: unknown, run: RepairRun, member: string): unknown {
  const json = asJson(value);
  if (typeof json !== "function" && typeof json !== "symbol" && typeof json !== "bigint") {
    return json;
  }
  throw new TypeError(`${run.place(member)} must be JSON; got ${kindOf(json)}.`);
}

/** The block that adds or removes a tool, with the name the tool is sent under. */
export function repairToolReference(given: unknown, run: RepairRun, member: string): unknown {
  const tool = isRecord(given) ? given["tool"] : undefined;
  if (!isRecord(given) || !isRecord(tool)) return given;
  const { name, ...others } = tool;
  const isOurs = isOfRequest(tool);
  const wireName = isOurs ? repairName(name, run, `${member}.tool.name`) : toWellFormed(name);
  const rest = toWellFormed(others);
  if (rest !== others || !(isOurs || wireName === name)) reportSurrogates(run, `${member}.tool`);
  if (wireName === name && rest === others) return given;
  return { ...given, tool: name === undefined ? rest : { ...rest, name: wireName } };
}

/** Whether a tool is one that the request itself describes; those of servers have their own names. */
function isOfRequest({ type, serverName }: UnknownRecord): boolean {
  return serverName == null && (type == null || OWN_TOOL_TYPES.has(type));
}

function repairName(given: unknown, run: RepairRun, member: string): unknown {
  if (typeof given !== "string") return given;
  const name = run.names.toolName(given);
  if (name === given) return name;
  run.changed(
    run.names.ruleOfToolName(given),
    "The tool is sent under a name that is accepted.",
    member,
  );
  return name;
}

/** The result with visible content and JSON as objects; `repairMember` repairs its other parts. */
export function repairToolResult(
  toolResult: UnknownRecord,
  run: RepairRun,
  repairMember: (part: UnknownRecord) => UnknownRecord,
): UnknownRecord {
  const given = toolResult["content"] as UnknownRecord[];
  const content: UnknownRecord[] = [];
  let isSame = given.length > 0;
  for (const [index, part] of given.entries()) {
    run.enterPart(index);
    const kept = repairPart(part, run, repairMember);
    if (kept !== undefined) content.push(kept);
    isSame &&= kept === part;
  }
  run.enterPart(undefined);
  const { type } = toolResult;
  const wireType = toWellFormed(type);
  if (wireType !== type) reportSurrogates(run, ".toolResult.type");
  if (given.length === 0) {
    const reason = "A tool that said nothing is shown to have said nothing.";
    run.changed("text-blank", reason, ".toolResult.content");
  }
  if (content.length === 0) content.push({ text: EMPTY_OUTPUT });
  const result =
    isSame && wireType === type
      ? toolResult
      : { ...toolResult, content, ...(type === undefined ? {} : { type: wireType }) };
  return run.traits.toolResultStatus === false ? withoutStatus(result, content, run) : result;
}

function repairPart(
  part: UnknownRecord,
  run: RepairRun,
  repairMember: (part: UnknownRecord) => UnknownRecord,
): UnknownRecord | undefined {
  const { text, json } = part;
  if (typeof text === "string") {
    if (isBlank(text)) {
      run.changed("text-blank", "Blank text was left out.", ".text");
      return undefined;
    }
    if (text.isWellFormed()) return part;
    reportSurrogates(run, ".text");
    return { ...part, text: text.toWellFormed() };
  }
  if (json === undefined) {
    // A value that came to nothing is the output of a tool that said nothing.
    const isNothing = Object.keys(part).length === 1 && "json" in part;
    return isNothing ? undefined : repairMember(part);
  }
  const wrapped = toResult(json, run);
  const read = toWellFormed(wrapped);
  if (read !== wrapped) reportSurrogates(run, ".json");
  if (!hasNestedTypeKey(read)) return read === json ? part : { ...part, json: read };
  run.changed(
    "tool-result-json-object",
    "The JSON is sent as text, for its __type would be taken for a type of Bedrock's own.",
    ".json",
  );
  const { json: _, ...others } = part;
  return { ...others, text: JSON.stringify(read) };
}

/** Converse takes only objects here, though the type says any JSON. */
function toResult(given: unknown, run: RepairRun): unknown {
  const json = readJson(given, run, ".json");
  if (isRecord(json)) return json;
  run.changed("tool-result-json-object", "The value was put into an object.", ".json");
  return { result: json };
}

function reportSurrogates(run: RepairRun, member: string): void {
  run.changed("lone-surrogate", "Broken characters were replaced by U+FFFD.", member);
}

/** Says in words what the status would have said. */
function withoutStatus(
  result: UnknownRecord,
  content: readonly UnknownRecord[],
  run: RepairRun,
): UnknownRecord {
  const { status, ...rest } = result;
  if (status === undefined) return result;
  const isError = status === "error";
  run.changed(
    "tool-result-status",
    isError ? "The status is told in the text instead." : "The status was left out.",
    ".toolResult.status",
  );
  return isError ? { ...rest, content: withErrorPrefix(content) } : rest;
}

function withErrorPrefix(content: readonly UnknownRecord[]): UnknownRecord[] {
  const first = content.findIndex(({ text }) => typeof text === "string");
  const text = content[first]?.["text"];
  if (typeof text !== "string") return [{ text: FAILED }, ...content];
  if (text.startsWith(ERROR_PREFIX)) return [...content];
  return content.with(first, { ...content[first], text: ERROR_PREFIX + text });
}
