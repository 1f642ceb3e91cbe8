// Connections through a proxy, by CONNECT. A proxy is not the endpoint: it may refuse, hang and lie.

import type { AgentOptions, ClientRequest, Agent as HttpAgent } from "node:http";
import type { Socket } from "node:net";
import { type BedrockError, ConnectionError } from "../core/errors.ts";
import { serviceError } from "../core/service-errors.ts";
import { ABANDONED } from "./exchange.ts";

const OK_STATUS = 200;
const PROXY_AUTHENTICATION_STATUS = 407;

/** What every agent of Node's has, and its types leave out. */
interface NodeAgent {
  addRequest(request: ClientRequest, options: object): void;
}

type ProxyAgent = InstanceType<typeof import("https-proxy-agent").HttpsProxyAgent>;

/** Makes the pool. Throws `TypeError` for a proxy that cannot be read. */
export async function createProxyAgent(url: string, options: AgentOptions): Promise<HttpAgent> {
  const proxy = parseProxy(url);
  const { HttpsProxyAgent } = await import("https-proxy-agent");

  /**
   * Closes the socket to a proxy that has not answered when its request is given up, takes nothing a
   * proxy says for the endpoint's, and goes on with those who wait when a connection fails.
   */
  class CarefulProxyAgent extends HttpsProxyAgent<string> {
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
      } catch (error) {
        // Once this one is no longer counted.
        setImmediate(() => this.#connectNext(connectOptions));
        throw error;
      } finally {
        request.off("proxyConnect", onAnswer);
        request.off(ABANDONED, abandon);
      }
    }

    /** Whoever waits for a connection under `maxConnections` is told only of those that close. */
    #connectNext(connectOptions: Parameters<ProxyAgent["connect"]>[1]): void {
      const name = this.getName(connectOptions);
      // Node keeps the requests themselves in these lists, whatever its types say.
      const queue = this.requests[name] as unknown as ClientRequest[] | undefined;
      const next = queue?.shift();
      if (queue?.length === 0) delete (this.requests as Record<string, unknown>)[name];
      if (next !== undefined) (this as unknown as NodeAgent).addRequest(next, connectOptions);
    }
  }
  return new CarefulProxyAgent(proxy, options);
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
