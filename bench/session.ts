// One run: the server, the clients that take part, and how long to look.

import { CLIENTS, type ClientName, type Target } from "./clients/client.ts";
import { ServerProcess, WorkerProcess } from "./processes.ts";
import type { ServerAddresses } from "./server/serve.ts";

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
  targetOf(name: ClientName, line: "near" | "far" = "near"): Target {
    const address: keyof ServerAddresses = line === "far" ? "far" : CLIENTS[name].protocol;
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

  /** One process for each of these clients, as far as they take part. */
  async startWorkers(
    names: readonly ClientName[] = this.clients,
    line: "near" | "far" = "near",
  ): Promise<Map<ClientName, WorkerProcess>> {
    const workers = new Map<ClientName, WorkerProcess>();
    for (const name of names) {
      if (!this.clients.includes(name)) continue;
      workers.set(name, await new WorkerProcess(name, this.targetOf(name, line)).start());
    }
    return workers;
  }

  stop(): void {
    this.server.stop();
  }
}
