// What every command that talks to a model can be told.

import { type Command, InvalidArgumentError, Option } from "commander";

/** The options of `addModelOptions`, as commander hands them over. */
export interface ModelOptions {
  readonly model?: string;
  readonly baseModel?: string;
  readonly system?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly local?: boolean;
}

/** Adds the options that choose a model and the way to it. */
export function addModelOptions(command: Command): Command {
  return command
    .option("-m, --model <id>", "model id, profile id, ARN or alias (default: BEDROCK_MODEL_ID)")
    .option(
      "--base-model <id>",
      "the model behind an id that hides it, such as an application profile's ARN",
    )
    .option("-s, --system <text>", "system prompt")
    .option("--max-tokens <count>", "most tokens of an answer (default: 4096)", parseCount)
    .option("--temperature <number>", "sampling temperature, 0 to 1", parseFraction)
    .option("--top-p <number>", "nucleus sampling, 0 to 1", parseFraction)
    .option("--region <name>", "AWS region (default: AWS_REGION)")
    .option("--profile <name>", "profile of the shared AWS files")
    .option("--endpoint <url>", "URL of the Bedrock endpoint")
    .addOption(
      new Option("--local", "run against the built-in simulator, without AWS").conflicts([
        "endpoint",
        "profile",
      ]),
    );
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("It must be a whole number of at least 1.");
}

function parseFraction(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}
