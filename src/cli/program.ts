// The command line as a whole: what every command shares. Anything heavier than this is imported by
// the command that needs it, when it runs.

import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addChatCommand } from "./commands/chat.ts";
import { addEnvUpdateCommand, ENV_UPDATE_COMMAND } from "./commands/env-update-aws-creds.ts";
import { addInvokeCommand } from "./commands/invoke.ts";
import { addLocalCommand } from "./commands/local.ts";
import { addEnvFileOptions, type EnvFileOptions, envFileOf } from "./env-file/env-file-options.ts";
import { loadEnvFile } from "./env-file/load-env-file.ts";
import { writeRemark } from "./output.ts";

/** The program with all its commands. It throws instead of leaving the process. */
export function createProgram(): Command {
  const program = new Command("dcaf")
    .description("Amazon Bedrock from the command line.")
    .version(packageVersion())
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: writeRemark })
    .exitOverride()
    .hook("preAction", (_, command) => loadEnvironment(command));
  addEnvFileOptions(program);
  addInvokeCommand(program);
  addChatCommand(program);
  addLocalCommand(program);
  addEnvUpdateCommand(program);
  return program;
}

async function loadEnvironment(command: Command): Promise<void> {
  const options = command.optsWithGlobals<EnvFileOptions>();
  if (options.envFile === false) return;
  const { path, isNamed } = envFileOf(options);
  await loadEnvFile(process.env, {
    path,
    required: isNamed && command.name() !== ENV_UPDATE_COMMAND,
    override: options.envOverride ?? false,
  });
}

function packageVersion(): string {
  // By its name, which holds wherever the build has put this file.
  const text = readFileSync(new URL(import.meta.resolve("dcaf/package.json")), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
