// The command line as a whole: what every command shares. Anything heavier than this is imported by
// the command that needs it, when it runs.

import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addChatCommand } from "./commands/chat.ts";
import { addEnvUpdateCommand, ENV_UPDATE_COMMAND } from "./commands/env-update-aws-creds.ts";
import { addInvokeCommand } from "./commands/invoke.ts";
import { addLocalCommand } from "./commands/local.ts";
import { loadEnvFile } from "./env-file/load-env-file.ts";
import { writeRemark } from "./output.ts";

interface GlobalOptions {
  readonly envFile: string | false;
  readonly envOverride?: boolean;
}

/** The program with all its commands. It throws instead of leaving the process. */
export function createProgram(): Command {
  const program = new Command("dcaf")
    .description("Amazon Bedrock from the command line.")
    .version(packageVersion())
    // Some versions of Node read a long `--env-file` too and stop at a missing file, so that a new one
    // can only be named by the short form: https://github.com/nodejs/node/issues/54232.
    .option("-f, --env-file <path>", "file with environment variables", ".env")
    .option("--no-env-file", "read no such file")
    .option("--env-override", "let the file win over variables that are set already")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: writeRemark })
    .exitOverride()
    .hook("preAction", (_, command) => loadEnvironment(command));
  addInvokeCommand(program);
  addChatCommand(program);
  addLocalCommand(program);
  addEnvUpdateCommand(program);
  return program;
}

async function loadEnvironment(command: Command): Promise<void> {
  const { envFile, envOverride } = command.optsWithGlobals<GlobalOptions>();
  if (envFile === false) return;
  const isNamed = command.getOptionValueSourceWithGlobals("envFile") === "cli";
  await loadEnvFile(process.env, {
    path: envFile,
    required: isNamed && command.name() !== ENV_UPDATE_COMMAND,
    override: envOverride ?? false,
  });
}

function packageVersion(): string {
  // Found from the source as from the build: both stand two folders below the package.
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
