// Your own code against a broken Bedrock, without an account: the embedded endpoint fails on demand.
// Every fault there is stands in docs/faults.md. Runs as a script or under `node --test`.

// #region faults
import assert from "node:assert/strict";
import { test } from "node:test";
import { BedrockError, BedrockLLM, textOf } from "dcaf";
import { startLocalBedrock } from "dcaf/local";

test("a reset in mid-stream keeps what had arrived, and says so", async () => {
  const local = await startLocalBedrock({
    model: () => "Rivers flow to the sea.",
    faults: [{ type: "reset_peer", afterFrames: 3 }],
  });
  const llm = new BedrockLLM({ endpoint: local.url, modelId: "fast" });

  assert.equal(await tell(llm), "Rivers flow … (the connection was lost)");
  assert.deepEqual(local.requests[0]?.faults, ["reset_peer:afterFrames=3"]);
  await local.close();
});

test("a throttle is waited out, and the caller never knows", async () => {
  const local = await startLocalBedrock({
    model: () => "Rivers flow to the sea.",
    faults: ["throttle:retryAfterMs=20,times=1"],
  });
  const llm = new BedrockLLM({ endpoint: local.url, modelId: "fast" });

  assert.equal(await tell(llm), "Rivers flow to the sea.");
  assert.deepEqual(
    local.requests.map(({ status }) => status),
    [429, 200],
  );
  await local.close();
});

async function tell(llm: BedrockLLM): Promise<string> {
  try {
    return textOf(await llm.invokeStream({ messages: "What do rivers do?" }).response());
  } catch (error) {
    if (!(error instanceof BedrockError) || error.partial === undefined) throw error;
    return `${textOf(error.partial)} … (the connection was lost)`;
  }
}
// #endregion
