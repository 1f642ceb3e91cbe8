// The model that answers when none is given: it calls tools that fit the prompt, answers from their
// results, knows a few plain facts, and otherwise says what it is. The same request always gets the
// same answer.

import { createHash } from "node:crypto";
import type { ContentBlock } from "../core/content.ts";
import type { ConverseRequest, ToolSpecification } from "../core/converse-request.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { isTooDeep } from "../core/json-depth.ts";
import type { LocalModelRequest, LocalReply } from "./reply.ts";
import { refusal } from "./service-fault.ts";
import { answerFromResults, answerInWords } from "./simulator-answers.ts";
import { toArguments } from "./simulator-arguments.ts";
import { Budget } from "./simulator-budget.ts";
import { hasPlace, toMentions } from "./simulator-mentions.ts";
import { type Prompt, toPrompt } from "./simulator-prompt.ts";
import { bestTool, fittingTools, wordsOf } from "./simulator-tools.ts";

/** Answers a request deterministically and offline. */
export function simulate(request: LocalModelRequest): LocalReply {
  const prompt = toPrompt(request);
  const tools = toolsToCall(request, prompt);
  if (tools.length > 0) return callsOf(tools, prompt, request);
  if (prompt.results.length > 0) return inCharacter(answerFromResults(prompt.results), prompt);
  const schema = answerSchemaOf(request);
  if (schema !== undefined) {
    return JSON.stringify(toArguments(schema, toMentions(prompt.text), new Budget()));
  }
  return inCharacter(answerInWords(prompt), prompt);
}

function toolsToCall({ toolConfig }: ConverseRequest, prompt: Prompt): ToolSpecification[] {
  const { tools = [], toolChoice } = toolConfig ?? {};
  // There is no such choice on the wire, so whoever wants none says it in the system prompt.
  if (/\b(do not|don't|never) call any tools?\b/i.test(prompt.systemText)) return [];
  const specifications = tools.flatMap(({ toolSpec }) =>
    toolSpec === undefined ? [] : [toolSpec],
  );
  if (toolChoice?.tool !== undefined) {
    return specifications.filter(({ name }) => name === toolChoice.tool.name);
  }
  const isForced = toolChoice?.any !== undefined;
  if (prompt.results.length > 0 && !isForced) return [];
  const fitting = fittingTools(specifications, prompt.text);
  if (fitting.length > 0 || !isForced) return fitting;
  const best = bestTool(specifications, prompt.text);
  return best === undefined ? [] : [best];
}

/** One call per tool, or one per place where a tool takes a place and the prompt names several. */
function callsOf(
  tools: readonly ToolSpecification[],
  prompt: Prompt,
  { messages = [] }: ConverseRequest,
): ContentBlock[] {
  const budget = new Budget();
  const calls = tools.flatMap(({ name, inputSchema }) => {
    const text = tools.length > 1 ? clauseAbout(name, prompt.text) : prompt.text;
    const schema = isRecord(inputSchema.json) ? inputSchema.json : {};
    const mentions = toMentions(text);
    const { places, numbers } = mentions;
    const each = hasPlace(schema) && places.length > 1 ? places.map((place) => [place]) : [places];
    return each.map((named) => ({
      name,
      input: toArguments(schema, { ...mentions, places: named, numbers: [...numbers] }, budget),
    }));
  });
  return calls.map(({ name, input }, index) => ({
    toolUse: { toolUseId: toolUseIdOf([messages.length, index, name, input]), name, input },
  }));
}

/** The part of a text that names a tool and a place for it; the whole text when none does. */
function clauseAbout(toolName: string, text: string): string {
  const words = wordsOf(toolName);
  const clause = text.split(/ and |[,;?!] /).find((part) => {
    const spoken = new Set(wordsOf(part));
    return words.some((word) => spoken.has(word)) && toMentions(part).places.length > 0;
  });
  return clause ?? text;
}

/** An id that looks like Bedrock's and is the same for the same call at the same place. */
function toolUseIdOf(call: JsonValue): string {
  const digest = createHash("sha256").update(JSON.stringify(call)).digest("base64url");
  return `tooluse_${digest.slice(0, 22)}`;
}

/** The schema of an answer that has to be JSON. */
function answerSchemaOf({ outputConfig }: ConverseRequest): Record<string, unknown> | undefined {
  const text = outputConfig?.textFormat?.structure.jsonSchema?.schema;
  if (text === undefined) return undefined;
  if (isTooDeep(Buffer.from(text))) {
    throw refusal("ValidationException", "The JSON schema is nested too deeply.");
  }
  const schema: unknown = JSON.parse(text);
  return isRecord(schema) ? schema : undefined;
}

/** An instruction the simulator follows, so that a system prompt can be seen to arrive. */
function inCharacter(text: string, { systemText }: Prompt): string {
  return /\bpirate\b/i.test(systemText) ? `Arrr! ${text}` : text;
}
