// Patience by kind of work. A stream is bounded by the pauses between its events, not by its length,
// so that a long answer may take its time while a silent one is given up.

import { BedrockLLM, textOf } from "dcaf";

// #region clients
const fast = new BedrockLLM({
  modelId: "fast",
  timeouts: { connectMs: 5_000, firstEventMs: 10_000, idleMs: 10_000, responseMs: 10_000 },
});

const slow = new BedrockLLM({
  modelId: "complex",
  timeouts: { connectMs: 30_000, firstEventMs: 300_000, idleMs: 120_000 },
});
// #endregion

// #region call
const response = await fast.invoke({
  messages: "Say yes.",
  timeouts: { responseMs: 30_000 }, // for this call; the others stay as the client has them
});
// #endregion

console.log(textOf(response));
console.log(textOf(await slow.invoke({ messages: "Why is the sky blue?", maxTokens: 2000 })));
