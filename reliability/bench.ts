// What a row is measured with: servers and clients that are closed with it, and how thorough to be.

import { Agent as HttpsAgent } from "node:https";
import { BedrockLLM, type BedrockLLMOptions } from "../src/index.ts";
import { CERTIFICATE, type FaultServer, type Script, startFaultServer } from "./fault-server.ts";

/** `full` is the table; `brief` plays the same rows in less time, with bounds for a busy machine. */
export type Extent = "full" | "brief";

/** Beyond these a call would hang the bench; rows about deadlines set their own. */
const TIMEOUTS = {
  connectMs: 10_000,
  firstEventMs: 30_000,
  idleMs: 30_000,
  responseMs: 30_000,
} as const;

const PLACEHOLDER_KEYS = { accessKeyId: "AKIDFAULTS", secretAccessKey: "not-a-secret" };

/**
 * A client of a server here. Every option is set, so that the machine's environment changes no
 * figure. `close` it.
 */
export function clientOf(url: string, options: BedrockLLMOptions = {}): BedrockLLM {
  const isSecure = url.startsWith("https:");
  return new BedrockLLM({
    endpoint: url,
    region: "us-east-1",
    modelId: "us.test.model-v1:0",
    credentials: PLACEHOLDER_KEYS,
    retry: { mode: "standard", maxAttempts: 3 },
    timeouts: TIMEOUTS,
    ...(isSecure ? { agent: new HttpsAgent({ keepAlive: true, ca: CERTIFICATE }) } : {}),
    ...options,
  });
}

/** Opens what a row needs. */
export class Bench {
  readonly extent: Extent;
  readonly #closing: (() => void | Promise<void>)[] = [];

  constructor(extent: Extent) {
    this.extent = extent;
  }

  /** One value for the table, another for tests. */
  choose<Value>(full: Value, brief: Value): Value {
    return this.extent === "full" ? full : brief;
  }

  /** Starts a server. */
  async serve(script: Script, options: { readonly isSecure?: boolean } = {}): Promise<FaultServer> {
    const server = await startFaultServer(script, options);
    this.#closing.push(() => server.close());
    return server;
  }

  /** Makes a client of one. */
  client(server: FaultServer, options: BedrockLLMOptions = {}): BedrockLLM {
    const llm = clientOf(server.url, options);
    this.#closing.push(() => llm.close());
    return llm;
  }

  /** Closes everything, what was opened last first. */
  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }
}
