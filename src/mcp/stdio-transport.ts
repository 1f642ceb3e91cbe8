// A server's process as the MCP library's client wants its transport. The library brings one, which passes
// over damaged messages, waits on servers that only look alive and leaves behind what `npx` has started.

import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import type { StdioTarget } from "./mcp-target.ts";
import { MessageReader } from "./message-reader.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

/** For its standard input to be noticed, and again for SIGTERM. */
const STOP_GRACE_MS = 2000;
/** What a process wrote last may arrive after its end, but not for long. */
const DRAIN_MS = 200;
/** A server that does not read lets so much be written before it is given up. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/** Talks to one process, once. */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  /** Told once of a line that is no message. */
  onstrayline?: () => void;
  /** Why the server was lost, in words that follow “the server”. */
  lostBecause: string | undefined;
  readonly #target: StdioTarget;
  readonly #name: string;
  #starting: Promise<void> | undefined;
  #process: ServerProcess | undefined;
  #isClosed = false;
  /** Resolves when all messages that were read so far have been handed on. */
  #delivered: Promise<void> = Promise.resolve();

  constructor(target: StdioTarget, name: string) {
    this.#target = target;
    this.#name = name;
  }

  /** By this and `stderr` the library knows a process, which it treats otherwise than HTTP. */
  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get stderr(): null {
    return null;
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const server = await startProcess(this.#target, this.#name);
    this.#process = server;
    // Closed while the process was being started.
    if (this.#isClosed) return server.stop(0);
    const reader = new MessageReader({
      onMessage: (message) => this.#receive(message as unknown as JSONRPCMessage),
      onStrayLine: () => this.onstrayline?.(),
      onBroken: (what) => this.#afterMessages(() => this.#lose(what)),
    });
    server.stdout.on("data", (chunk: Buffer) => {
      if (!this.#isClosed) reader.push(chunk);
    });
    // What was written last comes before the end of the stream, and the way a process ended after it.
    const lose = (why: string): void => this.#lose(server.end ?? why);
    const loseSoon = (why: string): void => void setTimeout(lose, DRAIN_MS, why);
    server.stdout.on("error", () => {});
    server.stdout.once("close", () => {
      if (server.end === undefined) loseSoon("closed its standard output");
      else lose("ended");
    });
    void server.exited.then(() => {
      if (server.stdout.closed) lose("ended");
      else loseSoon("ended");
    });
    server.stdin.on("error", () => loseSoon("closed its standard input"));
  }

  /** Rejects where nothing was written. */
  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#process?.stdin;
    if (this.#isClosed || stdin === undefined) throw new Error("Not connected");
    stdin.write(`${JSON.stringify(message)}\n`);
    if (stdin.writableLength > MAX_UNREAD_BYTES) this.#lose("does not read its standard input");
  }

  /** Resolves when nothing of the process is left. */
  async close(): Promise<void> {
    this.#end();
    await this.#starting?.catch(() => {});
    await this.#process?.stop(STOP_GRACE_MS);
  }

  /** As `close`, at once. */
  async kill(): Promise<void> {
    this.#end();
    await this.#starting?.catch(() => {});
    await this.#process?.stop(0);
  }

  #receive(message: JSONRPCMessage): void {
    this.#afterMessages(() => {
      try {
        if (!this.#isClosed) this.onmessage?.(message);
      } catch {
        // Nested so deep that looking at it fails.
        this.#lose("wrote a message that cannot be read");
      }
    });
  }

  /**
   * One after the other, for the library handles notices a moment later than answers: progress that came
   * just before the end would be lost.
   */
  #afterMessages(work: () => void): void {
    this.#delivered = this.#delivered.then(work);
  }

  #lose(why: string): void {
    if (this.#isClosed) return;
    this.lostBecause = why;
    this.#end();
    void this.#process?.stop(0);
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onclose?.();
  }
}
