// One run: the server, the clients that take part, and how long to look.

import { CLIENTS, type ClientName, type Target } from "./clients/client.ts";
import { ServerProcess, WorkerProcess } from "./processes.ts";
import type { ServerAddresses } from "./server/serve.ts";

/** In the clear, over TLS, or over TLS behind a long line. */
export type Line = "near" | "secure" | "far";

/** What the command line decides. */
export interface SessionOptions {
  readonly clients: readonly ClientName[];
  readonly isQuick: boolean;
  /** Where our package is installed, from its tarball. */
  readonly dcafFolder: string;
  /** A folder for what has to be written. */
  readonly folder: string;
}

/** What every row is measured with. */
export class Session {
  readonly options: SessionOptions;
  readonly server: ServerProcess;
  readonly #workers = new Map<ClientName, WorkerProcess>();

  private constructor(options: SessionOptions, server: ServerProcess) {
    this.options = options;
    this.server = server;
  }

  static async start(options: SessionOptions): Promise<Session> {
    return new Session(options, await new ServerProcess().start());
  }

  get clients(): readonly ClientName[] {
    return this.options.clients;
  }

  /** How often something is done: less often where a quick look is enough. */
  rounds(whole: number, quick: number): number {
    return this.options.isQuick ? quick : whole;
  }

  /** Where a client finds the server, and with what keys. They are nobody's. */
  targetOf(name: ClientName, line: Line = "near"): Target {
    const address: keyof ServerAddresses = line === "near" ? CLIENTS[name].protocol : line;
    return {
      url: this.server.addresses[address],
      modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
      region: "us-east-1",
      credentials: {
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        sessionToken: "example-session-token".repeat(20),
      },
      dcafFolder: this.options.dcafFolder,
    };
  }

  /** The process of each of these clients, as far as they take part; the same until the row ends. */
  async workers(
    names: readonly ClientName[] = this.clients,
  ): Promise<ReadonlyMap<ClientName, WorkerProcess>> {
    const workers = new Map<ClientName, WorkerProcess>();
    for (const name of names) {
      if (!this.clients.includes(name)) continue;
      const worker = this.#workers.get(name) ?? (await this.startWorker(name));
      this.#workers.set(name, worker);
      workers.set(name, worker);
    }
    return workers;
  }

  /** A row is over. The next one begins with new processes, unless a quick look is enough. */
  endRow(): void {
    if (this.options.isQuick) return;
    for (const worker of this.#workers.values()) worker.stop();
    this.#workers.clear();
  }

  /** A process of a client that has done nothing yet; whoever starts it stops it. */
  async startWorker(name: ClientName, line: Line = "near"): Promise<WorkerProcess> {
    return await new WorkerProcess(name, this.targetOf(name, line)).start();
  }

  stop(): void {
    for (const worker of this.#workers.values()) worker.stop();
    this.server.stop();
  }
}
