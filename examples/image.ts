// A picture and a question about it. Bytes are a `Uint8Array`, never base64: encoding is the
// client's work.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM();

// A red dot of 1 × 1 pixel, so that this runs without a file; yours come from `readFile`.
const bytes = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

// #region image
const response = await llm.invoke({
  modelId: "fast",
  messages: [
    {
      role: "user",
      content: [{ image: { format: "png", source: { bytes } } }, "What colour is this?"],
    },
  ],
});
// #endregion

console.log(textOf(response));
