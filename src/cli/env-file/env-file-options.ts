// The options of every command that name a file with environment variables and tell how to use it.

import { type Command, Option } from "commander";

const DEFAULT_PATH = ".env";

/** The options of `addEnvFileOptions`, as commander hands them over. */
export interface EnvFileOptions {
  readonly dotenv?: string;
  /** `false` for `--no-env-file`, a path for the hidden long form, `true` for neither. */
  readonly envFile: string | boolean;
  readonly envOverride?: boolean;
}

/** Adds the options to the program. */
export function addEnvFileOptions(program: Command): Command {
  return (
    program
      .option("-f, --dotenv <path>", `file with environment variables (default: ${DEFAULT_PATH})`)
      // Node 20 takes this name for its own wherever it stands, and stops when the file is missing:
      // https://github.com/nodejs/node/issues/54232.
      .addOption(new Option("--env-file <path>").hideHelp())
      .option("--no-env-file", `do not read ${DEFAULT_PATH}`)
      .option("--env-override", "let the file win over variables that are set already")
  );
}

/** The file that is meant, and whether it was named. */
export function envFileOf({ dotenv, envFile }: EnvFileOptions): { path: string; isNamed: boolean } {
  const named = dotenv || (typeof envFile === "string" && envFile);
  return named ? { path: named, isNamed: true } : { path: DEFAULT_PATH, isNamed: false };
}
