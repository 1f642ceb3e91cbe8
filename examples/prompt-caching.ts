// Prompt caching without placing a single cache point: what every call repeats is written once and
// read from then on, at a fraction of the price.

import { BedrockLLM, explainCache, type InvokeOptions, type MessageInput } from "dcaf";

const handbook = "Returns are accepted within 30 days, with the receipt. ".repeat(400);

// #region auto
const llm = new BedrockLLM({ modelId: "general", cache: "auto" });
const systemPrompt = `You answer from this handbook.\n${handbook}`;

const messages: MessageInput[] = [];
for (const question of ["What is a receipt?", "Can I return shoes?"]) {
  messages.push({ role: "user", content: question });
  const { output, usage } = await llm.invoke({ systemPrompt, messages });
  messages.push(output.message);
  console.log(`written: ${usage.cacheWriteInputTokens}, read: ${usage.cacheReadInputTokens}`);
}
// #endregion

// #region explain
const asked: InvokeOptions = { modelId: "general", systemPrompt, messages: "Hello" };
const dated = { ...asked, systemPrompt: `It is ${new Date().toISOString()}.\n${systemPrompt}` };

console.log(explainCache(asked, { ...asked, messages: "Good morning" }).summary);
console.log(explainCache(asked, dated).summary);
// #endregion
