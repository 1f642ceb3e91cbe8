// The pool of kept-alive sockets of one client, through a proxy where the environment names one.

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Endpoint } from "../aws/endpoint.ts";
import { type Environment, readVariable } from "../aws/environment.ts";
import { createProxyAgent } from "./proxy-agent.ts";

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
    if (proxy !== "") return createProxyAgent(proxy, options);
  }
  return new HttpsAgent(options);
}
