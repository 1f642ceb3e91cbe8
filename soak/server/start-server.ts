// The server as a part sees it: a process that is asked over its channel and ended with the part.

import type { ChildProcess } from "node:child_process";
import { startChild } from "../child.ts";
import type { Question, ServerMessage, ServerSettings, ServerState } from "./protocol.ts";

/** A connection that the server has seen close. */
export type ClosedConnection = Extract<ServerMessage, { kind: "closed" }>;

/** A server in a process of its own. */
export class SoakServer {
  readonly url: string;
  /** A port that takes connections and never says a word. */
  readonly silentPort: number;
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (state: ServerState) => void>();
  #onClosed: (closed: ClosedConnection) => void = () => {};
  #questions = 0;

  constructor(child: ChildProcess, ports: { port: number; silentPort: number }) {
    this.#child = child;
    this.port = ports.port;
    this.silentPort = ports.silentPort;
    this.url = `http://127.0.0.1:${ports.port}`;
    child.on("message", (message: ServerMessage) => {
      if (message.kind === "state") {
        this.#answers.get(message.number)?.(message.state);
        this.#answers.delete(message.number);
      } else if (message.kind === "closed") {
        this.#onClosed(message);
      }
    });
  }

  /** Told of every connection that closes from now on, where the settings say so. */
  set onClosed(onClosed: (closed: ClosedConnection) => void) {
    this.#onClosed = onClosed;
  }

  /** How the server stands, after `mode` is set where it is given. */
  ask(mode?: string): Promise<ServerState> {
    this.#questions += 1;
    const number = this.#questions;
    const question: Question = { number, ...(mode === undefined ? {} : { mode }) };
    return new Promise((resolve, reject) => {
      this.#answers.set(number, resolve);
      this.#child.send(question, (error) => {
        if (error !== null) reject(error);
      });
    });
  }

  /** Ends the process. */
  stop(): void {
    this.#child.disconnect();
  }
}

/** Starts a server and waits until it listens. */
export async function startServer(settings: Partial<ServerSettings> = {}): Promise<SoakServer> {
  const all: ServerSettings = { keepAliveMs: 60_000, tellsCloses: false, ...settings };
  const child = startChild("server/serve", [JSON.stringify(all)]);
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}.`)));
    child.once("message", (message: ServerMessage) => {
      if (message.kind === "listening") resolve(new SoakServer(child, message));
    });
  });
}
