// Every event of a stream, in the order and the shapes of ConverseStream. Each event has exactly one
// member.

import { BedrockLLM } from "dcaf";

const llm = new BedrockLLM();

// #region events
for await (const event of llm.invokeStream({ modelId: "fast", messages: "Say hello." })) {
  if (event.messageStart) {
    console.log(`Stream started: ${event.messageStart.role}`);
  } else if (event.contentBlockStart) {
    // Tool calls open with a start event, text does not.
    console.log(`Tool: ${event.contentBlockStart.start.toolUse?.name}`);
  } else if (event.contentBlockDelta) {
    const { text, toolUse, reasoningContent } = event.contentBlockDelta.delta;
    if (text !== undefined) process.stdout.write(text);
    if (toolUse !== undefined) process.stdout.write(toolUse.input);
    if (reasoningContent?.text !== undefined) process.stdout.write(reasoningContent.text);
  } else if (event.contentBlockStop) {
    console.log();
  } else if (event.messageStop) {
    console.log(`Stop reason: ${event.messageStop.stopReason}`);
  } else if (event.metadata) {
    console.log(`Tokens: ${event.metadata.usage.totalTokens}`);
  }
}
// #endregion
