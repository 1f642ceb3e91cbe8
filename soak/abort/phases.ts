// Every state in which a call can be aborted, and how to bring one into it.

import { Agent } from "node:http";
import type { LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { BedrockLLM, BedrockLLMOptions } from "../../src/index.ts";
import { modelFor, soakClient } from "../client.ts";
import type { SoakServer } from "../server/start-server.ts";
import { blockConnections } from "./block-connections.ts";

/** A call that has come into its phase. */
export interface Waiting {
  /** Must reject once the call is aborted. */
  ended(): Promise<unknown>;
  /** Another way to abort than the signal. */
  abort?(): void;
}

/** One phase, ready to be entered again and again. */
export interface Phase {
  readonly name: string;
  /** Whether an abort closes a connection that the server has accepted. */
  readonly closesConnection: boolean;
  /** Starts a call and resolves once it is in the phase. */
  enter(signal: AbortSignal): Promise<Waiting>;
  /** Closes clients and whatever else the phase needed. */
  leave(): Promise<void>;
}

/** Makes a phase when its turn has come. */
export type PhaseMaker = (server: SoakServer) => Promise<Phase>;

const PROMPT = "What is the capital of France?";
/** Longer than it takes to get from a call to the kernel. */
const MOMENT_MS = 4;

/** A phase that a call of one client comes into by itself, a moment after `reached`. */
function phase(
  name: string,
  closesConnection: boolean,
  llm: BedrockLLM,
  parts: {
    readonly behaviour?: string;
    reached?(): Promise<unknown>;
    leave?(): void;
  },
): Phase {
  return {
    name,
    closesConnection,
    async enter(signal) {
      const modelId = modelFor(parts.behaviour ?? "answer");
      const call = llm.invoke({ modelId, messages: PROMPT, signal });
      call.catch(() => {});
      await parts.reached?.();
      await sleep(MOMENT_MS);
      return { ended: () => call };
    },
    async leave() {
      await llm.close();
      parts.leave?.();
    },
  };
}

/** Something that happens once for each call. */
class Signpost {
  #pass: () => void = () => {};

  /** Resolves when `pass` is called next. */
  reached(): Promise<void> {
    return new Promise((resolve) => {
      this.#pass = resolve;
    });
  }

  pass(): void {
    this.#pass();
  }
}

async function queued(server: SoakServer): Promise<Phase> {
  const llm = soakClient(server.url, { maxConnections: 1 });
  const holder = llm.invokeStream({ modelId: modelFor("stall"), messages: PROMPT });
  await holder[Symbol.asyncIterator]().next();
  return phase("waiting for a socket", false, llm, {});
}

async function lookingUp(server: SoakServer): Promise<Phase> {
  const signpost = new Signpost();
  // Answers late, when the call has long been given up.
  const lookup: LookupFunction = (_host, _options, callback) => {
    signpost.pass();
    setTimeout(() => callback(null, [{ address: "127.0.0.1", family: 4 }]), 60);
  };
  const agent = new Agent({ keepAlive: true, lookup });
  const host = "soak.invalid";
  const llm = soakClient(`http://${host}:${server.port}`, { agent, insecureHosts: [host] });
  const reached = (): Promise<void> => signpost.reached();
  return phase("looking up the name", false, llm, { reached, leave: () => agent.destroy() });
}

async function connecting(): Promise<Phase> {
  const blocked = await blockConnections();
  const llm = soakClient(`http://127.0.0.1:${blocked.port}`);
  return phase("connecting", false, llm, { leave: () => blocked.end() });
}

async function handshaking(server: SoakServer): Promise<Phase> {
  const llm = soakClient(`https://127.0.0.1:${server.silentPort}`);
  return phase("TLS handshake", true, llm, {});
}

async function awaitingCredentials(server: SoakServer): Promise<Phase> {
  const options: BedrockLLMOptions = { credentials: () => new Promise(() => {}) };
  return phase("waiting for credentials", false, soakClient(server.url, options), {});
}

async function awaitingHeaders(server: SoakServer): Promise<Phase> {
  return phase("waiting for headers", true, soakClient(server.url), {
    behaviour: "silent",
    reached: await arrivalAt(server),
  });
}

async function readingBody(server: SoakServer): Promise<Phase> {
  return phase("reading a whole body", true, soakClient(server.url), {
    behaviour: "stall",
    reached: await arrivalAt(server),
  });
}

/** Waits until the server has one more request. */
async function arrivalAt(server: SoakServer): Promise<() => Promise<void>> {
  let { requests } = await server.ask();
  return async () => {
    requests += 1;
    while ((await server.ask()).requests < requests) await sleep(1);
  };
}

/** A client for each call: what all retries of one may spend would soon be spent. */
async function backingOff(server: SoakServer): Promise<Phase> {
  const clients: BedrockLLM[] = [];
  const silent = (): void => {};
  return {
    name: "between two attempts",
    closesConnection: false,
    async enter(signal) {
      const signpost = new Signpost();
      const warn = (): void => signpost.pass();
      const logger = { debug: silent, info: silent, warn, error: silent };
      const llm = soakClient(server.url, { logger });
      clients.push(llm);
      const call = llm.invoke({ modelId: modelFor("later"), messages: PROMPT, signal });
      call.catch(() => {});
      await signpost.reached();
      await sleep(MOMENT_MS);
      return { ended: () => call };
    },
    async leave() {
      await Promise.all(clients.map((llm) => llm.close()));
    },
  };
}

/** A stream of which some events were read; the next is being waited for, or is not asked for. */
function streamPhase(name: string, behaviour: string, reads: boolean): PhaseMaker {
  return async (server) => {
    const llm = soakClient(server.url);
    return {
      name,
      closesConnection: true,
      async enter(signal) {
        const stream = llm.invokeStream({ modelId: modelFor(behaviour), messages: PROMPT, signal });
        const events = stream[Symbol.asyncIterator]();
        await events.next();
        await events.next();
        const pending = reads ? events.next() : undefined;
        pending?.catch(() => {});
        await sleep(MOMENT_MS);
        return { ended: () => pending ?? events.next(), abort: () => stream.abort() };
      },
      leave: () => llm.close(),
    };
  };
}

/** In the order of a call's life. */
export const PHASES: readonly PhaseMaker[] = [
  awaitingCredentials,
  queued,
  lookingUp,
  connecting,
  handshaking,
  awaitingHeaders,
  readingBody,
  streamPhase("between two events", "stall", true),
  streamPhase("waiting for the reader", "flood", false),
  backingOff,
];
