// What a client can be told, and where each value comes from when it is not: option, environment,
// profile, default, in this order. Options and environment are read when the client is made, so that
// a mistake shows at once; the profile is a file and is read before the first call.

import type { Agent } from "node:http";
import type { CredentialsProvider } from "../aws/credentials.ts";
import type { Endpoint, ParsedRegion } from "../aws/endpoint.ts";
import { type Environment, parseFlag, parseNumber, readVariable } from "../aws/environment.ts";
import type { AwsCredentials } from "../aws/sigv4.ts";
import { type Logger, readLogger } from "../core/logger.ts";
import {
  assertKnownOptions,
  kindOf,
  MAX_TIMER_MS,
  readBoolean,
  readChoice,
  readNumber,
  readString,
} from "../core/options.ts";
import {
  readApiKey,
  readCredentials,
  readEndpoint,
  readInsecureHosts,
  readRegion,
} from "./access-options.ts";
import {
  type ClientTimeoutOptions,
  type ResolvedTimeouts,
  type RetryOptionsInput,
  type RetrySettings,
  readClientTimeouts,
  readRetry,
} from "./call-options.ts";

/** Everything may be left out: a client without options uses the environment as all AWS tools do. */
export interface BedrockLLMOptions {
  /** @default `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's region, `us-east-1` */
  readonly region?: string | undefined;
  /** Profile of the shared AWS files. Given here, it beats credentials in the environment. */
  readonly profile?: string | undefined;
  /** Keys, or a function that is asked for new ones shortly before they expire. */
  readonly credentials?: AwsCredentials | CredentialsProvider | undefined;
  /** A Bedrock API key, sent as a bearer token. @default `AWS_BEARER_TOKEN_BEDROCK` */
  readonly apiKey?: string | undefined;
  /** Another address than the region's: https, or http on this machine. @default `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, `AWS_ENDPOINT_URL`, the profile's */
  readonly endpoint?: string | URL | undefined;
  /**
   * Hosts that `endpoint` may name with http://, where the network itself is trusted: whoever is on
   * the way reads prompts and keys. @default `DCAF_INSECURE_HOSTS` (names with commas between), none
   */
  readonly insecureHosts?: readonly string[] | undefined;
  /** For requests that name no model. @default `BEDROCK_MODEL_ID` */
  readonly modelId?: string | undefined;
  /** The model behind `modelId` when that hides it, as the ARN of an application inference profile does. */
  readonly baseModelId?: string | undefined;
  readonly timeouts?: ClientTimeoutOptions | undefined;
  readonly retry?: RetryOptionsInput | undefined;
  /**
   * `"auto"` places prompt-cache points where they pay, for models known to cache and requests that
   * have none of their own. @default "off"
   */
  readonly cache?: "auto" | "off" | undefined;
  /**
   * Whether requests that Bedrock would refuse are stopped with an `InvalidRequestError`; without,
   * they are sent as they are, and Bedrock judges. @default true
   */
  readonly checkRequests?: boolean | undefined;
  /** Most sockets open at once; further calls wait for one, up to `timeouts.connectMs`. @default no limit */
  readonly maxConnections?: number | undefined;
  /**
   * Told about retries, about what could not be sent as it was meant, and about what a refusal has
   * taught; never about prompts or credentials. @default none
   */
  readonly logger?: Logger | undefined;
  /** A `node:https` agent of your own, for proxies, client certificates and private authorities. */
  readonly agent?: Agent | undefined;
  /** @default `AWS_USE_FIPS_ENDPOINT`, the profile's `use_fips_endpoint`, false */
  readonly useFipsEndpoint?: boolean | undefined;
  /** @default `AWS_USE_DUALSTACK_ENDPOINT`, the profile's `use_dualstack_endpoint`, false */
  readonly useDualstackEndpoint?: boolean | undefined;
}

const OPTION_NAMES: readonly (keyof BedrockLLMOptions)[] = [
  "region",
  "profile",
  "credentials",
  "apiKey",
  "endpoint",
  "insecureHosts",
  "modelId",
  "baseModelId",
  "timeouts",
  "retry",
  "cache",
  "checkRequests",
  "maxConnections",
  "logger",
  "agent",
  "useFipsEndpoint",
  "useDualstackEndpoint",
];

/** Options and environment, checked; what is still undefined may come from the profile. */
export interface ClientSettings {
  readonly environment: Environment;
  readonly region: ParsedRegion | undefined;
  readonly profile: string | undefined;
  readonly credentials: AwsCredentials | CredentialsProvider | undefined;
  readonly apiKey: string | undefined;
  /** Which option or variable the API key came from. */
  readonly apiKeySource: string;
  readonly endpoint: Endpoint | undefined;
  readonly insecureHosts: readonly string[];
  /** Whether an endpoint of the profile is to be passed over as well. */
  readonly ignoresConfiguredEndpoints: boolean;
  readonly modelId: string | undefined;
  readonly baseModelId: string | undefined;
  readonly timeouts: ResolvedTimeouts & { readonly credentialsMs: number };
  readonly retry: RetrySettings;
  readonly cache: "auto" | "off";
  readonly checksRequests: boolean;
  readonly maxConnections: number;
  readonly logger: Logger | undefined;
  readonly agent: Agent | undefined;
  readonly useFipsEndpoint: boolean | undefined;
  readonly useDualstackEndpoint: boolean | undefined;
}

const WHERE = "BedrockLLM";

/** Reads options and environment. Throws `TypeError` naming the option or the variable. */
export function readClientOptions(options: unknown, environment: Environment): ClientSettings {
  assertKnownOptions(options, OPTION_NAMES, WHERE);
  const text = (name: keyof BedrockLLMOptions, ...variables: string[]) =>
    readString(options[name], name) ?? readVariable(environment, ...variables)?.value;
  const flag = (name: "useFipsEndpoint" | "useDualstackEndpoint", variable: string) => {
    const set = readVariable(environment, variable);
    return readBoolean(options[name], name) ?? (set && parseFlag(set.value, variable));
  };
  const ignore = readVariable(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  const insecureHosts = readInsecureHosts(options["insecureHosts"], environment);
  const ignoresConfiguredEndpoints = ignore !== undefined && parseFlag(ignore.value, ignore.name);
  return {
    environment,
    region: readRegion(options["region"], environment),
    profile: readString(options["profile"], "profile"),
    credentials: readCredentials(options["credentials"]),
    apiKey: readApiKey(options, environment),
    apiKeySource:
      options["apiKey"] === undefined ? "AWS_BEARER_TOKEN_BEDROCK" : "the option apiKey",
    endpoint: readEndpoint(options["endpoint"], environment, {
      ignoresConfiguredEndpoints,
      insecureHosts,
    }),
    insecureHosts,
    ignoresConfiguredEndpoints,
    modelId: text("modelId", "BEDROCK_MODEL_ID"),
    baseModelId: readString(options["baseModelId"], "baseModelId"),
    timeouts: environmentTimeouts(options["timeouts"], environment),
    retry: environmentRetry(options["retry"], environment),
    cache: readChoice(options["cache"], "cache", ["auto", "off"]) ?? "off",
    checksRequests: readBoolean(options["checkRequests"], "checkRequests") ?? true,
    maxConnections:
      readNumber(options["maxConnections"], "maxConnections", { min: 1, integer: true }) ??
      Number.POSITIVE_INFINITY,
    logger: readLogger(options["logger"]),
    agent: readAgent(options["agent"]),
    useFipsEndpoint: flag("useFipsEndpoint", "AWS_USE_FIPS_ENDPOINT"),
    useDualstackEndpoint: flag("useDualstackEndpoint", "AWS_USE_DUALSTACK_ENDPOINT"),
  };
}

function environmentTimeouts(value: unknown, environment: Environment): ClientSettings["timeouts"] {
  const seconds = (variable: string): number | undefined => {
    const set = readVariable(environment, variable);
    return set && Math.min(parseNumber(set.value, variable, { min: 0 }) * 1000, MAX_TIMER_MS);
  };
  return readClientTimeouts(value, {
    connectMs: seconds("BOTO3_CONNECT_TIMEOUT"),
    readMs: seconds("BOTO3_READ_TIMEOUT"),
  });
}

function environmentRetry(value: unknown, environment: Environment): RetrySettings {
  const all = readVariable(environment, "AWS_MAX_ATTEMPTS");
  const retries = readVariable(environment, "BOTO3_MAX_ATTEMPTS");
  const mode = readVariable(environment, "AWS_RETRY_MODE", "BOTO3_RETRY_MODE");
  let maxAttempts = all && parseNumber(all.value, all.name, { min: 1, integer: true });
  // boto3 counts the tries after the first.
  maxAttempts ??=
    retries && parseNumber(retries.value, retries.name, { min: 0, integer: true }) + 1;
  const given = readRetry(value);
  return {
    ...given,
    maxAttempts: given.maxAttempts ?? maxAttempts,
    mode: given.mode ?? (mode && parseRetryMode(mode.value, mode.name)),
  };
}

/** Reads a retry mode as files and variables spell it: `legacy` is read as `standard`. */
export function parseRetryMode(text: string, source: string): "standard" | "adaptive" {
  const word = text.trim().toLowerCase();
  if (word === "standard" || word === "legacy") return "standard";
  if (word === "adaptive") return "adaptive";
  throw new TypeError(`${source} must be standard, adaptive or legacy.`);
}

function readAgent(value: unknown): Agent | undefined {
  if (value === undefined) return undefined;
  const candidate = value as { addRequest?: unknown; destroy?: unknown } | null;
  if (typeof candidate?.addRequest === "function") return value as Agent;
  throw new TypeError(`agent must be an Agent of node:https or node:http; got ${kindOf(value)}.`);
}
