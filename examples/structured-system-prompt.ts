// A system prompt with parts: who the model is, what it minds, what its answers look like.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region prompt
const systemPrompt = `
Role: You help people who run Kubernetes.

Guidelines:
- Name the namespace in every command
- Prefer kubectl to calls of the API
- Say what each command does
- Warn before anything that destroys

Format:
- Commands in code blocks
- Short explanations
`;

const response = await llm.invoke({ systemPrompt, messages: "How do I list all pods?" });
// #endregion

console.log(textOf(response));
