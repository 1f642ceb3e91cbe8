// Where a client asks, and as whom: region, endpoint and what authorises, as option or variable.

import { type CredentialsProvider, fitsHeader } from "../aws/credentials.ts";
import {
  type Endpoint,
  type ParsedRegion,
  parseEndpoint,
  parseInsecureHosts,
  parseRegion,
} from "../aws/endpoint.ts";
import { type Environment, readVariable } from "../aws/environment.ts";
import type { AwsCredentials } from "../aws/sigv4.ts";
import { isRecord } from "../core/json.ts";
import { kindOf, readString } from "../core/options.ts";

/** Throws `TypeError` on what is neither keys nor a function. */
export function readCredentials(value: unknown): AwsCredentials | CredentialsProvider | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "function") return value as CredentialsProvider;
  if (isRecord(value)) return value as unknown as AwsCredentials;
  throw new TypeError(
    `credentials must be { accessKeyId, secretAccessKey, sessionToken? } or a function that returns them; got ${kindOf(value)}.`,
  );
}

/** An explicit way to authorise always beats the environment's API key. */
export function readApiKey(
  options: Readonly<Record<string, unknown>>,
  environment: Environment,
): string | undefined {
  const apiKey = requireKey(readString(options["apiKey"], "apiKey"), "apiKey");
  const others = ["credentials", "profile"].filter((name) => options[name] !== undefined);
  if (apiKey !== undefined && others.length > 0) {
    throw new TypeError(`BedrockLLM: give either apiKey or ${others.join(" and ")}, not both.`);
  }
  if (apiKey !== undefined || others.length > 0) return apiKey;
  const set = readVariable(environment, "AWS_BEARER_TOKEN_BEDROCK");
  return set && requireKey(set.value, set.name);
}

function requireKey(key: string | undefined, source: string): string | undefined {
  if (key === undefined || fitsHeader(key)) return key;
  throw new TypeError(
    `${source} holds a character that no header can carry: look for a stray space or line end.`,
  );
}

/** Throws `TypeError` on what is no region. */
export function readRegion(value: unknown, environment: Environment): ParsedRegion | undefined {
  const option = readString(value, "region");
  if (option !== undefined) return parseRegion(option, "region");
  const set = readVariable(environment, "AWS_REGION", "AWS_DEFAULT_REGION");
  return set && parseRegion(set.value, set.name);
}

/** Throws `TypeError` on what is no address, or not a safe one. */
export function readEndpoint(
  value: unknown,
  environment: Environment,
  settings: {
    /** Whether variables are passed over. */
    readonly ignoresConfiguredEndpoints: boolean;
    readonly insecureHosts: readonly string[];
  },
): Endpoint | undefined {
  const { ignoresConfiguredEndpoints, insecureHosts } = settings;
  const option = readString(value instanceof URL ? value.href : value, "endpoint");
  if (option !== undefined) return parseEndpoint(option, "endpoint", insecureHosts);
  if (ignoresConfiguredEndpoints) return undefined;
  const set = readVariable(environment, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL");
  return set && parseEndpoint(set.value, set.name, insecureHosts);
}

/** Throws `TypeError` on what are no names of hosts. */
export function readInsecureHosts(value: unknown, environment: Environment): readonly string[] {
  if (value !== undefined) {
    if (Array.isArray(value) && value.every((name) => typeof name === "string")) {
      return parseInsecureHosts(value, "insecureHosts");
    }
    const wrong = Array.isArray(value) ? value.find((name) => typeof name !== "string") : value;
    throw new TypeError(`insecureHosts must be a list of host names; got ${kindOf(wrong)}.`);
  }
  const set = readVariable(environment, "DCAF_INSECURE_HOSTS");
  if (set === undefined) return [];
  const names = set.value.split(",").map((name) => name.trim());
  return parseInsecureHosts(
    names.filter((name) => name !== ""),
    set.name,
  );
}
