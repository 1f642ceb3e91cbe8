// The settings that boto3 keeps in a `Config`: how long to wait and how often to try. Durations are
// milliseconds; `maxAttempts` counts the first try too.

import { BedrockLLM, textOf } from "dcaf";

// #region options
const llm = new BedrockLLM({
  region: "us-east-1",
  timeouts: { connectMs: 15_000, firstEventMs: 60_000, idleMs: 60_000 },
  retry: { maxAttempts: 6, mode: "adaptive" },
  maxConnections: 50,
});
// #endregion

const response = await llm.invoke({ modelId: "fast", messages: "Name a colour." });
console.log(textOf(response));
console.log(`${response.$metadata?.attempts} attempt`);
