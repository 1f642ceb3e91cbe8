// What the check is told beside the request, and what it takes from its ends: prompts that come
// before the messages, turns of the provider's that go on, values nobody is to see.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findIssues, refusalOf } from "../../src/messages/check-request.ts";
import { normalizeFor } from "../../src/messages/normalize.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import * as normalized from "./normalized.ts";
import {
  asking,
  assistant,
  cachePoint,
  text,
  tool,
  toolResult,
  toolUse,
  user,
} from "./request-parts.ts";
import { spoiledRequest } from "./spoiled-requests.ts";

const PROMPT_ARN = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDE12345:3";

describe("messages after those of a prompt", () => {
  test("may begin with the assistant, and speak of tools that the prompt has", () => {
    const messages = [assistant(text("Hm."), toolUse("1")), user(toolResult("1", text("3")))];
    assert.deepEqual(findIssues({ modelId: PROMPT_ARN, messages }), []);
    assert.deepEqual(
      findIssues({ modelId: "us.test.model-v1:0", messages }).map(({ rule }) => rule),
      ["first-message-user", "tool-config-missing"],
    );
  });

  test("get no first user message, and nothing is told", () => {
    const history = [
      normalized.assistant(normalized.text("Hm.")),
      normalized.user(normalized.text("q")),
    ];
    const told: string[] = [];
    const target = {
      traits: {},
      names: new WireNames({}),
      report: ({ rule }: { rule: string }) => told.push(rule),
    };
    assert.deepEqual(normalizeFor(history, { ...target, continuesPrompt: true }), history);
    assert.deepEqual(told, []);
    assert.equal(normalizeFor(history, target).length, 3);
    assert.deepEqual(told, ["first-message-user"]);
  });
});

describe("an assistant message at the end", () => {
  const prefillOf = (...content: unknown[]): string[] =>
    findIssues(
      asking({
        modelId: "us.anthropic.claude-opus-4-7",
        messages: [user(text()), assistant(...content)],
        toolConfig: { tools: [tool()] },
      }),
    ).map(({ rule }) => rule);
  const call = { toolUse: { toolUseId: "1", name: "search", input: {}, type: "server_tool_use" } };
  const found = { toolResult: { toolUseId: "1", content: [], type: "server_tool_result" } };

  test("that ends in the result of a provider's tool is to be continued", () => {
    assert.deepEqual(prefillOf(call, found), []);
    assert.deepEqual(prefillOf(call, found, cachePoint()), []);
  });

  test("that says more is a prefill", () => {
    assert.deepEqual(prefillOf(call, found, text("So")), ["prefill-refused"]);
  });
});

describe("values that nobody is to see", () => {
  const request = asking({
    requestMetadata: { a: "s3cr3t!" },
    inferenceConfig: { maxTokens: 0, stopSequences: [""] },
    messages: [user({ image: { format: "s3cr3t", source: { s3Location: { uri: "s3cr3t" } } } })],
    toolConfig: { tools: [{ toolSpec: { inputSchema: { json: { type: "object" } } } }] },
  });

  test("are left out of what is said of constraints, and nothing else is", () => {
    const shown = findIssues(request);
    const hidden = findIssues(request, { hidesValues: true });
    assert.ok(refusalOf(shown)?.includes("Value 's3cr3t!' at 'requestMetadata.a' failed"));
    assert.ok(
      refusalOf(hidden)?.includes("Value at 'requestMetadata.a' failed to satisfy constraint:"),
    );
    assert.ok(refusalOf(hidden)?.includes("Value at 'inferenceConfig.maxTokens' failed"));
    assert.ok(
      refusalOf(hidden)?.includes("Value null at 'toolConfig.tools.1.member.toolSpec.name'"),
    );
    assert.ok(!JSON.stringify(hidden).includes("s3cr3t"));
    assert.deepEqual(
      hidden.map(({ message, ...rest }) => rest),
      shown.map(({ message, ...rest }) => rest),
    );
  });

  test("are in no such message of any request", () => {
    fc.assert(
      fc.property(spoiledRequest, (spoiled) => {
        for (const { message } of findIssues(spoiled, { hidesValues: true })) {
          assert.doesNotMatch(message, /^Value (?!at |null at )/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
