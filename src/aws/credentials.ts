// What a request is authorised with: an API key, keys that stand still, or a provider that is asked
// again shortly before its keys expire. The AWS chain is the official one, loaded when first needed.

import { CredentialsError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import { type Environment, readVariable } from "./environment.ts";
import { hasProfile, profileName, sharedConfigPaths } from "./shared-config.ts";
import type { AwsCredentials } from "./sigv4.ts";

/** Returns keys. Asked again when those it returned are about to expire. */
export type CredentialsProvider = () => AwsCredentials | Promise<AwsCredentials>;

/** Keys with less than this left are renewed before they are used. */
const REFRESH_EARLY_MS = 5 * 60_000;

/** A provider that has not answered by then is given up; a renewal by hand fits in. */
const PROVIDER_TIMEOUT_MS = 60_000;

/** The chain would otherwise write warnings to the console of whoever uses this library. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Keeps a provider's keys while they last. Concurrent callers share one question to it. */
export class CredentialsCache {
  readonly #provider: CredentialsProvider;
  readonly #now: () => number;
  #current: AwsCredentials | undefined;
  #loading: Promise<AwsCredentials> | undefined;

  constructor(provider: CredentialsProvider, now: () => number = Date.now) {
    this.#provider = provider;
    this.#now = now;
  }

  /** Keys that are good to use: at once when they are at hand. Rejects with `CredentialsError`. */
  get(): AwsCredentials | Promise<AwsCredentials> {
    const current = this.#current;
    if (current !== undefined && this.#remainingMs(current) > REFRESH_EARLY_MS) return current;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    // One error for each caller: what a call learns of its own failure is no other call's.
    return this.#loading.catch((error: unknown) => {
      if (!(error instanceof CredentialsError)) throw error;
      throw new CredentialsError(error.message, { hint: error.hint, cause: error.cause });
    });
  }

  async #load(): Promise<AwsCredentials> {
    const previous = this.#current;
    try {
      const credentials = checkCredentials(await withTimeout(this.#provider), "The provider");
      this.#current = credentials;
      return credentials;
    } catch (error) {
      // Early renewal failed, but the old keys still work: better a late error than an early one.
      if (previous !== undefined && this.#remainingMs(previous) > 0) return previous;
      if (error instanceof CredentialsError) throw error;
      throw new CredentialsError(`The credentials provider failed: ${messageOf(error)}`, {
        hint: "Check the provider passed as `credentials`.",
        cause: error,
      });
    }
  }

  #remainingMs({ expiration }: AwsCredentials): number {
    return expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - this.#now();
  }
}

/** Checks the shape of keys without ever repeating them. Throws `CredentialsError`. */
export function checkCredentials(value: unknown, source: string): AwsCredentials {
  const usable =
    isRecord(value) &&
    isText(value["accessKeyId"]) &&
    isText(value["secretAccessKey"]) &&
    (value["sessionToken"] === undefined || typeof value["sessionToken"] === "string") &&
    (value["expiration"] === undefined || value["expiration"] instanceof Date);
  if (usable) {
    const credentials = value as unknown as AwsCredentials;
    const { accessKeyId, secretAccessKey, sessionToken = "" } = credentials;
    if (fitsHeader(accessKeyId + secretAccessKey + sessionToken)) return credentials;
    throw new CredentialsError(
      `${source} gave credentials with a character that no header can carry: look for a stray space or line end.`,
    );
  }
  throw new CredentialsError(
    `${source} gave no usable credentials: expected { accessKeyId, secretAccessKey, sessionToken?, expiration? }, the expiration a Date.`,
  );
}

/** Whether a header can carry a secret: no blank, no line end, nothing beyond ASCII. */
export function fitsHeader(secret: string): boolean {
  return /^[\x21-\x7e]*$/.test(secret);
}

/** The two or three variables that hold keys, when they do. */
export function environmentCredentials(environment: Environment): AwsCredentials | undefined {
  const accessKeyId = readVariable(environment, "AWS_ACCESS_KEY_ID")?.value;
  const secretAccessKey = readVariable(environment, "AWS_SECRET_ACCESS_KEY")?.value;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const sessionToken = readVariable(environment, "AWS_SESSION_TOKEN")?.value;
  return { accessKeyId, secretAccessKey, sessionToken };
}

/**
 * The AWS chain: shared files, IAM Identity Center, process, web identity, container, EC2. `profile`
 * is the one asked for by option; without it the chain chooses as all AWS tools do.
 */
export function chainProvider(
  environment: Environment,
  options: { profile?: string | undefined; region: string },
): CredentialsProvider {
  let chain: (() => Promise<AwsCredentials>) | undefined;
  return async () => {
    if (chain === undefined) {
      const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
      const paths = sharedConfigPaths(environment);
      chain = defaultProvider({
        ...(options.profile === undefined ? {} : { profile: options.profile }),
        filepath: paths.credentials,
        configFilepath: paths.config,
        clientConfig: { region: options.region },
        logger: SILENT,
      });
    }
    try {
      return await chain();
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
  return new CredentialsError(
    `No AWS credentials were found (${messageOf(cause)}). Tried:\n  ${tried.join("\n  ")}`,
    {
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, sign in with `aws sso login`, renew them with `dcaf env-update-aws-creds`, or work offline: `--local` on the command line, `startLocalBedrock` from dcaf/local in code.",
      cause,
    },
  );
}

async function withTimeout(provider: CredentialsProvider): Promise<AwsCredentials> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new CredentialsError(
          `The credentials provider did not answer within ${PROVIDER_TIMEOUT_MS / 1000} s.`,
        ),
      );
    }, PROVIDER_TIMEOUT_MS);
    // Whoever waits holds the process; a provider nobody waits for any more must not.
    timer.unref();
  });
  try {
    return await Promise.race([provider(), expired]);
  } finally {
    clearTimeout(timer);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}
