// What the client does to every conversation before it is sent, as a function of its own. Your list
// is never changed.

import { BedrockLLM, type MessageInput, normalizeMessages, textOf } from "dcaf";

// #region normalize
const messages: MessageInput[] = [
  { role: "user", content: "Hello" },
  { role: "user", content: "How are you?" }, // merged with the one before
  { role: "assistant", content: "  " }, // blank: dropped
];

console.log(JSON.stringify(normalizeMessages(messages)));
// [{"role":"user","content":[{"text":"Hello\nHow are you?"}]}]
// #endregion

const llm = new BedrockLLM({ modelId: "fast" });
console.log(textOf(await llm.invoke({ messages })));
console.log(`still ${messages.length} messages`);
