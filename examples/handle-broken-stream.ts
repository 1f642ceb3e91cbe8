// A stream can fail after it has begun. Such a call is not repeated by itself, for its reader has
// seen a part of the answer; the error carries that part.

import { BedrockError, BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region partial
const stream = llm.invokeStream({ messages: "Count to 20" });
try {
  for await (const text of stream.text()) process.stdout.write(text);
} catch (error) {
  if (!(error instanceof BedrockError) || error.partial === undefined) throw error;
  console.log(`\n${error.name} after ${textOf(error.partial).length} characters`);
}
// #endregion
console.log();
