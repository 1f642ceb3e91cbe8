// How an object is asked for: which of the three ways, by what is known of the model, and what is added
// to the caller's request for it.

import { toStructuredSchema } from "../../converse/structured-schema.ts";
import type { PlainTool, ToolChoiceInput } from "../../converse/tool-config.ts";
import { givenNamesIn } from "../../converse/tool-names.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import type { ModelTraits } from "../../models/model-traits.ts";
import type { InvokeOptions } from "../request-options.ts";
import type { ObjectMode } from "./object-options.ts";

/** How an object is asked for. */
export interface ObjectPlan {
  readonly mode: ObjectMode;
  /** Of the tool that takes the object, where there is one. */
  readonly toolName: string | undefined;
  /** What makes the model call it; undefined where that is only said. */
  readonly toolChoice: ToolChoiceInput | undefined;
}

/** What decides about a plan. */
export interface PlanFacts {
  readonly mode: ObjectMode | "auto";
  readonly schema: { [keyword: string]: JsonValue };
  readonly options: InvokeOptions;
  readonly traits: ModelTraits;
  /** False where the model is known to take no tools. */
  readonly takesTools: boolean;
}

const TOOL_NAME = "answer";
const TOOL_DESCRIPTION = "Takes your answer. Call it once, with the whole answer as its input.";

/** Decides. */
export function planObject(facts: PlanFacts): ObjectPlan {
  const { options, traits } = facts;
  const mode = facts.mode === "auto" ? chooseMode(facts) : facts.mode;
  if (mode !== "tool") return { mode, toolName: undefined, toolChoice: undefined };
  const toolName = freeName(options.tools);
  const isHindered = traits.forcesWhileThinking === false && isThinking(options, traits);
  const toolChoice = isHindered ? undefined : choiceOf(toolName, options, traits);
  return { mode, toolName, toolChoice };
}

function choiceOf(
  name: string,
  { tools }: InvokeOptions,
  { toolChoices = ["tool"] }: ModelTraits,
): ToolChoiceInput | undefined {
  if (toolChoices.includes("tool")) return { tool: { name } };
  if (!toolChoices.includes("any")) return undefined;
  // Among several tools, one is named all the same: which it is, the model is then told.
  return givenNamesIn(tools).length === 0 ? "any" : { tool: { name } };
}

function chooseMode({ schema, options, traits, takesTools }: PlanFacts): ObjectMode {
  const isNative =
    traits.textFormat === true &&
    toStructuredSchema(schema).refused.length === 0 &&
    !isCiting(options);
  if (isNative) return "native";
  return takesTools ? "tool" : "prompt";
}

/**
 * Whether the answer is to cite documents, which no answer does that is held to a schema.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs
 */
function isCiting({ messages }: InvokeOptions): boolean {
  if (!Array.isArray(messages)) return false;
  return messages.some((message: unknown) => {
    const content = isRecord(message) ? message["content"] : undefined;
    const blocks: unknown[] = Array.isArray(content) ? content : [content];
    return blocks.some((block) => {
      const document = isRecord(block) ? block["document"] : undefined;
      const citations = isRecord(document) ? document["citations"] : undefined;
      return isRecord(citations) && citations["enabled"] === true;
    });
  });
}

/** Thinking is what the caller asks for more than for a forced call. */
function isThinking({ additionalModelRequestFields: fields }: InvokeOptions, traits: ModelTraits) {
  if (traits.thinking === "always") return true;
  const thinking = isRecord(fields)
    ? (fields["thinking"] ?? fields["reasoning_config"])
    : undefined;
  return isRecord(thinking) && thinking["type"] !== "disabled";
}

/** A name that none of the caller's own tools has. */
function freeName(tools: unknown): string {
  const taken = givenNamesIn(tools);
  let name = TOOL_NAME;
  for (let number = 2; taken.includes(name); number++) name = `${TOOL_NAME}_${number}`;
  return name;
}

/** The caller's request, asking for an object by this plan. */
export function withPlan(
  options: InvokeOptions,
  { mode, toolName, toolChoice }: ObjectPlan,
  schema: PlanFacts["schema"],
): InvokeOptions {
  if (toolName === undefined) {
    const asked = { ...options, ...withoutCalls(options) };
    return mode === "native" ? held(asked, schema) : instructed(asked, wordsFor(schema));
  }
  const tool: PlainTool = { name: toolName, description: TOOL_DESCRIPTION, inputSchema: schema };
  const { tools = [] } = options;
  // What is no list is refused by who reads the tools.
  const offered = { ...options, tools: Array.isArray(tools) ? [...tools, tool] : tools };
  if (toolChoice !== undefined) return { ...offered, toolChoice };
  const instruction = `Give your answer by calling the tool ${toolName} once, with the whole answer as its input; do not answer in text.`;
  return instructed(offered, instruction);
}

/** Tools are the caller's for the sake of his history; the answer is no call of theirs. */
function withoutCalls({ tools }: InvokeOptions): Pick<InvokeOptions, "toolChoice"> {
  return givenNamesIn(tools).length === 0 ? {} : { toolChoice: "none" };
}

function held(options: InvokeOptions, schema: PlanFacts["schema"]): InvokeOptions {
  const jsonSchema = { schema: JSON.stringify(schema), name: TOOL_NAME };
  const textFormat = { type: "json_schema", structure: { jsonSchema } };
  return { ...options, outputConfig: { ...options.outputConfig, textFormat } };
}

function wordsFor(schema: PlanFacts["schema"]): string {
  return `Answer with one JSON object and nothing else: no introduction, no code fence. It satisfies this JSON Schema:\n${JSON.stringify(schema)}`;
}

/** Last among the instructions, so that those of the caller can be cached. */
function instructed(options: InvokeOptions, instruction: string): InvokeOptions {
  const { systemPrompt = [] } = options;
  if (typeof systemPrompt === "string") {
    return { ...options, systemPrompt: [systemPrompt, instruction] };
  }
  // What is no list is refused by who reads the instructions.
  if (!Array.isArray(systemPrompt)) return options;
  return { ...options, systemPrompt: [...systemPrompt, instruction] };
}
