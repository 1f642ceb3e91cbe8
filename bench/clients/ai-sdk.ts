// Vercel's AI SDK with its provider for Bedrock.

import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { generateText, type ModelMessage, streamText } from "ai";
import type { BenchClient, Target } from "./client.ts";

/** Makes a client with the defaults of the packages. */
export function create({ url, modelId, region, credentials }: Target): BenchClient<ModelMessage[]> {
  const model = createAmazonBedrock({ baseURL: url, region, ...credentials })(modelId);
  const maxOutputTokens = 4096;
  return {
    prepare: (turns) =>
      turns.map(({ role, text, png }): ModelMessage => {
        if (role === "assistant") return { role, content: [{ type: "text", text }] };
        const words = { type: "text" as const, text };
        const image = png && { type: "image" as const, image: png, mediaType: "image/png" };
        return { role, content: image === undefined ? [words] : [words, image] };
      }),
    invoke: async (messages) => (await generateText({ model, messages, maxOutputTokens })).text,
    async stream(messages, onFirst) {
      let text = "";
      for await (const piece of streamText({ model, messages, maxOutputTokens }).textStream) {
        if (text === "") onFirst?.();
        text += piece;
      }
      return text;
    },
  };
}
