// Strands' model for Bedrock, below its agent: an agent would keep a history of its own.

import { BedrockModel, ImageBlock, Message, TextBlock } from "@strands-agents/sdk";
import type { BenchClient, Target } from "./client.ts";

/** Makes a client with the defaults of the package. */
export function create({ url, modelId, region, credentials }: Target): BenchClient<Message[]> {
  const clientConfig = { endpoint: url, credentials };
  const options = { modelId, region, clientConfig, maxTokens: 4096 };
  const whole = new BedrockModel({ ...options, stream: false });
  const streaming = new BedrockModel(options);

  async function read(model: BedrockModel, messages: Message[], onFirst?: () => void) {
    let text = "";
    for await (const event of model.stream(messages)) {
      if (event.type !== "modelContentBlockDeltaEvent" || event.delta.type !== "textDelta")
        continue;
      if (text === "") onFirst?.();
      text += event.delta.text;
    }
    return text;
  }

  return {
    prepare: (turns) =>
      turns.map(({ role, text, png }) => {
        const image = png && new ImageBlock({ format: "png", source: { bytes: png } });
        const words = new TextBlock(text);
        return new Message({ role, content: image === undefined ? [words] : [words, image] });
      }),
    invoke: (messages) => read(whole, messages),
    stream: (messages, onFirst) => read(streaming, messages, onFirst),
  };
}
