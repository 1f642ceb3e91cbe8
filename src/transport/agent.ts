// The pool of kept-alive sockets of one client, through a proxy where the environment names one.

import { type AgentOptions, type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Socket } from "node:net";
import type { Endpoint } from "../aws/endpoint.ts";
import { type Environment, readVariable } from "../aws/environment.ts";
import { ABANDONED } from "./exchange.ts";

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
      try {
        return await connecting;
      } finally {
        request.off(ABANDONED, abandon);
      }
    }
  }
  return new AbandoningProxyAgent(proxy, options);
}

function parseProxy(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new TypeError("HTTPS_PROXY must be a URL such as http://proxy.example:3128.");
  }
}
