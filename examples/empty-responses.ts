// An answer may have no text: a tool call, a refusal, a limit reached at once. `textOf` is "" then,
// and the stop reason tells why.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });
const response = await llm.invoke({ messages: "Say yes." });

// #region empty
const text = textOf(response);
if (text === "") {
  console.log(`No text in the answer: ${response.stopReason}`);
} else {
  console.log(text);
}
// #endregion
