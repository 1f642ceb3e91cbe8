// Documents, images and cache points that Bedrock refuses.

import type { BrokenRequest } from "./broken-requests.ts";
import {
  asking,
  assistant,
  cachePoint,
  document,
  image,
  reasoning,
  saying,
  text,
  tool,
  toolResult,
  toolUse,
  UNKNOWN_MODEL,
  user,
  usingTools,
} from "./request-parts.ts";

const NAME =
  "The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets. The name can't contain more than one consecutive whitespace character. Check that the file name conforms to these restrictions and retry your request.";

const NOTHING_TO_CACHE =
  "There is nothing available to cache. Please remove the invalid cache point and try again.";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const GIF = Uint8Array.of(0x47, 0x49, 0x46, 0x38, 0x39, 0x61);

const imageOf = (format: string, bytes: Uint8Array) => ({ image: { format, source: { bytes } } });

export const BROKEN_MEDIA: readonly BrokenRequest[] = [
  {
    title: "document names with a dot, and with two blanks in a row",
    rule: "document-name",
    request: saying(
      user(text(), document("report.pdf"), document("a  b"), document("a_b (1) [x]")),
    ),
    issues: [
      ["messages.0.content.1.document.name", NAME],
      ["messages.0.content.2.document.name", NAME],
    ],
  },
  {
    title: "one document name twice, in another case and in a tool result",
    rule: "document-name-duplicate",
    request: asking({
      messages: [
        user(text(), document("Report")),
        assistant({ toolUse: { toolUseId: "a", name: "get_weather", input: {} } }),
        user({ toolResult: { toolUseId: "a", content: [document("report")] } }),
      ],
      toolConfig: { tools: [tool()] },
    }),
    issues: [
      [
        "messages.2.content.0.toolResult.content.0.document.name",
        "Messages can't contain duplicate document names. Rename the document and retry your request.",
      ],
    ],
  },
  {
    title: "six documents",
    rule: "documents-too-many",
    request: saying(user(text(), ...["a", "b", "c", "d", "e", "f"].map((name) => document(name)))),
    issues: [["messages.0.content.6", "You can't include more than 5 documents in a request."]],
  },
  {
    title: "a document without a word beside it",
    rule: "document-without-text",
    request: saying(user(document("a"))),
    issues: [["messages.0.content.0", "A text block must be included when using documents."]],
  },
  {
    title: "a document of plain text without citations",
    rule: "document-text-source",
    request: asking({
      modelId: UNKNOWN_MODEL,
      messages: [
        user(
          text(),
          document("a", { source: { text: "Plain." } }),
          document("b", { source: { text: "Plain." }, citations: { enabled: true } }),
        ),
      ],
    }),
    issues: [
      [
        "messages.0.content.1.document.source",
        "DocumentSource object at messages.0.content.1.document.source must set one of the following keys: bytes, s3Location.",
      ],
    ],
  },
  {
    title: "twenty-one images",
    rule: "images-too-many",
    request: saying(user(...Array.from({ length: 21 }, image))),
    issues: [["messages.0.content.20", "You can't include more than 20 images in a message."]],
  },
  {
    title: "an image, a document and a video that are too large",
    rule: "media-size",
    request: saying(
      user(
        text(),
        { image: { format: "png", source: { bytes: new Uint8Array(3_932_161) } } },
        { image: { format: "png", source: { bytes: new Uint8Array(3_932_160) } } },
        document("a", { source: { bytes: new Uint8Array(4_718_593) } }),
        document("b", { source: { bytes: new Uint8Array(4_718_592) } }),
        { video: { format: "mp4", source: { bytes: new Uint8Array(26_214_400) } } },
      ),
    ),
    issues: [
      [
        "messages.0.content.1.image.source.bytes",
        "The model returned the following errors: messages.0.content.1.image.source.bytes: image exceeds 5 MB maximum: 5242884 bytes > 5242880 bytes",
      ],
      [
        "messages.0.content.3.document.source.bytes",
        "The maximum document size is 4.5 MB. Reduce the size of your document and retry your request.",
      ],
      [
        "messages.0.content.5.video.source.bytes",
        "The maximum video size is 25 MB. Reduce the size of your video and retry your request.",
      ],
    ],
  },
  {
    title: "images under a wrong name, one of them in a tool result",
    rule: "image-format",
    request: usingTools(
      user(text(), imageOf("png", PNG), imageOf("jpeg", PNG)),
      assistant(toolUse("a")),
      user(toolResult("a", imageOf("webp", GIF), imageOf("gif", GIF))),
    ),
    issues: [
      [
        "messages.0.content.2.image.format",
        "The model returned the following errors: messages.0.content.2.image.source.bytes: The image was specified using the image/jpeg media type, but the image appears to be a image/png image",
      ],
      [
        "messages.2.content.0.toolResult.content.0.image.format",
        "The model returned the following errors: messages.2.content.0.toolResult.content.0.image.source.bytes: The image was specified using the image/webp media type, but the image appears to be a image/gif image",
      ],
    ],
  },
  {
    title: "five cache points over tools, system and messages",
    rule: "cache-points-too-many",
    request: asking({
      toolConfig: { tools: [tool(), cachePoint()] },
      system: [text(), cachePoint()],
      messages: [user(text(), cachePoint(), text(), cachePoint(), text(), cachePoint())],
    }),
    issues: [
      [
        "messages.0.content.5",
        "The model returned the following errors: A maximum of 4 blocks with cache_control may be provided. Found 5.",
      ],
    ],
  },
  {
    title: "a cache point before anything",
    rule: "cache-point-first",
    request: saying(user(cachePoint(), text())),
    issues: [["messages.0.content.0", NOTHING_TO_CACHE]],
  },
  {
    title: "a cache point after reasoning",
    rule: "cache-point-after-reasoning",
    request: saying(user(text()), assistant(reasoning(), cachePoint(), text())),
    issues: [
      [
        "messages.1.content.1",
        "Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.",
      ],
    ],
  },
  {
    title: "a cache point after a table, but not after a PDF",
    rule: "cache-point-after-document",
    request: saying(
      user(text(), document("a"), cachePoint(), document("b", { format: "csv" }), cachePoint()),
    ),
    issues: [
      [
        "messages.0.content.4",
        "The model returned the following errors: messages.0.content.4.type: Field required",
      ],
    ],
  },
  {
    title: "a cache point of one hour after one of five minutes",
    rule: "cache-ttl-order",
    request: asking({
      system: [text(), cachePoint()],
      messages: [user(text(), cachePoint("1h"))],
    }),
    issues: [
      [
        "messages.0.content.1",
        "The model returned the following errors: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
      ],
    ],
  },
];
