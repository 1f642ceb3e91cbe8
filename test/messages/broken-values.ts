// Requests whose values miss the service model, and wrong parameters.

import type { BrokenRequest } from "./broken-requests.ts";
import {
  asking,
  assistant,
  image,
  saying,
  text,
  tool,
  UNKNOWN_MODEL,
  user,
} from "./request-parts.ts";

const PROMPT_ARN = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDE12345:3";

const BLOCK_KEYS =
  "text, image, document, video, audio, toolUse, toolResult, guardContent, cachePoint, reasoningContent, citationsContent, searchResult, toolAddition, toolRemoval";

const wrongType = (path: string, expected: string): [string, string] => [
  path,
  `The format of the value at ${path} is invalid. Provide ${expected} for the field and try again.`,
];

const constraint = (path: string, at: string, demand: string): [string, string] => [
  path,
  `Value ${at} failed to satisfy constraint: ${demand}`,
];

export const BROKEN_VALUES: readonly BrokenRequest[] = [
  {
    title: "content that is a text",
    rule: "wrong-type",
    request: saying({ role: "user", content: "Hello" }),
    issues: [wrongType("messages.0.content", "a list")],
  },
  {
    title: "values of the wrong JSON type",
    rule: "wrong-type",
    request: asking({
      inferenceConfig: { maxTokens: 1.5, temperature: "hot", stopSequences: [1] },
      system: "Be brief.",
    }),
    issues: [
      wrongType("inferenceConfig.maxTokens", "an integer"),
      wrongType("inferenceConfig.temperature", "a number"),
      wrongType("inferenceConfig.stopSequences.0", "a string"),
      wrongType("system", "a list"),
    ],
  },
  {
    title: "bytes that are not base64",
    rule: "wrong-type",
    request: saying(user({ image: { format: "png", source: { bytes: "not base64!" } } })),
    issues: [wrongType("messages.0.content.0.image.source.bytes", "base64-encoded bytes")],
  },
  {
    title: "a message without content and a tool without a name",
    rule: "missing-member",
    request: asking({
      messages: [{ role: "user" }],
      toolConfig: { tools: [{ toolSpec: { inputSchema: { json: { type: "object" } } } }] },
    }),
    issues: [
      constraint(
        "messages.0.content",
        "null at 'messages.1.member.content'",
        "Member must not be null",
      ),
      constraint(
        "toolConfig.tools.0.toolSpec.name",
        "null at 'toolConfig.tools.1.member.toolSpec.name'",
        "Member must not be null",
      ),
    ],
  },
  {
    title: "a role nobody has",
    rule: "unknown-value",
    request: saying(user(text()), { role: "tool", content: [text()] }),
    issues: [
      constraint(
        "messages.1.role",
        "'tool' at 'messages.2.member.role'",
        "Member must satisfy enum value set: [user, assistant, system]",
      ),
    ],
  },
  {
    title: "a tool name with a dot",
    rule: "text-pattern",
    request: asking({ toolConfig: { tools: [tool("files.read")] } }),
    issues: [
      constraint(
        "toolConfig.tools.0.toolSpec.name",
        "'files.read' at 'toolConfig.tools.1.member.toolSpec.name'",
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+",
      ),
    ],
  },
  {
    title: "metadata with a character that is not allowed",
    rule: "text-pattern",
    request: asking({ requestMetadata: { team: "münster" } }),
    issues: [
      constraint(
        "requestMetadata.team",
        "'münster' at 'requestMetadata.team'",
        "Member must satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{0,256}",
      ),
    ],
  },
  {
    title: "an empty description and an overlong name, which is not shown",
    rule: "text-length",
    request: asking({
      toolConfig: {
        tools: [
          { toolSpec: { name: "a", description: "", inputSchema: { json: { type: "object" } } } },
          tool("a".repeat(65)),
        ],
      },
    }),
    issues: [
      constraint(
        "toolConfig.tools.0.toolSpec.description",
        "'' at 'toolConfig.tools.1.member.toolSpec.description'",
        "Member must have length greater than or equal to 1",
      ),
      constraint(
        "toolConfig.tools.1.toolSpec.name",
        "at 'toolConfig.tools.2.member.toolSpec.name'",
        "Member must have length less than or equal to 64",
      ),
    ],
  },
  {
    title: "no bytes at all",
    rule: "text-length",
    request: saying(user({ image: { format: "png", source: { bytes: new Uint8Array() } } })),
    issues: [
      constraint(
        "messages.0.content.0.image.source.bytes",
        "at 'messages.1.member.content.1.member.image.source.bytes'",
        "Member must have length greater than or equal to 1",
      ),
    ],
  },
  {
    title: "numbers out of range",
    rule: "number-range",
    request: asking({
      modelId: UNKNOWN_MODEL,
      inferenceConfig: { maxTokens: 0, temperature: 1.5, topP: -0.1 },
    }),
    issues: [
      constraint(
        "inferenceConfig.maxTokens",
        "'0' at 'inferenceConfig.maxTokens'",
        "Member must have value greater than or equal to 1",
      ),
      constraint(
        "inferenceConfig.temperature",
        "'1.5' at 'inferenceConfig.temperature'",
        "Member must have value less than or equal to 1",
      ),
      constraint(
        "inferenceConfig.topP",
        "'-0.1' at 'inferenceConfig.topP'",
        "Member must have value greater than or equal to 0",
      ),
    ],
  },
  {
    title: "no tools in toolConfig, and too many stop sequences",
    rule: "list-length",
    request: asking({
      toolConfig: { tools: [] },
      inferenceConfig: { stopSequences: Array.from({ length: 2501 }, () => "x") },
    }),
    issues: [
      constraint(
        "toolConfig.tools",
        "at 'toolConfig.tools'",
        "Member must have length greater than or equal to 1",
      ),
      constraint(
        "inferenceConfig.stopSequences",
        "at 'inferenceConfig.stopSequences'",
        "Member must have length less than or equal to 2500",
      ),
    ],
  },
  {
    title: "metadata without an entry",
    rule: "map-entries",
    request: asking({ requestMetadata: {} }),
    issues: [
      constraint(
        "requestMetadata",
        "at 'requestMetadata'",
        "Member must have length greater than or equal to 1",
      ),
    ],
  },
  {
    title: "metadata with a key that is not allowed",
    rule: "map-entries",
    request: asking({ requestMetadata: { "team!": "a" } }),
    issues: [
      constraint(
        "requestMetadata",
        "at 'requestMetadata'",
        "Map keys must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [a-zA-Z0-9\\s:_@$#=/+,-.]{1,256}]",
      ),
    ],
  },
  {
    title: "a block without a member",
    rule: "empty-union",
    request: saying(user(text(), {})),
    issues: [
      [
        "messages.0.content.1",
        `ContentBlock object at messages.0.content.1 must set one of the following keys: ${BLOCK_KEYS}.`,
      ],
    ],
  },
  {
    title: "a block with two members",
    rule: "several-union-members",
    request: saying(user({ ...text(), ...image() })),
    issues: [
      [
        "messages.0.content.0",
        `ContentBlock object at messages.0.content.0 must set only one of the following keys: ${BLOCK_KEYS}.`,
      ],
    ],
  },
  {
    title: "a model id with a blank",
    rule: "model-id",
    request: asking({ modelId: "claude haiku" }),
    issues: [["modelId", "The provided model identifier is invalid."]],
  },
  {
    title: "a prompt with a system text beside it",
    rule: "prompt-fields",
    request: { modelId: PROMPT_ARN, system: [text()] },
    issues: [
      [
        "system",
        "The system field can't be set when the modelId is a prompt. Remove the field and try again.",
      ],
    ],
  },
  {
    title: "a path that is no JSON Pointer",
    rule: "response-field-path",
    request: asking({ additionalModelResponseFieldPaths: ["/stop_sequence", "stop_sequence"] }),
    issues: [
      [
        "additionalModelResponseFieldPaths.1",
        "The value at additionalModelResponseFieldPaths.1 is not a valid JSON Pointer.",
      ],
    ],
  },
  {
    title: "an output schema that is no JSON",
    rule: "output-schema-json",
    request: asking({
      outputConfig: {
        textFormat: { type: "json_schema", structure: { jsonSchema: { schema: "{type:" } } },
      },
    }),
    issues: [wrongType("outputConfig.textFormat.structure.jsonSchema.schema", "a json object")],
  },
  {
    title: "a final answer that ends in a blank",
    rule: "trailing-white-space",
    request: saying(user(text()), assistant(text("The answer is "))),
    issues: [
      [
        "messages.1.content.0.text",
        "The model returned the following errors: messages: final assistant content cannot end with trailing whitespace",
      ],
    ],
  },
];
