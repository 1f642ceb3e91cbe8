// dcaf as a user installs it: from the folder of its package.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BedrockLLM, MessageInput } from "dcaf";
import type { BenchClient, Target } from "./client.ts";

async function load({ dcafFolder }: Target): Promise<typeof import("dcaf")> {
  const entry = pathToFileURL(join(dcafFolder, "dist", "index.js")).href;
  return (await import(entry)) as typeof import("dcaf");
}

/** The client itself, with the defaults of the package. */
export async function createLlm(target: Target): Promise<BedrockLLM> {
  const { url: endpoint, modelId, region, credentials } = target;
  const { BedrockLLM: Client } = await load(target);
  return new Client({ endpoint, modelId, region, credentials });
}

/** Makes a client with the defaults of the package. */
export async function create(target: Target): Promise<BenchClient<MessageInput[]>> {
  const llm = await createLlm(target);
  const { textOf } = await load(target);
  return {
    prepare: (turns) =>
      turns.map(({ role, text, png }) => ({
        role,
        content:
          png === undefined
            ? [{ text }]
            : [{ text }, { image: { format: "png", source: { bytes: png } } }],
      })),
    invoke: async (messages) => textOf(await llm.invoke({ messages })),
    async stream(messages, onFirst) {
      let text = "";
      for await (const piece of llm.invokeStream({ messages }).text()) {
        if (text === "") onFirst?.();
        text += piece;
      }
      return text;
    },
  };
}
