// There is no retry wrapper to write: throttling and passing faults are repeated with growing, random
// pauses. A logger tells of each, and the response of all.

import { BedrockLLM, type Logger, textOf } from "dcaf";

// #region logger
const logger: Logger = {
  debug: () => {},
  info: () => {},
  warn: (message) => console.log(message), // never a prompt, never a credential
  error: (message) => console.log(message),
};
const llm = new BedrockLLM({ modelId: "fast", retry: { maxAttempts: 5 }, logger });

const response = await llm.invoke({ messages: "Say yes." });
const metadata = response.$metadata;
console.log(`${metadata?.attempts} attempt(s), ${metadata?.totalRetryDelay} ms of waiting`);
// #endregion

console.log(textOf(response));
