import assert from "node:assert/strict";
import { test } from "node:test";
import { findIssues } from "../../src/messages/check-request.ts";
import { learnRefusal } from "../../src/models/learn-refusal.ts";
import { BROKEN_MODEL_MESSAGES } from "./broken-model-messages.ts";
import { BROKEN_MODEL_PARAMETERS } from "./broken-model-parameters.ts";
import { BROKEN_MODEL_THINKING } from "./broken-model-thinking.ts";
import { BROKEN_REQUESTS } from "./broken-requests.ts";
import {
  asking,
  assistant,
  cachePoint,
  document,
  image,
  reasoning,
  text,
  tool,
  toolResult,
  toolUse,
  UNKNOWN_MODEL,
  user,
} from "./request-parts.ts";

const BROKEN_FOR_MODELS = [
  ...BROKEN_MODEL_PARAMETERS,
  ...BROKEN_MODEL_THINKING,
  ...BROKEN_MODEL_MESSAGES,
];

const BUDGET = { thinking: { type: "enabled", budget_tokens: 4096 } };

const tools = { tools: [tool()], toolChoice: { any: {} } };

/** A tool loop of a model that thinks. */
const loop = [
  user(text()),
  assistant(reasoning(), toolUse("a-1")),
  user(toolResult("a-1", text())),
];

const ACCEPTED: readonly (readonly [title: string, request: Record<string, unknown>])[] = [
  [
    "Claude Haiku 4.5 that thinks within a budget in a tool loop",
    {
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      messages: loop,
      toolConfig: { tools: [tool()], toolChoice: { auto: {} } },
      inferenceConfig: { maxTokens: 4097, temperature: 1 },
      additionalModelRequestFields: BUDGET,
    },
  ],
  [
    "Claude Haiku 4.5 whose thinking comes between its calls",
    {
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      inferenceConfig: { maxTokens: 1024, topP: 0.95 },
      additionalModelRequestFields: {
        ...BUDGET,
        anthropic_beta: ["interleaved-thinking-2025-05-14"],
      },
    },
  ],
  [
    "Claude Haiku 4.5 that thinks about a new question after a loop without thinking",
    {
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      messages: [
        user(text()),
        assistant(toolUse("a")),
        user(toolResult("a", text())),
        assistant(text()),
        user(text()),
      ],
      toolConfig: { tools: [tool()] },
      inferenceConfig: { maxTokens: 8192 },
      additionalModelRequestFields: BUDGET,
    },
  ],
  [
    "Claude Opus 4.6 with a prefix to cache, an effort, a format and a strict tool",
    {
      modelId: "us.anthropic.claude-opus-4-6-v1",
      system: [text(), cachePoint("1h")],
      messages: [user(text(), document("a", { format: "csv" }), text(), cachePoint())],
      toolConfig: {
        tools: [
          {
            toolSpec: { name: "a-b", strict: true, inputSchema: { json: { type: "object" } } },
          },
          cachePoint("1h"),
        ],
        toolChoice: { any: {} },
      },
      inferenceConfig: { temperature: 0.5, stopSequences: ["\n\nHuman:"] },
      outputConfig: {
        effort: "high",
        textFormat: { type: "json_schema", structure: { jsonSchema: { schema: "{}" } } },
      },
      additionalModelRequestFields: { thinking: { type: "disabled" }, top_k: 5 },
    },
  ],
  [
    "Claude Opus 4.8 with a system message in the conversation and a forced call while it thinks",
    {
      modelId: "us.anthropic.claude-opus-4-8",
      messages: [
        user(text()),
        { role: "system", content: [text()] },
        { role: "system", content: [text()] },
        assistant(text()),
        user(text()),
        { role: "system", content: [text()] },
      ],
      toolConfig: tools,
      outputConfig: { effort: "xhigh" },
      additionalModelRequestFields: { thinking: { type: "adaptive" } },
    },
  ],
  [
    "Claude Opus 5.5, which always thinks, and is told so",
    {
      modelId: "us.anthropic.claude-opus-5-5",
      messages: loop,
      toolConfig: { tools: [tool()], toolChoice: { auto: {} } },
      additionalModelRequestFields: { thinking: { type: "adaptive" } },
    },
  ],
  [
    "Nova 2 whose code interpreter drew a picture",
    {
      modelId: "us.amazon.nova-2-lite-v1:0",
      messages: [
        user(text()),
        assistant(
          {
            toolUse: {
              toolUseId: "a",
              name: "nova_code_interpreter",
              input: {},
              type: "server_tool_use",
            },
          },
          { toolResult: { toolUseId: "a", content: [image()], type: "nova_code_interpreter" } },
          text(),
        ),
        user(text()),
      ],
      toolConfig: { tools: [{ systemTool: { name: "nova_code_interpreter" } }] },
    },
  ],
  [
    "Nova 2 at medium effort",
    {
      modelId: "us.amazon.nova-2-lite-v1:0",
      inferenceConfig: { maxTokens: 500, temperature: 0.5, topP: 0.5 },
      additionalModelRequestFields: {
        reasoningConfig: { type: "enabled", maxReasoningEffort: "medium" },
        inferenceConfig: { topK: 1 },
      },
    },
  ],
  [
    "an unknown model that is asked for anything",
    {
      modelId: UNKNOWN_MODEL,
      messages: [
        user(text()),
        assistant({ reasoningContent: { reasoningText: { text: "Hm." } } }, toolUse("a.b:c-1")),
        user(toolResult("a.b:c-1", text()), text()),
        assistant(text()),
      ],
      toolConfig: tools,
      inferenceConfig: { maxTokens: 10_000_000, temperature: 0.1, topP: 0.1, stopSequences: [" "] },
      outputConfig: { effort: "minimal" },
      additionalModelRequestFields: {
        thinking: { type: "enabled", budget_tokens: 1 },
        top_k: 5,
      },
    },
  ],
];

for (const [title, request] of ACCEPTED) {
  test(`nothing is wrong with ${title}`, () => {
    for (const operation of ["converse", "converse-stream"] as const) {
      assert.deepEqual(findIssues(asking(request), { operation }), []);
    }
  });
}

test("a model that hides behind an id is checked by the traits that are passed", () => {
  const modelId =
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghij12";
  for (const { request, context, rule } of BROKEN_FOR_MODELS) {
    const named = findIssues(request, context);
    if (context?.traits === undefined) {
      assert.deepEqual(findIssues({ ...request, modelId }, context), [], rule);
    }
    assert.deepEqual(findIssues(request, { ...context, traits: {} }), [], rule);
    assert.ok(named.every((issue) => issue.rule === rule));
  }
});

test("tools are refused in streams only", () => {
  const request = asking({
    modelId: "us.meta.llama4-maverick-17b-instruct-v1:0",
    toolConfig: { tools: [tool()] },
  });
  assert.deepEqual(findIssues(request), []);
  assert.deepEqual(findIssues(request, { operation: "converse" }), []);
});

test("what is learnt from a refusal finds the fault in the request that was refused", () => {
  let lessons = 0;
  for (const { request, context, issues } of BROKEN_REQUESTS) {
    for (const [, message] of issues) {
      const lesson = learnRefusal({ code: "ValidationException", message }, {});
      if (lesson === undefined) continue;
      lessons += 1;
      const found = findIssues(request, { ...context, traits: lesson.traits });
      assert.ok(
        found.some(({ rule }) => rule === lesson.rule),
        message,
      );
    }
  }
  assert.ok(lessons > 20);
});

test("a tool loop that began with thinking goes on without more of it", () => {
  const request = {
    modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    messages: [
      user(text()),
      assistant(
        { reasoningContent: { reasoningText: { text: "hm", signature: "s" } } },
        toolUse("a"),
      ),
      user(toolResult("a", text())),
      assistant(toolUse("b")),
      user(toolResult("b", text())),
    ],
    toolConfig: { tools: [tool()] },
    additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2000 } },
    inferenceConfig: { maxTokens: 4000 },
  };
  assert.deepEqual(findIssues(request), []);
});
