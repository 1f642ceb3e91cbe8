// The whole of it in one program: a streamed answer, a tool call, its result handed back, the final
// answer and what it took. Runs offline; with --aws the same code asks Amazon Bedrock.

import { parseArgs } from "node:util";
import { Agent, BedrockError, BedrockLLM, defineTool, type ToolCallStartEvent } from "dcaf";
import { startLocalBedrock } from "dcaf/local";

const USAGE = 'Usage: npm start -- [--aws] ["your own question"]';
const DEFAULT_QUESTION = "What's the weather in Paris and in Oslo?";
const MAX_TURNS = 5;

/** Invented, and the same every time. */
function weatherIn(location: string): string {
  const degrees = 8 + ((location.length * 7) % 20);
  return `${location}: ${degrees} °C and ${degrees > 18 ? "sunny" : "cloudy"}`;
}

const getWeather = defineTool({
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: {
    type: "object",
    properties: { location: { type: "string", description: "A city, e.g. Lisbon" } },
    required: ["location"],
  },
  execute: ({ location }) => weatherIn(location),
});

/** Asks, runs the tools the model calls, and asks again until it has answered. */
async function converse(llm: BedrockLLM, question: string): Promise<void> {
  const agent = new Agent({ llm, tools: [getWeather], maxTurns: MAX_TURNS, maxTokens: 1000 });
  const run = agent.stream(question);
  for await (const event of run) {
    if (event.type === "text_delta") process.stdout.write(event.text);
    if (event.type === "tool_call_start") console.log(`  → ${callOf(event)}`);
    if (event.type === "tool_call_end") console.log(`  ← ${event.result.content[0]?.text}`);
    if (event.type === "turn_end" && event.stopReason === "tool_use") console.log();
  }
  const { stopReason, turns, usage } = await run.result();
  if (stopReason === "max_turns") {
    console.log(`The model still calls tools after ${MAX_TURNS} turns.`);
    return;
  }
  const calls = turns === 1 ? "1 call" : `${turns} calls`;
  console.log(`\n\nDone (${stopReason}) after ${calls} of the model.`);
  console.log(`Usage: ${usage.inputTokens} tokens in, ${usage.outputTokens} tokens out.`);
}

function callOf({ name, input }: ToolCallStartEvent): string {
  return `${name} ${JSON.stringify(input)}`;
}

function readArguments(): { aws: boolean; question: string } {
  try {
    const { values, positionals } = parseArgs({
      options: { aws: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    return { aws: values.aws, question: positionals.join(" ").trim() || DEFAULT_QUESTION };
  } catch (error) {
    console.error(`${(error as Error).message.split(".")[0]}.\n${USAGE}`);
    process.exit(2);
  }
}

const { aws, question } = readArguments();
const local = aws ? undefined : await startLocalBedrock({ pauseMs: 15 });
try {
  const modelId = process.env["BEDROCK_MODEL_ID"] || "general";
  // Offline nobody's real keys are looked for, by file, by process or by network.
  const credentials = local && { accessKeyId: "local", secretAccessKey: "local" };
  const llm = new BedrockLLM({ modelId, endpoint: local?.url, credentials });
  if (local === undefined) console.log(`Model ${modelId} on Amazon Bedrock answers.`);
  else console.log("The built-in simulator answers: offline, and not a language model.");
  console.log(`\n> ${question}\n`);
  await converse(llm, question);
} catch (error) {
  const { name, message } = error as Error;
  console.error(`\n${name}: ${message}`);
  if (error instanceof BedrockError && error.hint !== undefined) console.error(error.hint);
  process.exitCode = 1;
} finally {
  await local?.close();
}
