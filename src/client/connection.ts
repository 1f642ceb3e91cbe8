// From settings to a transport: the part of a client's start that may have to wait, for a profile in
// a file and for libraries that only some configurations need.

import {
  CredentialsCache,
  type CredentialsProvider,
  chainProvider,
  checkCredentials,
  environmentCredentials,
  hasChainSource,
} from "../aws/credentials.ts";
import {
  type Endpoint,
  isLoopback,
  parseEndpoint,
  parseRegion,
  regionalEndpoint,
} from "../aws/endpoint.ts";
import { type Environment, parseFlag, parseNumber } from "../aws/environment.ts";
import { loadSharedProfile, profileName, type SharedProfile } from "../aws/shared-config.ts";
import type { AwsCredentials } from "../aws/sigv4.ts";
import { CredentialsError } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { createAgent } from "../transport/agent.ts";
import { type Authorization, type RetryOptions, Transport } from "../transport/transport.ts";
import { type ClientSettings, parseRetryMode } from "./client-options.ts";

/** What calls need, once everything is resolved. */
export interface Connection {
  readonly transport: Transport;
  readonly retry: RetryOptions;
  /** Closes the sockets, unless the pool is the caller's. */
  close(): void;
}

const DEFAULT_REGION = "us-east-1";
const DEFAULT_MAX_ATTEMPTS = 3;

/** An endpoint on this machine asks for no real keys, and needs none to be configured. */
const LOOPBACK_CREDENTIALS: AwsCredentials = { accessKeyId: "local", secretAccessKey: "local" };

/** Resolves what is left. Rejects with `TypeError` on a profile that cannot be read. */
export async function openConnection(settings: ClientSettings): Promise<Connection> {
  const { environment } = settings;
  const profile = await loadSharedProfile(environment, profileName(environment, settings.profile));
  const named = parseRegion(settings.region ?? profile.settings["region"] ?? DEFAULT_REGION);
  const endpoint = resolveEndpoint(settings, profile, named);
  const agent =
    settings.agent ?? (await createAgent(endpoint, environment, settings.maxConnections));
  const transport = new Transport({
    endpoint,
    region: named.region,
    agent,
    authorization: resolveAuthorization(settings, named.region, endpoint),
    userAgent: `dcaf/${VERSION} node/${process.versions.node}`,
    logger: settings.logger,
  });
  return {
    transport,
    retry: resolveRetry(settings, profile),
    close: () => {
      if (settings.agent === undefined) agent.destroy();
    },
  };
}

function resolveEndpoint(
  settings: ClientSettings,
  profile: SharedProfile,
  named: { region: string; fips: boolean },
): Endpoint {
  const ignored = settings.environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] === "true";
  if (settings.endpoint !== undefined) {
    return parseEndpoint(settings.endpoint.url, settings.endpoint.source);
  }
  if (profile.endpointUrl !== undefined && !ignored) {
    return parseEndpoint(profile.endpointUrl, "endpoint_url of the AWS profile");
  }
  const flag = (name: string) => {
    const text = profile.settings[name];
    return text !== undefined && parseFlag(text, `${name} of the AWS profile`);
  };
  return regionalEndpoint(named.region, {
    useFipsEndpoint: named.fips || (settings.useFipsEndpoint ?? flag("use_fips_endpoint")),
    useDualstackEndpoint: settings.useDualstackEndpoint ?? flag("use_dualstack_endpoint"),
  });
}

function resolveAuthorization(
  settings: ClientSettings,
  region: string,
  endpoint: Endpoint,
): Authorization {
  const { apiKey, credentials, environment, profile } = settings;
  if (apiKey !== undefined) return { kind: "apiKey", apiKey };
  if (typeof credentials === "function") {
    return { kind: "credentials", credentials: new CredentialsCache(credentials) };
  }
  const fixed =
    credentials ?? (profile === undefined ? environmentCredentials(environment) : undefined);
  if (fixed !== undefined) {
    const source = credentials === undefined ? "The environment" : "The option credentials";
    const checked = checkCredentials(fixed, source);
    return { kind: "credentials", credentials: new CredentialsCache(() => checked) };
  }
  const chain = chainProvider(environment, { profile, region });
  const loopback = isLoopback(endpoint) && profile === undefined;
  const provider = loopback ? orPlaceholder(chain, environment) : chain;
  return { kind: "credentials", credentials: new CredentialsCache(provider) };
}

function orPlaceholder(chain: CredentialsProvider, environment: Environment): CredentialsProvider {
  return async () => {
    if (!(await hasChainSource(environment))) return LOOPBACK_CREDENTIALS;
    try {
      return await chain();
    } catch (error) {
      if (error instanceof CredentialsError) return LOOPBACK_CREDENTIALS;
      throw error;
    }
  };
}

function resolveRetry({ retry }: ClientSettings, { settings }: SharedProfile): RetryOptions {
  const { max_attempts: attempts, retry_mode: mode } = settings;
  const source = "of the AWS profile";
  return {
    maxAttempts:
      retry.maxAttempts ??
      (attempts === undefined
        ? DEFAULT_MAX_ATTEMPTS
        : parseNumber(attempts, `max_attempts ${source}`, { min: 1, integer: true })),
    mode:
      retry.mode ??
      (mode === undefined ? "standard" : parseRetryMode(mode, `retry_mode ${source}`)),
  };
}
