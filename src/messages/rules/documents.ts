// Rules on documents, those in tool results included.

import type { RequestRule } from "./request-rule.ts";
import { blocksNamed, recordOf, textOf } from "./view.ts";

const MAX_DOCUMENTS = 5;

/** The underscore is not documented, but accepted. */
const DOCUMENT_NAME = /^[a-zA-Z0-9\s()[\]_-]*$/;

export const DOCUMENT_RULES: readonly RequestRule[] = [
  {
    id: "document-name",
    reference: "https://github.com/simonw/llm-bedrock/issues/8",
    repair: "Replace what is not allowed by a hyphen, and leave out the file extension.",
    check(view, report) {
      for (const { path, value } of blocksNamed(view, "document")) {
        const name = textOf(recordOf(value)["name"]);
        if (name === undefined || (DOCUMENT_NAME.test(name) && !/\s\s/.test(name))) continue;
        report(
          `${path}.document.name`,
          "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.",
        );
      }
    },
  },
  {
    id: "document-name-duplicate",
    reference: "https://github.com/maximhq/bifrost/issues/7003",
    repair: "Number the documents in their names.",
    check(view, report) {
      const documents = blocksNamed(view, "document");
      if (documents.length < 2) return;
      const seen = new Set<string>();
      for (const { path, value } of documents) {
        const name = textOf(recordOf(value)["name"])?.toLowerCase();
        if (name === undefined) continue;
        if (seen.has(name)) {
          report(
            `${path}.document.name`,
            "Messages can't contain duplicate document names. Rename the document and retry your request.",
          );
        }
        seen.add(name);
      }
    },
  },
  {
    id: "documents-too-many",
    reference: "https://github.com/aws-samples/generative-ai-use-cases/issues/1685",
    repair: "Leave older documents out, or put their text into text blocks.",
    check(view, report) {
      const surplus = blocksNamed(view, "document")[MAX_DOCUMENTS];
      if (surplus === undefined) return;
      report(surplus.path, `You can't include more than ${MAX_DOCUMENTS} documents in a request.`);
    },
  },
  {
    id: "document-without-text",
    reference: "https://github.com/archestra-ai/archestra/pull/4220",
    repair: "Add a text block to the message.",
    check(view, report) {
      if (blocksNamed(view, "document").length === 0) return;
      for (const { blocks } of view.messages) {
        const document = blocks.find(({ name }) => name === "document");
        if (document === undefined || blocks.some(({ name }) => name === "text")) continue;
        report(document.path, "A text block must be included when using documents.");
      }
    },
  },
  {
    id: "document-text-source",
    reference: "https://github.com/strands-agents/harness-sdk/pull/3582",
    repair: "Set citations.enabled to true, or pass the document as bytes.",
    check(view, report) {
      for (const { path, value } of blocksNamed(view, "document")) {
        const { source, citations } = recordOf(value);
        const { text, content } = recordOf(source);
        if ((text == null && content == null) || recordOf(citations)["enabled"] === true) continue;
        report(
          `${path}.document.source`,
          `DocumentSource object at ${path}.document.source must set one of the following keys: bytes, s3Location.`,
        );
      }
    },
  },
];
