// The AWS chain of credentials: the official one, loaded when first needed.

import { CredentialsError } from "../core/errors.ts";
import type { CredentialsProvider } from "./credentials.ts";
import { type Environment, readVariable } from "./environment.ts";
import { hasProfile, profileName, sharedConfigPaths } from "./shared-config.ts";

/** The chain would otherwise write warnings to the console of whoever uses this library. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * The AWS chain: shared files, IAM Identity Center, process, web identity, container, EC2. `profile`
 * is the one asked for by option; without it the chain chooses as all AWS tools do.
 */
export function chainProvider(
  environment: Environment,
  options: { profile?: string | undefined; region: string },
): CredentialsProvider {
  type Chain = ReturnType<typeof import("@aws-sdk/credential-provider-node").defaultProvider>;
  let chain: Chain | undefined;
  return async ({ forceRefresh = false } = {}) => {
    if (chain === undefined) {
      const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
      const paths = sharedConfigPaths(environment);
      chain = defaultProvider({
        ...(options.profile === undefined ? {} : { profile: options.profile }),
        filepath: paths.credentials,
        configFilepath: paths.config,
        clientConfig: { region: options.region },
        // The files are read anew: whoever renews keys by hand writes them there.
        ignoreCache: true,
        logger: SILENT,
      });
    }
    try {
      return await chain({ forceRefresh });
    } catch (error) {
      const name = profileName(environment, options.profile);
      throw noCredentials(environment, name, await hasProfile(environment, name), error);
    }
  };
}

/** Whether the environment names a source of the chain, which must not be passed over then. */
export function namesChainSource(environment: Environment): boolean {
  const named = readVariable(
    environment,
    "AWS_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  );
  return named !== undefined;
}

/** The error that says where we looked, what was there, and how to go on. */
function noCredentials(
  environment: Environment,
  profile: string,
  profileExists: boolean,
  cause: unknown,
): CredentialsError {
  const paths = sharedConfigPaths(environment);
  const state = (...names: string[]) =>
    readVariable(environment, ...names) === undefined ? "not set" : "set";
  const tried = [
    `AWS_BEARER_TOKEN_BEDROCK: ${state("AWS_BEARER_TOKEN_BEDROCK")}`,
    `AWS_ACCESS_KEY_ID: ${state("AWS_ACCESS_KEY_ID")}, AWS_SECRET_ACCESS_KEY: ${state("AWS_SECRET_ACCESS_KEY")}`,
    `profile “${profile}” (keys, IAM Identity Center, process): ${profileExists ? "gave none" : "not found"} in ${paths.config} and ${paths.credentials}`,
    `AWS_WEB_IDENTITY_TOKEN_FILE: ${state("AWS_WEB_IDENTITY_TOKEN_FILE")}`,
    `container credentials: ${state("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")}`,
    environment["AWS_EC2_METADATA_DISABLED"] === "true"
      ? "EC2 instance metadata: switched off"
      : "EC2 instance metadata: no role",
  ];
  const reason = cause instanceof Error ? cause.message : "unknown reason";
  return new CredentialsError(
    `No AWS credentials were found (${reason}). Tried:\n  ${tried.join("\n  ")}`,
    {
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sign in with `aws sso login`, renew them with `dcaf env-update-aws-creds`, or work offline: `--local` on the command line, `startLocalBedrock` from dcaf/local in code.",
      cause,
    },
  );
}
