// Limits that fit the question. `maxTokens` is worth setting: Bedrock reserves that much of the
// quota when a call starts. An answer that hit the limit says so.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region limits
const short = await llm.invoke({
  messages: "Yes or no: is 2+2=4?",
  maxTokens: 10,
  temperature: 0, // the same again, as far as the model can
});

const creative = await llm.invoke({
  messages: "Write a poem about rivers.",
  maxTokens: 500,
  temperature: 0.8, // more varied
});

const cut = await llm.invoke({ messages: "Write a poem about the sea.", maxTokens: 5 });
if (cut.stopReason === "max_tokens") console.log(`cut off: ${textOf(cut)} …`);
// #endregion

console.log(textOf(short));
console.log(textOf(creative));
