// `dcaf invoke`: one prompt, one answer.

import type { Command } from "commander";
import type { ConverseResponse, MessagesInput } from "../../index.ts";
import { describeExplanation, describeWarnings } from "../explanation.ts";
import { runInterruptibly } from "../interruption.ts";
import { readMessageFile } from "../message-file.ts";
import { addModelOptions, type ModelOptions } from "../model-options.ts";
import { type ModelSession, withModelSession } from "../model-session.ts";
import { writeJson, writeRemark, writeResult } from "../output.ts";
import { readPrompt } from "../prompt.ts";
import { readToolFiles } from "../tool-files.ts";
import { describeCut, describeUsage } from "../usage.ts";

interface InvokeCommandOptions extends ModelOptions {
  readonly json?: boolean;
  readonly stream: boolean;
  readonly messages?: string;
  readonly tool?: readonly string[];
  readonly explain?: boolean;
  readonly verbose?: boolean;
}

/** Adds the command to the program. */
export function addInvokeCommand(program: Command): void {
  const command = program
    .command("invoke")
    .summary("ask a model once")
    .description(
      "Asks a model and prints its answer as it arrives. The prompt is what stands behind the command, " +
        "followed by what is piped in.\nTool calls are printed as JSON, one a line, and not run.",
    )
    .argument("[prompt...]", "what to ask");
  addModelOptions(command)
    .option(
      "--messages <file>",
      "JSON file with the conversation so far, - for stdin; the prompt comes behind it",
    )
    .option("--tool <file>", "JSON file with a tool or a list of tools; may be repeated", collect)
    .option("--json", "print the whole response as JSON, bytes in base64")
    .option("--no-stream", "print the answer when it is complete")
    .option("--explain", "tell on stderr what is changed in the request before it is sent, and why")
    .option("-v, --verbose", "print tokens and stop reason on stderr even when it is no terminal")
    .action((words: string[], options: InvokeCommandOptions) =>
      runInterruptibly((signal) => invoke(words, options, signal)),
    );
}

function collect(path: string, paths: readonly string[] = []): string[] {
  return [...paths, path];
}

async function invoke(
  words: readonly string[],
  options: InvokeCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const messages = await readConversation(words, options.messages, signal);
  const tools = await readToolFiles(options.tool ?? []);
  const isStreamed = !options.json && options.stream;
  const response = await withModelSession(options, async ({ llm, request }) => {
    const question = { ...request, messages, tools, signal };
    if (options.explain) {
      const operation = isStreamed ? "converse-stream" : "converse";
      writeRemark(describeExplanation(llm.explainRequest(question, operation)));
    }
    if (isStreamed) return await printStream(llm.invokeStream(question), signal);
    const answer = await llm.invoke(question);
    await printWhole(answer, options.json === true, signal);
    return answer;
  });
  if (!options.explain) writeRemark(describeWarnings(response.$metadata?.warnings ?? []));
  writeRemark(describeCut(response));
  if (options.verbose || process.stderr.isTTY) writeRemark(describeUsage(response));
}

/** A conversation may end with the user's turn already; then nothing has to be asked beside it. */
async function readConversation(
  words: readonly string[],
  path: string | undefined,
  signal: AbortSignal,
): Promise<MessagesInput> {
  if (path === undefined) return await readPrompt(words, process.stdin, signal);
  const history = await readMessageFile(path, signal);
  const prompt = words.join(" ");
  return prompt === "" ? history : [...history, { role: "user", content: prompt }];
}

async function printStream(
  stream: ReturnType<ModelSession["llm"]["invokeStream"]>,
  signal: AbortSignal,
): Promise<ConverseResponse> {
  let last = "\n";
  try {
    for await (const text of stream.text()) {
      await writeResult(text, signal);
      last = text;
    }
  } finally {
    // Whatever follows, an error as well, begins on a line of its own.
    if (!last.endsWith("\n")) await writeResult("\n");
  }
  const response = await stream.response();
  await printToolCalls(response, signal);
  return response;
}

async function printWhole(
  response: ConverseResponse,
  asJson: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (asJson) return await writeJson(response, 2, signal);
  const { textOf } = await import("../../index.ts");
  const text = textOf(response);
  if (text !== "") await writeResult(text.endsWith("\n") ? text : `${text}\n`, signal);
  await printToolCalls(response, signal);
}

async function printToolCalls(response: ConverseResponse, signal: AbortSignal): Promise<void> {
  const { toolUsesOf } = await import("../../index.ts");
  for (const toolUse of toolUsesOf(response)) {
    await writeJson({ toolUse }, 0, signal);
  }
}
