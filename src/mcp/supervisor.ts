// Brings a lost server back: with growing pauses, so many times in a row and no more. A process is started
// again at once when it is lost, for it takes a while; a server elsewhere is asked again when somebody
// wants something of it.

import { setTimeout as sleep } from "node:timers/promises";
import { tellLogger } from "../core/logger.ts";
import { untilAborted } from "../core/until-aborted.ts";
import { McpError } from "./mcp-error.ts";
import type { McpSettings } from "./mcp-options.ts";
import { openSession } from "./open-session.ts";
import type { Era, McpSession } from "./session.ts";

/** A connection that lasted so long was a good one. */
const HEALTHY_MS = 60_000;

/** The pause before restart number `index`, counted from 0: doubled each time, less up to half by chance. */
export function restartDelayMs(
  index: number,
  { baseDelayMs, maxDelayMs }: McpSettings["restart"],
  random: number,
): number {
  return Math.min(maxDelayMs, baseDelayMs * 2 ** index) * (1 - random / 2);
}

/** The connection to one server, over all its restarts. */
export class Supervisor {
  readonly #settings: McpSettings;
  readonly #healthyMs: number;
  readonly #closing = new AbortController();
  /** Also those that are only waiting for their last calls. */
  readonly #sessions = new Set<McpSession>();
  #current: McpSession | undefined;
  #restarting: Promise<McpSession> | undefined;
  /** Since the last success. */
  #restarts = 0;
  #skipsPause = false;
  #era: Era = "unknown";
  #closed: Promise<void> | undefined;

  constructor(settings: McpSettings, healthyMs: number = HEALTHY_MS) {
    this.#settings = settings;
    this.#healthyMs = healthyMs;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** The first connection, without a second try. */
  async start(): Promise<McpSession> {
    const { signal } = this.#settings;
    const signals = [this.#closing.signal, signal].filter((one) => one !== undefined);
    return this.#adopt(await openSession(this.#settings, this.#era, AbortSignal.any(signals)));
  }

  /**
   * The live connection, waiting for a restart that is under way. Rejects with `McpError` when there is
   * none to be had, and with `AbortError` as soon as `signal` fires.
   */
  async session(signal: AbortSignal): Promise<McpSession> {
    if (this.isClosed) throw this.#closedError();
    if (this.#current?.isLive === true) return this.#current;
    return await untilAborted(this.#restarting ?? this.#beginRestart(), signal);
  }

  /** Tells that a connection is of no more use. Where the server is in order, its successor needs no pause. */
  lose(session: McpSession, why: string, isInOrder = false): void {
    if (session !== this.#current || this.isClosed) return;
    const { name, logger, target } = this.#settings;
    tellLogger(logger, "warn", `MCP server “${name}” ${why}.`);
    this.#current = undefined;
    if (performance.now() - session.openedAtMs >= this.#healthyMs) this.#restarts = 0;
    const ended = session.retire().catch(() => {});
    void ended.then(() => this.#sessions.delete(session));
    this.#skipsPause = isInOrder;
    if (target.kind === "stdio") this.#beginRestart();
  }

  /** Tells that a call went well: the server is in order. */
  noteSuccess(session: McpSession): void {
    if (session === this.#current) this.#restarts = 0;
  }

  /** Ends it all. Resolves when nothing is left. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    this.#current = undefined;
    await this.#restarting?.catch(() => {});
    await Promise.all([...this.#sessions].map((session) => session.close()));
  }

  #beginRestart(): Promise<McpSession> {
    const restarting = this.#restart().finally(() => {
      if (this.#restarting === restarting) this.#restarting = undefined;
    });
    // Perhaps nobody waits for it. Whoever makes the next call hears of a failure.
    restarting.catch(() => {});
    this.#restarting = restarting;
    return restarting;
  }

  async #restart(): Promise<McpSession> {
    const { restart, name, logger, target } = this.#settings;
    const { signal } = this.#closing;
    const server = `MCP server “${name}”`;
    while (this.#restarts < restart.maxRestarts) {
      const pauseMs = restartDelayMs(this.#restarts, restart, Math.random());
      const delayMs = this.#skipsPause ? 0 : pauseMs;
      this.#skipsPause = false;
      this.#restarts += 1;
      const count = `restart ${this.#restarts} of ${restart.maxRestarts}`;
      tellLogger(logger, "info", `${server}: ${count}, in ${Math.round(delayMs)} ms.`);
      try {
        await sleep(delayMs, undefined, { signal });
        return this.#adopt(await openSession(this.#settings, this.#era, signal));
      } catch (error) {
        if (this.isClosed) throw this.#closedError();
        const reason = error instanceof McpError ? error.message : "The headers could not be made.";
        tellLogger(logger, "warn", `${server}: ${count} failed. ${reason}`);
      }
    }
    tellLogger(logger, "error", `${server} is given up after ${this.#restarts} restarts.`);
    // A process that cannot stay alive is left alone; an address may be asked again by the next call.
    if (target.kind === "http") this.#restarts = 0;
    const message = `The MCP server “${name}” was lost and could not be brought back.`;
    throw new McpError("unavailable", name, message);
  }

  #adopt(session: McpSession): McpSession {
    this.#sessions.add(session);
    if (this.isClosed) {
      void session.close();
      throw this.#closedError();
    }
    session.onlost = (why, isInOrder) => this.lose(session, why, isInOrder);
    this.#current = session;
    this.#era = session.era;
    return session;
  }

  #closedError(): McpError {
    const { name } = this.#settings;
    return new McpError("closed", name, `The connection to the MCP server “${name}” was closed.`);
  }
}
