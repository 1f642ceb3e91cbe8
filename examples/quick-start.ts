// The whole of it in one program: a streamed answer, a tool call, its result handed back, the final
// answer and what it took. Runs offline; with --aws the same code asks Amazon Bedrock.

import { parseArgs } from "node:util";
import { BedrockError, BedrockLLM, type MessageInput, type PlainTool, toolUsesOf } from "dcaf";
import { startLocalBedrock } from "dcaf/local";

const USAGE = 'Usage: npm start -- [--aws] ["your own question"]';
const DEFAULT_QUESTION = "What's the weather in Paris and in Oslo?";
const MAX_TURNS = 5;

const getWeather: PlainTool = {
  name: "get_weather",
  description: "Get current weather for a location",
  inputSchema: {
    type: "object",
    properties: { location: { type: "string", description: "A city, e.g. Lisbon" } },
    required: ["location"],
  },
};

/** Invented, and the same every time. */
function weatherIn(location: string): string {
  const degrees = 8 + ((location.length * 7) % 20);
  return `${location}: ${degrees} °C and ${degrees > 18 ? "sunny" : "cloudy"}`;
}

/** Asks, runs the tools the model calls, and asks again until it has answered. */
async function converse(llm: BedrockLLM, question: string): Promise<void> {
  const messages: MessageInput[] = [{ role: "user", content: question }];
  const usage = { calls: 0, input: 0, output: 0 };
  while (usage.calls < MAX_TURNS) {
    const stream = llm.invokeStream({ messages, tools: [getWeather], maxTokens: 1000 });
    for await (const text of stream.text()) process.stdout.write(text);
    const response = await stream.response();
    usage.calls += 1;
    usage.input += response.usage.inputTokens;
    usage.output += response.usage.outputTokens;

    if (response.stopReason !== "tool_use") {
      const calls = usage.calls === 1 ? "1 call" : `${usage.calls} calls`;
      console.log(`\n\nDone (${response.stopReason}) after ${calls} of the model.`);
      console.log(`Usage: ${usage.input} tokens in, ${usage.output} tokens out.`);
      return;
    }
    const content = toolUsesOf(response).map(({ toolUseId, name, input }) => {
      const result = weatherIn(String((input as { location?: unknown }).location));
      console.log(`  → ${name} ${JSON.stringify(input)}\n  ← ${result}`);
      return { toolResult: { toolUseId, content: result } };
    });
    console.log();
    messages.push(response.output.message, { role: "user", content });
  }
  console.log(`The model still calls tools after ${MAX_TURNS} turns.`);
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
