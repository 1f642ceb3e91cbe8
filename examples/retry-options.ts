// How often to try. `maxAttempts` counts the first try too: what boto3 calls 10 retries is 11 here.
// `adaptive` also slows down before the service has to refuse.

import { BedrockLLM, textOf } from "dcaf";

// #region clients
const production = new BedrockLLM({ retry: { maxAttempts: 11, mode: "adaptive" } });
const development = new BedrockLLM({ retry: { maxAttempts: 3, mode: "standard" } });
// #endregion

// #region call
const response = await production.invoke({
  modelId: "fast",
  messages: "Say yes.",
  retry: { mode: "off" }, // for this call
});
// #endregion

console.log(textOf(response));
console.log(textOf(await development.invoke({ modelId: "fast", messages: "Say no." })));
