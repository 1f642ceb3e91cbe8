// A client needs no options: region, credentials and endpoint come from where every AWS tool finds
// them. Make one and keep it, for it holds the connections.

import { BedrockLLM, textOf } from "dcaf";

// #region defaults
const llm = new BedrockLLM();
// #endregion

// #region region
const inOregon = new BedrockLLM({ region: "us-west-2", modelId: "fast" });
// #endregion

const greeting = await llm.invoke({ modelId: "fast", messages: "Say hello in one word." });
console.log(textOf(greeting));

const another = await inOregon.invoke({ messages: "Say goodbye in one word." });
console.log(textOf(another));
