// Patience beyond the client's own, for work that runs unattended: `retryable` tells what is worth
// another try, `retryAfterMs` what the service asked for.

import { setTimeout as wait } from "node:timers/promises";
import { BedrockError, BedrockLLM, type ConverseResponse, type InvokeOptions, textOf } from "dcaf";

const llm = new BedrockLLM({ modelId: "fast" });

// #region keep-trying
async function invokePatiently(options: InvokeOptions, rounds = 5): Promise<ConverseResponse> {
  for (let round = 1; ; round++) {
    try {
      return await llm.invoke(options); // three attempts of its own
    } catch (error) {
      if (!(error instanceof BedrockError) || !error.retryable || round === rounds) throw error;
      const pauseMs = error.retryAfterMs ?? 2 ** round * 1000 * Math.random();
      console.log(`${error.name}: round ${round + 1} in ${Math.ceil(pauseMs / 1000)} s`);
      await wait(pauseMs, undefined, { signal: options.signal });
    }
  }
}
// #endregion

console.log(textOf(await invokePatiently({ messages: "Say yes." })));
