// A conversation is the list of its messages. The model remembers nothing: send the whole of it, and
// append each answer as it came.

import { BedrockLLM, type MessageInput, textOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region conversation
const messages: MessageInput[] = [
  { role: "user", content: "My name is Alice" },
  { role: "assistant", content: "Nice to meet you, Alice!" },
  { role: "user", content: "What did I just tell you?" },
];
const response = await llm.invoke({ messages, maxTokens: 100 });
console.log(textOf(response));

messages.push(response.output.message, { role: "user", content: "And what is my name?" });
const next = await llm.invoke({ messages, maxTokens: 100 });
console.log(textOf(next));
// #endregion
