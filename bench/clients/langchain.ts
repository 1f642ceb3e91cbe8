// LangChain's chat model for Converse.

import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { ChatBedrockConverse } from "@langchain/aws";
import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { BenchClient, Target } from "./client.ts";

/** Makes a client with the defaults of the packages. */
export function create({
  url,
  modelId: model,
  region,
  credentials,
}: Target): BenchClient<BaseMessage[]> {
  // The only way to name an endpoint in the clear; what it makes itself is no other client.
  const client = new BedrockRuntimeClient({ endpoint: url, region, credentials });
  const chat = new ChatBedrockConverse({ model, client, region, credentials, maxTokens: 4096 });
  return {
    prepare: (turns) =>
      turns.map(({ role, text, png }) => {
        if (role === "assistant") return new AIMessage(text);
        if (png === undefined) return new HumanMessage(text);
        // Converse's own form, which is passed on as it is: a data URL would be the slower way.
        const image = { format: "png", source: { bytes: png } };
        return new HumanMessage({
          content: [
            { type: "text", text },
            { type: "image", image },
          ],
        });
      }),
    invoke: async (messages) => (await chat.invoke(messages)).text,
    async stream(messages, onFirst) {
      let text = "";
      for await (const chunk of await chat.stream(messages)) {
        if (chunk.text === "") continue;
        if (text === "") onFirst?.();
        text += chunk.text;
      }
      return text;
    },
  };
}
