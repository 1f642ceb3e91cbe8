// From settings to a transport: the part of a client's start that may have to wait, for a profile in
// a file and for libraries that only some configurations need.

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import {
  type CredentialsProvider,
  checkCredentials,
  environmentCredentials,
} from "../aws/credentials.ts";
import { CredentialsCache } from "../aws/credentials-cache.ts";
import { chainProvider, namesChainSource } from "../aws/credentials-chain.ts";
import {
  type Endpoint,
  isLoopback,
  parseEndpoint,
  parseRegion,
  regionalEndpoint,
} from "../aws/endpoint.ts";
import { type Environment, parseFlag, parseNumber } from "../aws/environment.ts";
import { ServiceClock } from "../aws/service-clock.ts";
import {
  hasSharedFiles,
  loadSharedProfile,
  profileName,
  type SharedProfile,
} from "../aws/shared-config.ts";
import type { AwsCredentials } from "../aws/sigv4.ts";
import { CredentialsError } from "../core/errors.ts";
import { VERSION } from "../core/version.ts";
import { createAgent } from "../transport/agent.ts";
import type { Authorization } from "../transport/authorizer.ts";
import type { RetryOptions } from "../transport/retrier.ts";
import { Transport } from "../transport/transport.ts";
import { type ClientSettings, parseRetryMode } from "./client-options.ts";

/** What calls need, once everything is resolved. */
export interface Connection {
  readonly transport: Transport;
  readonly retry: RetryOptions;
  /** 0 when nothing is sent again that was not answered in time. */
  readonly attemptTimeoutMs: number;
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
  const named =
    settings.region ??
    parseRegion(profile.settings["region"] ?? DEFAULT_REGION, "region of the AWS profile");
  const endpoint = resolveEndpoint(settings, profile, named);
  const agent =
    settings.agent ?? (await createAgent(endpoint, environment, settings.maxConnections));
  requireProtocol(agent, endpoint);
  const clock = new ServiceClock();
  const transport = new Transport({
    endpoint,
    region: named.region,
    agent,
    authorization: resolveAuthorization(settings, named.region, endpoint, clock),
    clock,
    userAgent: `dcaf/${VERSION} node/${process.versions.node}`,
    logger: settings.logger,
  });
  return {
    transport,
    retry: resolveRetry(settings, profile),
    attemptTimeoutMs: settings.retry.attemptTimeoutMs ?? 0,
    close: () => {
      if (settings.agent === undefined) agent.destroy();
    },
  };
}

/** An agent of the other protocol would fail only deep inside a call; those of libraries may do both. */
function requireProtocol(agent: HttpAgent, endpoint: Endpoint): void {
  const isWrong = endpoint.secure
    ? agent.constructor === HttpAgent
    : agent.constructor === HttpsAgent;
  if (!isWrong) return;
  const [wanted, given] = endpoint.secure ? ["https", "http"] : ["http", "https"];
  throw new TypeError(
    `agent is one of node:${given}, but the endpoint ${endpoint.host} needs one of node:${wanted}.`,
  );
}

function resolveEndpoint(
  settings: ClientSettings,
  profile: SharedProfile,
  named: { region: string; fips: boolean },
): Endpoint {
  if (settings.endpoint !== undefined) return settings.endpoint;
  if (profile.endpointUrl !== undefined && !settings.ignoresConfiguredEndpoints) {
    return parseEndpoint(
      profile.endpointUrl,
      "endpoint_url of the AWS profile",
      settings.insecureHosts,
    );
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
  clock: ServiceClock,
): Authorization {
  const { apiKey, apiKeySource, credentials, environment, profile } = settings;
  if (apiKey !== undefined) return { kind: "apiKey", apiKey, source: apiKeySource };
  const cache = (provider: CredentialsProvider) =>
    new CredentialsCache(provider, {
      limitMs: settings.timeouts.credentialsMs,
      now: () => clock.now(),
    });
  if (typeof credentials === "function") {
    const source = "the provider passed as the option credentials";
    return { kind: "provider", cache: cache(credentials), source };
  }
  if (credentials !== undefined) {
    const keys = checkCredentials(credentials, "The option credentials");
    return { kind: "keys", keys, source: "the option credentials" };
  }
  const own = profile === undefined ? environmentCredentials(environment) : undefined;
  if (own !== undefined) {
    const keys = checkCredentials(own, "The environment");
    return { kind: "keys", keys, source: "the environment (AWS_ACCESS_KEY_ID)" };
  }
  const chain = chainProvider(environment, { profile, region });
  const isFree = isLoopback(endpoint) && profile === undefined && !namesChainSource(environment);
  return {
    kind: "provider",
    cache: cache(isFree ? orPlaceholder(chain, environment) : chain),
    source: `the AWS chain (profile “${profileName(environment, profile)}”)${isFree ? ", or are the placeholders for an endpoint on this machine" : ""}`,
  };
}

/** Asks the chain only where there are files to read: elsewhere it would look for EC2, for seconds. */
function orPlaceholder(chain: CredentialsProvider, environment: Environment): CredentialsProvider {
  return async (options) => {
    if (!(await hasSharedFiles(environment))) return LOOPBACK_CREDENTIALS;
    try {
      return await chain(options);
    } catch (error) {
      if (error instanceof CredentialsError) return LOOPBACK_CREDENTIALS;
      throw error;
    }
  };
}

function resolveRetry({ retry }: ClientSettings, { settings }: SharedProfile): RetryOptions {
  const { max_attempts: attempts, retry_mode: mode } = settings;
  const source = "of the AWS profile";
  const maxAttempts =
    retry.maxAttempts ??
    (attempts === undefined
      ? undefined
      : parseNumber(attempts, `max_attempts ${source}`, { min: 1, integer: true }));
  return {
    maxAttempts: maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    isLimitGiven: maxAttempts !== undefined,
    mode:
      retry.mode ??
      (mode === undefined ? "standard" : parseRetryMode(mode, `retry_mode ${source}`)),
  };
}
