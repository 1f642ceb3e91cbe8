// What a failing socket means to a caller: where it was going, whether another try may help, and
// what to look at.

import type { Agent } from "node:http";
import type { Endpoint } from "../aws/endpoint.ts";
import { BedrockError, ConnectionError } from "../core/errors.ts";

/** Failures that no second try will mend: names that do not exist, certificates that do not fit. */
const PERMANENT_CODES =
  /^(ENOTFOUND|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|EPROTO|ERR_SSL_.*|EACCES|ERR_INVALID_.*)$/;
const CERTIFICATE_CODES = /^(ERR_TLS_CERT.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

const HINTS: Readonly<Record<string, string | undefined>> = {
  ECONNREFUSED: "Nothing listens there: check the endpoint, or start it with `dcaf local`.",
  ENOTFOUND: "The host name does not exist: check the region and the endpoint.",
  EPROTO: "The endpoint may not speak TLS on this port: check https:// and the port.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The certificate is for another host name: check the endpoint, and what answers there.",
  EAI_AGAIN: "The name server did not answer: check the network.",
};
const CERTIFICATE_HINT =
  "The certificate is not trusted here: name its authority in NODE_EXTRA_CA_CERTS, or pass an `agent` that knows it.";
const PROXY_HINT = "The way leads through a proxy: check HTTPS_PROXY and NO_PROXY.";
const GENERAL_HINT = "Check the endpoint, the network and HTTPS_PROXY.";

/** The error for a request that got no answer; `error` is undefined when nobody said why. */
export function connectionError(
  error: Error | undefined,
  { endpoint, agent }: { readonly endpoint: Endpoint; readonly agent: Agent },
): BedrockError {
  if (error instanceof BedrockError) return error;
  const code = codeOf(error);
  if (code.startsWith("HPE_")) return unreadable(code, endpoint, error);
  const proxy = proxyOf(agent);
  const where =
    proxy === undefined ? addressOf(endpoint) : `${addressOf(endpoint)} by the proxy ${proxy}`;
  return new ConnectionError(`No answer from ${where}${code === "" ? "" : ` (${code})`}.`, {
    retryable: !PERMANENT_CODES.test(code),
    hint: hintFor(code, proxy !== undefined),
    cause: error,
  });
}

function hintFor(code: string, isByProxy: boolean): string {
  const known = HINTS[code];
  // Whose certificate it is does not depend on the way.
  if (CERTIFICATE_CODES.test(code)) return known ?? CERTIFICATE_HINT;
  return isByProxy ? PROXY_HINT : (known ?? GENERAL_HINT);
}

/** The error for a body that broke off: ours if we broke it, else a lost connection. */
export function brokenBodyError(error: Error | undefined, endpoint: Endpoint): BedrockError {
  if (error instanceof BedrockError) return error;
  const code = codeOf(error);
  return new ConnectionError(
    `The connection to ${addressOf(endpoint)} broke before the answer was complete${code === "" ? "" : ` (${code})`}.`,
    {
      retryable: true,
      hint: "The network or a proxy closed it; send the request again.",
      cause: error,
    },
  );
}

/** Something answers, but not in HTTP as it must be. */
function unreadable(code: string, endpoint: Endpoint, cause: Error | undefined): ConnectionError {
  return new ConnectionError(`What ${addressOf(endpoint)} answers cannot be read (${code}).`, {
    hint: "Check that the endpoint speaks HTTP on this port, and what stands between.",
    cause,
  });
}

function addressOf({ hostname, port }: Endpoint): string {
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/** Host and port of the proxy an agent goes through; its credentials stay where they are. */
function proxyOf(agent: Agent): string | undefined {
  return "proxy" in agent && agent.proxy instanceof URL ? agent.proxy.host : undefined;
}

function codeOf(error: Error | undefined): string {
  return error !== undefined && "code" in error && typeof error.code === "string" ? error.code : "";
}
