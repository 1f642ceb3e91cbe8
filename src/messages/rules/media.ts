// Rules on documents and images.

import { blocksOf } from "./conversation.ts";
import {
  type BlockView,
  type MessageView,
  type RequestRule,
  recordOf,
  textOf,
  toBlockViews,
} from "./view.ts";

const MAX_DOCUMENTS = 5;
const MAX_IMAGES = 20;

/** The underscore is not documented, but accepted. */
const DOCUMENT_NAME = /^[a-zA-Z0-9\s()[\]_-]*$/;

export const MEDIA_RULES: readonly RequestRule[] = [
  {
    id: "document-name",
    reference: "https://github.com/simonw/llm-bedrock/issues/8",
    repair: "Replace what is not allowed by a hyphen, and leave out the file extension.",
    *check({ messages }) {
      for (const { path, value } of documentsIn(messages)) {
        const name = textOf(recordOf(value)["name"]);
        if (name === undefined || (DOCUMENT_NAME.test(name) && !/\s\s/.test(name))) continue;
        yield {
          path: `${path}.document.name`,
          message:
            "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.",
        };
      }
    },
  },
  {
    id: "document-name-duplicate",
    reference: "https://github.com/maximhq/bifrost/issues/7003",
    repair: "Number the documents in their names.",
    *check({ messages }) {
      const seen = new Set<string>();
      for (const { path, value } of documentsIn(messages)) {
        const name = textOf(recordOf(value)["name"])?.toLowerCase();
        if (name === undefined) continue;
        if (seen.has(name)) {
          yield {
            path: `${path}.document.name`,
            message:
              "Messages can't contain duplicate document names. Rename the document and retry your request.",
          };
        }
        seen.add(name);
      }
    },
  },
  {
    id: "documents-too-many",
    reference: "https://github.com/aws-samples/generative-ai-use-cases/issues/1685",
    repair: "Leave older documents out, or put their text into text blocks.",
    *check({ messages }) {
      const surplus = documentsIn(messages)[MAX_DOCUMENTS];
      if (surplus === undefined) return;
      yield {
        path: surplus.path,
        message: `You can't include more than ${MAX_DOCUMENTS} documents in a request.`,
      };
    },
  },
  {
    id: "document-without-text",
    reference: "https://github.com/archestra-ai/archestra/pull/4220",
    repair: "Add a text block to the message.",
    *check({ messages }) {
      for (const { blocks } of messages) {
        const document = blocks.find(({ name }) => name === "document");
        if (document === undefined || blocks.some(({ name }) => name === "text")) continue;
        yield {
          path: document.path,
          message: "A text block must be included when using documents.",
        };
      }
    },
  },
  {
    id: "document-text-source",
    reference: "https://github.com/strands-agents/harness-sdk/pull/3582",
    repair: "Set citations.enabled to true, or pass the document as bytes.",
    *check({ messages }) {
      for (const { path, value } of documentsIn(messages)) {
        const { source, citations } = recordOf(value);
        const { text, content } = recordOf(source);
        if ((text == null && content == null) || recordOf(citations)["enabled"] === true) continue;
        yield {
          path: `${path}.document.source`,
          message: `DocumentSource object at ${path}.document.source must set one of the following keys: bytes, s3Location.`,
        };
      }
    },
  },
  {
    id: "images-too-many",
    reference: "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Message.html",
    repair: "Spread the images over several messages.",
    *check({ messages }) {
      for (const { blocks } of messages) {
        const surplus = blocks.filter(({ name }) => name === "image")[MAX_IMAGES];
        if (surplus === undefined) continue;
        yield {
          path: surplus.path,
          message: `You can't include more than ${MAX_IMAGES} images in a message.`,
        };
      }
    },
  },
];

/** Every document of the request, those in tool results included. */
function documentsIn(messages: readonly MessageView[]): BlockView[] {
  return blocksOf(messages).flatMap((block) => {
    if (block.name === "document") return [block];
    if (block.name !== "toolResult") return [];
    const parts = toBlockViews(
      recordOf(block.value)["content"],
      `${block.path}.toolResult.content`,
    );
    return parts.filter(({ name }) => name === "document");
  });
}
