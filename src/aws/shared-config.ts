// The profile in `~/.aws/config` and `~/.aws/credentials`.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html

import { access } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Environment, readVariable } from "./environment.ts";

/** Settings of one profile that concern a client; credentials are the chain's business. */
export interface SharedProfile {
  /** By their name in the file, such as `region` and `retry_mode`. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** From the profile's `services` section, else the profile itself. */
  readonly endpointUrl?: string | undefined;
}

const EMPTY: SharedProfile = { settings: {} };

/** Where the two files are looked for. */
export function sharedConfigPaths(environment: Environment): {
  config: string;
  credentials: string;
} {
  const home = readVariable(environment, "HOME", "USERPROFILE")?.value ?? homedir();
  const path = (variable: string, file: string) =>
    (readVariable(environment, variable)?.value ?? join(home, ".aws", file)).replace(/^~/, home);
  return {
    config: path("AWS_CONFIG_FILE", "config"),
    credentials: path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
  };
}

/** The profile a client uses: the option, else `AWS_PROFILE`, else `default`. */
export function profileName(environment: Environment, option?: string): string {
  return option ?? readVariable(environment, "AWS_PROFILE")?.value ?? "default";
}

/** Reads a profile. A missing file or profile is an empty one: every setting has another source. */
export async function loadSharedProfile(
  environment: Environment,
  name: string,
): Promise<SharedProfile> {
  const files = await loadFiles(environment);
  if (files === undefined) return EMPTY;
  const settings = { ...files.configFile[name], ...files.credentialsFile[name] };
  const services = settings["services"];
  const section = services === undefined ? {} : files.configFile[`services.${services}`];
  return {
    settings,
    endpointUrl: section?.["bedrock_runtime.endpoint_url"] ?? settings["endpoint_url"],
  };
}

/** Whether either file knows the profile. */
export async function hasProfile(environment: Environment, name: string): Promise<boolean> {
  const files = await loadFiles(environment);
  return files !== undefined && (name in files.configFile || name in files.credentialsFile);
}

/** Whether there is either file. */
export async function hasSharedFiles(environment: Environment): Promise<boolean> {
  const { config, credentials } = sharedConfigPaths(environment);
  const found = await Promise.all([config, credentials].map(exists));
  return found.includes(true);
}

/** Both files; undefined when there is neither, which spares loading the parser. */
async function loadFiles(environment: Environment) {
  if (!(await hasSharedFiles(environment))) return undefined;
  const { config, credentials } = sharedConfigPaths(environment);
  const { loadSharedConfigFiles } = await import("@smithy/core/config");
  return loadSharedConfigFiles({
    configFilepath: config,
    filepath: credentials,
    ignoreCache: true,
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
