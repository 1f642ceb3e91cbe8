// What the simulator reads out of a request: who said what, in plain texts.

import type { ContentBlock, Message, ToolResultBlock } from "../core/content.ts";
import type { ConverseRequest } from "../core/converse-request.ts";

/** A tool result with the name of the tool it came from. */
export interface NamedResult {
  readonly toolName: string;
  readonly text: string;
  readonly isError: boolean;
}

/** A conversation as the simulator sees it. */
export interface Prompt {
  /** The last thing the user said in words, cut to a sensible length; empty when there is none. */
  readonly text: string;
  /** What the user said before, oldest first. */
  readonly earlierTexts: readonly string[];
  readonly systemText: string;
  /** The results in the last message, when it is one of results. */
  readonly results: readonly NamedResult[];
  /** Kinds of media in the last message, such as `image`, once each. */
  readonly media: readonly string[];
}

/** Enough for any question, and little enough to search with regular expressions. */
const MAX_TEXT_CHARACTERS = 10_000;

const MEDIA = ["image", "document", "video", "audio"] as const;

/** Reads the conversation of a request. */
export function toPrompt({ messages = [], system = [] }: ConverseRequest): Prompt {
  const texts = messages
    .filter(({ role }) => role === "user")
    .map(textOfMessage)
    .filter((text) => text !== "");
  const last = messages.at(-1);
  return {
    text: texts.at(-1) ?? "",
    earlierTexts: texts.slice(0, -1),
    systemText: system
      .map(({ text }) => text ?? "")
      .join(" ")
      .trim(),
    results: last === undefined ? [] : resultsOf(last, toolNamesOf(messages)),
    media: MEDIA.filter((kind) => last?.content.some((block) => block[kind] !== undefined)),
  };
}

function textOfMessage({ content }: Message): string {
  return content.map(textOfBlock).join(" ").trim().slice(0, MAX_TEXT_CHARACTERS);
}

function textOfBlock({ text, guardContent }: ContentBlock): string {
  return text ?? guardContent?.text?.text ?? "";
}

function toolNamesOf(messages: readonly Message[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { content } of messages) {
    for (const { toolUse } of content) {
      if (toolUse !== undefined) names.set(toolUse.toolUseId, toolUse.name);
    }
  }
  return names;
}

function resultsOf({ content }: Message, names: ReadonlyMap<string, string>): NamedResult[] {
  return content.flatMap(({ toolResult }) => {
    if (toolResult === undefined) return [];
    return [
      {
        toolName: names.get(toolResult.toolUseId) ?? "the tool",
        text: textOfResult(toolResult),
        isError: toolResult.status === "error",
      },
    ];
  });
}

function textOfResult({ content }: ToolResultBlock): string {
  const parts = content.map(({ text, json, searchResult, ...media }) => {
    if (text !== undefined) return text;
    if (json !== undefined) return JSON.stringify(json);
    if (searchResult !== undefined) return searchResult.content.map((part) => part.text).join(" ");
    return `(${Object.keys(media)[0] ?? "nothing"})`;
  });
  return parts.join(" ").trim();
}
