// One question, one answer.

// #region invoke
import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM();

const response = await llm.invoke({
  modelId: "fast",
  messages: [{ role: "user", content: "What is the capital of France?" }],
  maxTokens: 100,
});

console.log(textOf(response));
// #endregion

// The response is Converse's own, so this says the same for an answer of one text block.
console.log(response.output.message.content[0]?.text === textOf(response));
