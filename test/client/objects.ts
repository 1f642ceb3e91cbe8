// What the tests of `invokeObject` share: a model that answers by the list, and models of each kind.

import type { TestContext } from "node:test";
import type { BedrockLLM, BedrockLLMOptions } from "../../src/index.ts";
import {
  type LocalModelRequest,
  type LocalReply,
  startLocalBedrock,
} from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";

/** Real ids of each kind, by what the table of models says. */
export const NATIVE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
export const FORCED = "us.anthropic.claude-sonnet-5";
export const UNFORCED = "us.anthropic.claude-opus-5-5";

export const PERSON = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
} as const;

export const ADA = { name: "Ada", age: 36 };

/** What a model answers: a reply, or what makes one of the request. */
export type Step = LocalReply | ((request: LocalModelRequest) => LocalReply);

/** A client, and what its model was asked. */
export interface Scene {
  readonly llm: BedrockLLM;
  readonly asked: LocalModelRequest[];
}

/** Plays a model that answers one step after the other, the last one for ever. */
export async function playModel(
  context: TestContext,
  steps: readonly Step[],
  options: BedrockLLMOptions = {},
): Promise<Scene> {
  const asked: LocalModelRequest[] = [];
  const local = await startLocalBedrock({
    model: (request) => {
      asked.push(request);
      const step = steps[Math.min(asked.length, steps.length) - 1] ?? "";
      return typeof step === "function" ? step(request) : step;
    },
  });
  context.after(() => local.close());
  return { llm: testClient(context, local.url, options), asked };
}

/** A call of the tool that takes the answer, by whichever name it was offered last. */
export function call(input: unknown): Step {
  return ({ toolConfig }) => ({
    content: [{ toolUse: { toolUseId: "t1", name: ourTool(toolConfig), input } }],
    stopReason: "tool_use",
  });
}

function ourTool(toolConfig: LocalModelRequest["toolConfig"]): string {
  return toolConfig?.tools.at(-1)?.toolSpec?.name ?? "none was offered";
}

/** What the model was told in words. */
export function systemOf(request: LocalModelRequest | undefined): string {
  return (request?.system ?? []).map(({ text }) => text).join("\n");
}
