// What the two clients of the AWS SDK share: they differ in the handler of requests alone.

import {
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  type Message,
} from "@aws-sdk/client-bedrock-runtime";
import type { BenchClient } from "./client.ts";

/** Asks through the commands of the AWS SDK. */
export function createConverse(
  client: BedrockRuntimeClient,
  modelId: string,
): BenchClient<Message[]> {
  const inputOf = (messages: Message[]) => ({
    modelId,
    messages,
    inferenceConfig: { maxTokens: 4096 },
  });
  return {
    prepare: (turns) =>
      turns.map(({ role, text, png }): Message => {
        const image = png && { image: { format: "png" as const, source: { bytes: png } } };
        return { role, content: image === undefined ? [{ text }] : [{ text }, image] };
      }),
    async invoke(messages) {
      const { output } = await client.send(new ConverseCommand(inputOf(messages)));
      return output?.message?.content?.map(({ text }) => text ?? "").join("") ?? "";
    },
    async stream(messages, onFirst) {
      const { stream } = await client.send(new ConverseStreamCommand(inputOf(messages)));
      let text = "";
      for await (const event of stream ?? []) {
        const piece = event.contentBlockDelta?.delta?.text;
        if (piece === undefined) continue;
        if (text === "") onFirst?.();
        text += piece;
      }
      return text;
    },
  };
}
