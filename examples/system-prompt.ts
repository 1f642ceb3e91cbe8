// Instructions that stand before the conversation.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM();

// #region system-prompt
const response = await llm.invoke({
  modelId: "fast",
  systemPrompt: `You teach physics at a high school.
Use plain words and one analogy from everyday life.
Answer in at most two paragraphs.`,
  messages: "Explain quantum computing",
  maxTokens: 500,
});
// #endregion

console.log(textOf(response));
