// The pool of kept-alive sockets of one client, through a proxy where the environment names one.

import { type AgentOptions, type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import type { Endpoint } from "../aws/endpoint.ts";
import { type Environment, readVariable } from "../aws/environment.ts";
import { type BedrockError, ConnectionError } from "../core/errors.ts";
import { serviceError } from "../core/service-errors.ts";
import { ABANDONED } from "./exchange.ts";

const OK_STATUS = 200;
const PROXY_AUTHENTICATION_STATUS = 407;

/** Makes the pool. `maxConnections` is the most sockets open at once. */
export async function createAgent(
  endpoint: Endpoint,
  environment: Environment,
  maxConnections: number,
): Promise<HttpAgent> {
  // The socket used last is the one most surely still open.
  const options = { keepAlive: true, maxSockets: maxConnections, scheduling: "lifo" } as const;
  if (!endpoint.secure) return new HttpAgent(options);
  if (readVariable(environment, "HTTPS_PROXY", "https_proxy") !== undefined) {
    const { getProxyForUrl } = await import("proxy-from-env");
    const proxy = getProxyForUrl(`https://${endpoint.host}/`);
    if (proxy !== "") return createProxyAgent(parseProxy(proxy), options);
  }
  return new HttpsAgent(options);
}

type ProxyAgent = InstanceType<typeof import("https-proxy-agent").HttpsProxyAgent>;

async function createProxyAgent(proxy: URL, options: AgentOptions): Promise<HttpAgent> {
  const { HttpsProxyAgent } = await import("https-proxy-agent");

  /** Closes the socket to a proxy that has not answered when its request is given up. */
  class AbandoningProxyAgent extends HttpsProxyAgent<string> {
    override async connect(
      request: ClientRequest,
      connectOptions: Parameters<ProxyAgent["connect"]>[1],
    ): Promise<Socket> {
      const abandoned = new AbortController();
      const abandon = (): void => abandoned.abort();
      request.once(ABANDONED, abandon);
      const shared = this.connectOpts;
      // Read before the first wait inside, and by nobody else until then.
      this.connectOpts = { ...shared, signal: abandoned.signal };
      const connecting = super.connect(request, connectOptions);
      this.connectOpts = shared;
      let refusal: number | undefined;
      const onAnswer = ({ statusCode }: { statusCode: number }): void => {
        if (statusCode !== OK_STATUS) refusal = statusCode;
      };
      request.once("proxyConnect", onAnswer);
      try {
        const socket = await connecting;
        if (refusal === undefined) return socket;
        // Anything else it says is not the endpoint's, whatever it looks like.
        socket.destroy();
        throw refusedByProxy(refusal, proxy);
      } finally {
        request.off("proxyConnect", onAnswer);
        request.off(ABANDONED, abandon);
      }
    }
  }
  return new AbandoningProxyAgent(proxy, options);
}

function refusedByProxy(status: number, { host }: URL): BedrockError {
  const message = `The proxy ${host} answered ${status} instead of opening a connection.`;
  if (status === PROXY_AUTHENTICATION_STATUS) {
    return serviceError("ProxyAuthenticationRequired", message, { status });
  }
  return new ConnectionError(message, {
    // A refusal stands; a proxy that stumbles may get up.
    retryable: status >= 500,
    status,
    hint: "The way leads through a proxy: check HTTPS_PROXY and NO_PROXY, and what it lets pass.",
  });
}

function parseProxy(text: string): URL {
  try {
    const url = new URL(text);
    decodeURIComponent(url.username + url.password);
    if (url.protocol === "http:" || url.protocol === "https:") return url;
  } catch {
    // Said below, and never repeated: it may hold a password.
  }
  throw new TypeError(
    "HTTPS_PROXY must be a URL such as http://user:password@proxy.example:3128; a % in the password is written %25.",
  );
}
