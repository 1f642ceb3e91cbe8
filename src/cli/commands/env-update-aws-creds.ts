// `dcaf env-update-aws-creds`: fresh AWS credentials from DuploCloud, into the `.env` file.

import type { Command } from "commander";
import { type EnvFileOptions, envFileOf } from "../env-file/env-file-options.ts";
import { CommandError } from "../failures.ts";
import { writeRemark } from "../output.ts";

/** The name of the command, which makes its file where others only read it. */
export const ENV_UPDATE_COMMAND = "env-update-aws-creds";

/** Variables that make the new credentials useless when they are set where dcaf is started. */
const WINNERS = ["AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"];

/** With `--no-env-file` the file is written without being read for settings. */
interface EnvUpdateOptions extends EnvFileOptions {
  readonly tenant?: string;
  readonly host?: string;
}

/** Adds the command to the program. */
export function addEnvUpdateCommand(program: Command): void {
  // Looked at before the file is loaded, which sets these variables as well.
  const winners = WINNERS.filter((name) => process.env[name]);
  program
    .command(ENV_UPDATE_COMMAND)
    .summary("put fresh AWS credentials from DuploCloud into .env")
    .description(
      "Runs duplo-jit and sets AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN in .env, " +
        "or in the file that -f names.\n" +
        "Everything else in the file stays as it is; a new file is readable by its owner only.",
    )
    .option("--tenant <name>", "DuploCloud tenant (default: DUPLO_TENANT)")
    .option("--host <url>", "DuploCloud address (default: DUPLO_HOST)")
    .action((_, command: Command) => updateCredentials(command.optsWithGlobals(), winners));
}

async function updateCredentials(
  options: EnvUpdateOptions,
  winners: readonly string[],
): Promise<void> {
  const tenant = setting(options.tenant, "--tenant", "DUPLO_TENANT");
  const host = setting(options.host, "--host", "DUPLO_HOST");
  const { path } = envFileOf(options);
  const { fetchAwsCredentials } = await import("../duplo-jit.ts");
  const { runInterruptibly } = await import("../interruption.ts");
  const { updateEnvFile } = await import("../env-file/update-env-file.ts");

  const credentials = await runInterruptibly(async (signal) => {
    const fetched = await fetchAwsCredentials({ tenant, host, signal });
    await updateEnvFile(path, {
      AWS_ACCESS_KEY_ID: fetched.accessKeyId,
      AWS_SECRET_ACCESS_KEY: fetched.secretAccessKey,
      AWS_SESSION_TOKEN: fetched.sessionToken,
    });
    return fetched;
  });
  const until = credentials.expiration;
  const lifetime = until === undefined ? "" : `; they last until ${until.toISOString()}`;
  writeRemark(`${path} has the new AWS credentials${lifetime}.\n${describeWinners(winners)}`);
}

function describeWinners(names: readonly string[]): string {
  if (names.length === 0) return "";
  return `note: the environment itself sets ${names.join(" and ")}, which wins over the file unless --env-override is given.\n`;
}

function setting(option: string | undefined, flag: string, variable: string): string {
  const value = option || process.env[variable];
  if (value) return value;
  throw new CommandError(`No ${flag.slice(2)} is given: use ${flag} or set ${variable}.`);
}
