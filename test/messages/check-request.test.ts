import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blockingIssues,
  checkRequest,
  findIssues,
  refusalOf,
} from "../../src/messages/check-request.ts";
import {
  asking,
  assistant,
  cachePoint,
  saying,
  text,
  tool,
  toolResult,
  toolUse,
  UNKNOWN_MODEL,
  user,
  usingTools,
} from "./request-parts.ts";

const MODEL_IDS = [
  "anthropic.claude-opus-4-7",
  "us.anthropic.claude-haiku-4-5-20251001-v1:0",
  "amazon.nova-pro-v1:0:300k",
  "my_imported-Model",
  "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
  "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.anthropic.claude-x",
  "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123",
  "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghij12",
  "arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1",
  "arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint",
];

test("a conversation looked at by itself needs no tools beside it", () => {
  const messages = [user(text()), assistant(toolUse("1")), user(toolResult("1"))];
  assert.deepEqual(findIssues({ messages }), []);
  const [issue] = findIssues({ modelId: "us.test.model-v1:0", messages });
  assert.equal(issue?.rule, "tool-config-missing");
});

test("members that the service model does not have are ignored, as Bedrock ignores them", () => {
  const message = { ...user({ ...text(), newer: 1 }), name: "Bob" };
  assert.deepEqual(findIssues({ messages: [message], max_tokens: 5 }), []);
});

test("a request with everything in it that Bedrock takes has no issues", () => {
  const issues = checkRequest({
    modelId: UNKNOWN_MODEL,
    system: [{ text: "Be brief." }, { cachePoint: { type: "default", ttl: "1h" } }],
    messages: [
      {
        role: "user",
        content: [
          { text: "Look at these." },
          { image: { format: "png", source: { bytes: Uint8Array.of(1) } } },
          { image: { format: "png", source: { s3Location: { uri: "s3://bucket/a\nb.png" } } } },
          {
            document: {
              format: "txt",
              name: "Report (1)",
              source: { text: "Plain." },
              citations: { enabled: true },
            },
          },
          { guardContent: { text: { text: "What?", qualifiers: ["query"] } } },
          { cachePoint: { type: "default" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { reasoningContent: { reasoningText: { text: " thinking ", signature: "s" } } },
          { reasoningContent: { redactedContent: Uint8Array.of(1) } },
          { text: " I will call. " },
          { toolUse: { toolUseId: "tooluse_1", name: "get_weather", input: { city: "Oslo" } } },
          {
            toolUse: {
              toolUseId: "server_1",
              name: "nova_grounding",
              input: {},
              type: "server_tool_use",
            },
          },
          { toolResult: { toolUseId: "server_1", content: [{ text: "found" }], type: "web" } },
        ],
      },
      {
        role: "user",
        content: [
          { toolResult: { toolUseId: "tooluse_1", content: [{ json: { degrees: 3 } }] } },
          { text: "And now?" },
        ],
      },
      { role: "assistant", content: [{ text: "It is" }] },
    ],
    toolConfig: {
      tools: [
        {
          toolSpec: {
            name: "get_weather",
            description: "Weather",
            inputSchema: { json: { type: "object" } },
          },
        },
        { systemTool: { name: "nova_grounding" } },
        { cachePoint: { type: "default", ttl: "1h" } },
      ],
      toolChoice: { tool: { name: "get_weather" } },
    },
    inferenceConfig: { maxTokens: 1, temperature: 0, topP: 1, stopSequences: ["\n\n"] },
    guardrailConfig: { guardrailIdentifier: "abc123", guardrailVersion: "DRAFT", trace: "enabled" },
    additionalModelRequestFields: { top_k: 5 },
    additionalModelResponseFieldPaths: ["/stop_sequence", "/a~1b/0"],
    requestMetadata: { team: "search: 1" },
    performanceConfig: { latency: "standard" },
    serviceTier: { type: "default" },
    outputConfig: { effort: "low" },
  });
  assert.deepEqual(issues, []);
});

test("every form of model id is taken", () => {
  for (const modelId of MODEL_IDS) assert.deepEqual(findIssues(asking({ modelId })), [], modelId);
});

test("a prompt brings its own messages", () => {
  const modelId = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDE12345:3";
  assert.deepEqual(findIssues({ modelId, promptVariables: { city: { text: "Oslo" } } }), []);
});

test("a request may be checked before its model is chosen", () => {
  assert.deepEqual(findIssues({ messages: [user(text())] }), []);
});

test("members that are null or undefined count as absent", () => {
  const request = saying(user({ text: "Hello", image: undefined, document: null }));
  assert.deepEqual(findIssues({ ...request, system: undefined, toolConfig: null }), []);
});

test("a member newer than the service model is taken in the form the SDK gives it", () => {
  assert.deepEqual(findIssues(saying(user(text(), { $unknown: ["hologram", {}] }))), []);
});

test("a block of no place is that, and counts as nothing else", () => {
  const request = usingTools(
    user(text()),
    assistant(toolUse("a"), { json: [] }),
    user(toolResult("a", ...Array.from({ length: 5 }, () => cachePoint()))),
  );
  assert.deepEqual(
    findIssues(request).map(({ rule }) => rule),
    Array.from({ length: 6 }, () => "empty-union"),
  );
});

test("a format of an image nobody knows is that, and no contradiction", () => {
  const bytes = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  const issues = findIssues(saying(user({ image: { format: "jpg", source: { bytes } } })));
  assert.deepEqual(
    issues.map(({ rule }) => rule),
    ["unknown-value"],
  );
});

test("an issue says what to do about it", () => {
  assert.deepEqual(checkRequest({ messages: [{ role: "user", content: [{ text: " " }] }] }), [
    {
      path: "messages.0.content.0.text",
      rule: "text-blank",
      message:
        "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.",
      repair: "Leave the block out; a space in its place is refused too.",
    },
  ]);
});

test("every violation is found, in the order in which Bedrock looks", () => {
  const request = {
    messages: [user(text(" ")), user(toolUse("a"), {})],
    inferenceConfig: { maxTokens: 0 },
    toolConfig: { tools: [tool(), tool()] },
  };
  assert.deepEqual(
    findIssues(request).map(({ rule }) => rule),
    [
      "number-range",
      "empty-union",
      "roles-alternate",
      "text-blank",
      "tool-names-duplicate",
      "tool-block-role",
    ],
  );
});

test("Bedrock reports the first issue, and constraints of the service model all together", () => {
  assert.equal(refusalOf([]), undefined);
  assert.equal(
    refusalOf(findIssues(saying(user(text(" ")), user(text())))),
    "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.",
  );
  assert.equal(
    refusalOf(findIssues(asking({ inferenceConfig: { maxTokens: 0 } }))),
    "1 validation error detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1",
  );
  assert.equal(
    refusalOf(findIssues(asking({ toolConfig: { tools: [tool("")] } }))),
    "2 validation errors detected: Value '' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+; Value '' at 'toolConfig.tools.1.member.toolSpec.name' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

test("limits that AWS widens are told, and no reason not to send", () => {
  const request = asking({
    modelId: "my model",
    messages: [{ role: "narrator", content: [text(" ")] }],
    inferenceConfig: { maxTokens: 5 },
  });
  const issues = findIssues(request, { traits: { maxOutput: 4 } });
  assert.deepEqual(
    issues.map(({ rule }) => rule),
    ["unknown-value", "model-id", "text-blank", "max-tokens-ceiling"],
  );
  assert.deepEqual(
    blockingIssues(issues).map(({ rule }) => rule),
    ["text-blank"],
  );
});

test("the result of a call that the provider ran stays beside its call", () => {
  const call = (type?: string) => ({
    toolUse: { toolUseId: "1", name: "nova_grounding", input: {}, ...(type && { type }) },
  });
  const found = (call: unknown) =>
    findIssues({ messages: [user(text()), assistant(call, toolResult("1", text()))] }).map(
      ({ rule }) => rule,
    );
  assert.deepEqual(found(call("server_tool_use")), []);
  assert.ok(found(call()).includes("tool-block-role"));
});

test("an alias is checked as the model it stands for", () => {
  const request = asking({ modelId: "complex", inferenceConfig: { temperature: 0 } });
  assert.deepEqual(
    findIssues(request).map(({ rule }) => rule),
    ["sampling-refused"],
  );
});
