// Rules on texts: that each can be written as UTF-8, and that something is said.

import { loneSurrogatesIn } from "./lone-surrogates.ts";
import type { ReportFinding, RequestRule } from "./request-rule.ts";
import { type BlockView, blocksNamed, listOf, recordOf, textOf } from "./view.ts";
import { modelError } from "./wording.ts";

const NOT_BLANK = /\S/;

/** Where a block holds a list of texts: the list, and what Bedrock calls an item of it. */
const TEXT_LISTS: readonly (readonly [name: string, list: string, object: string])[] = [
  ["searchResult", "content", "SearchResultContentBlock"],
  ["citationsContent", "content", "CitationGeneratedContent"],
];

/** What is not even JSON to Bedrock, so that nothing else is looked at. */
export const ENCODING_RULES: readonly RequestRule[] = [
  {
    id: "lone-surrogate",
    reference: "https://github.com/earendil-works/pi/issues/3443",
    repair: "Cut texts between characters, or call toWellFormed() on them.",
    check({ body, isWellFormed }, report) {
      if (isWellFormed) return;
      for (const path of loneSurrogatesIn(body)) {
        report(path, `The request body is not valid JSON: ${path} holds half of a surrogate pair.`);
      }
    },
  },
];

export const TEXT_RULES: readonly RequestRule[] = [
  {
    id: "text-blank",
    reference: "https://github.com/boto/botocore/issues/3525",
    repair: "Leave the block out; a space in its place is refused too.",
    check(view, report) {
      for (const block of blocksNamed(view, "text")) {
        if (typeof block.value !== "string" || !isBlank(block.value)) continue;
        const object = block.isResultPart ? "ToolResultContentBlock" : "ContentBlock";
        reportBlank(block.value, object, block.path, report);
      }
      for (const [name, list, object] of TEXT_LISTS) {
        for (const { path, value } of blocksNamed(view, name)) {
          reportBlankItems(recordOf(value)[list], object, `${path}.${name}.${list}`, report);
        }
      }
      for (const { path, value } of blocksNamed(view, "document")) {
        const at = `${path}.document.source`;
        const source = recordOf(recordOf(value)["source"]);
        reportBlank(source["text"], "DocumentSource", at, report);
        reportBlankItems(source["content"], "DocumentContentBlock", `${at}.content`, report);
      }
      for (const { name, value, path } of view.system) {
        if (name === "text") reportBlank(value, "SystemContentBlock", path, report);
      }
    },
  },
  {
    id: "guard-text-blank",
    reference: "https://github.com/aws-samples/bedrock-chat/issues/637",
    repair: "Leave the block out.",
    check(view, report) {
      for (const block of blocksNamed(view, "guardContent")) reportBlankGuard(block, report);
      for (const block of view.system) reportBlankGuard(block, report);
    },
  },
  {
    id: "trailing-white-space",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/532",
    repair: "Trim the end of the last text.",
    check({ messages }, report) {
      const last = messages.at(-1);
      const block = last?.role === "assistant" ? last.blocks.at(-1) : undefined;
      const text = block?.name === "text" ? textOf(block.value) : undefined;
      if (block === undefined || text === undefined || text === text.trimEnd()) return;
      if (isBlank(text)) return;
      report(
        `${block.path}.text`,
        modelError("messages: final assistant content cannot end with trailing whitespace"),
      );
    },
  },
];

/** Whether a text holds nothing but white space. */
export function isBlank(text: string): boolean {
  return !NOT_BLANK.test(text);
}

/** `path` is that of the object with the text. */
function reportBlank(text: unknown, object: string, path: string, report: ReportFinding): void {
  if (typeof text !== "string" || !isBlank(text)) return;
  report(
    `${path}.text`,
    `The text field in the ${object} object at ${path} is blank. Add text to the text field, and try again.`,
  );
}

function reportBlankItems(
  items: unknown,
  object: string,
  path: string,
  report: ReportFinding,
): void {
  for (const [index, item] of listOf(items).entries()) {
    reportBlank(recordOf(item)["text"], object, `${path}.${index}`, report);
  }
}

function reportBlankGuard({ name, value, path }: BlockView, report: ReportFinding): void {
  if (name !== "guardContent") return;
  const text = textOf(recordOf(recordOf(value)["text"])["text"]);
  if (text === undefined || !isBlank(text)) return;
  report(
    `${path}.guardContent.text.text`,
    `The guard content field in the ContentBlock object at ${path} is blank. Add text to the guard content field, and try again.`,
  );
}
