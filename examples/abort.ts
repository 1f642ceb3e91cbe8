// Stopping an answer: by a signal, by a time limit, or by leaving the loop. The connection is closed
// at once, so that no further tokens are made for nobody.

import { AbortError, BedrockLLM } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });
const messages = "Tell me a very long story.";

// #region signal
const controller = new AbortController();
try {
  const stream = llm.invokeStream({ messages, signal: controller.signal });
  for await (const text of stream.text()) {
    process.stdout.write(text);
    controller.abort("The reader has had enough.");
  }
} catch (error) {
  if (!(error instanceof AbortError)) throw error;
  console.log(`\n${error.name}: ${error.cause}`);
}
// #endregion

// #region limit
// Any signal will do: this one fires by itself.
const bounded = llm.invoke({ messages: "Say yes.", signal: AbortSignal.timeout(60_000) });
// #endregion
console.log((await bounded).stopReason);

// #region leave
for await (const text of llm.invokeStream({ messages }).text()) {
  console.log(text);
  break; // aborts the request
}
// #endregion
