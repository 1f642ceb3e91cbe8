// What can only be seen once the turns stand: results that must be alone, documents without a word
// beside them, and white space at the end of what the model is to continue.

import type { ContentBlock, Message } from "../core/content.ts";
import type { RepairRun } from "./repair-run.ts";

/** Stands between tool results and what the user says beside them. */
const AFTER_RESULTS = "(The results are in.)";

/** Stands beside a document that came without a word. */
const WITH_DOCUMENT = "(See the attached document.)";

/** For models that read nothing else beside tool results: the rest becomes a turn of its own. */
export function separateToolResults(messages: readonly Message[], run: RepairRun): Message[] {
  return messages.flatMap((message) => {
    const results = message.content.filter(({ toolResult }) => toolResult !== undefined);
    const rest = message.content.filter(({ toolResult }) => toolResult === undefined);
    if (message.role !== "user" || results.length === 0) return [message];
    // A cache point finds its place elsewhere.
    if (rest.every(({ cachePoint }) => cachePoint !== undefined)) return [message];
    const reason = "The model reads nothing beside tool results: it was put into its own turn.";
    run.changedLater(rest[0], "tool-results-alone", reason);
    return [
      { role: "user", content: results },
      { role: "assistant", content: [{ text: AFTER_RESULTS }] },
      { role: "user", content: rest },
    ];
  });
}

/** Converse takes a document only beside a text. */
export function addDocumentTexts(messages: readonly Message[], run: RepairRun): void {
  for (const message of messages) {
    const { content } = message;
    const first = content.findIndex(({ document }) => document !== undefined);
    if (first < 0 || content.some(({ text }) => text !== undefined)) continue;
    run.changedLater(
      content[first],
      "document-without-text",
      "A text was put before the document.",
    );
    message.content = content.toSpliced(first, 0, { text: WITH_DOCUMENT });
  }
}

/** A final assistant text is continued by the model and must not end in white space. */
export function trimEnd(messages: readonly Message[], run: RepairRun): void {
  const message = messages.at(-1);
  if (message?.role !== "assistant") return;
  const { content } = message;
  const last = content.findLastIndex(({ cachePoint }) => cachePoint === undefined);
  const block: ContentBlock | undefined = content[last];
  const text = block?.text;
  if (block === undefined || text === undefined || text === text.trimEnd()) return;
  run.changedLater(block, "trailing-white-space", "White space at the end was left out.");
  message.content = content.with(last, run.replace(block, { ...block, text: text.trimEnd() }));
}
