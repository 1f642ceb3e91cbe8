// The fake Bedrock of the comparison, in a process of its own as in a run, but from its source.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Answer } from "../../bench/server/answers.ts";
import type { ServerAddresses, ServerQuestion } from "../../bench/server/serve.ts";

const CERTIFICATE_FILE = "test/fixtures/localhost-certificate.pem";
const KEY_FILE = "test/fixtures/localhost-key.pem";

/** Whom a client of the far address has to trust. */
export const CERTIFICATE: string = readFileSync(CERTIFICATE_FILE, "utf8");

/** A running server. One question at a time. */
export class BenchServer {
  readonly addresses: ServerAddresses;
  readonly process: ChildProcess;

  private constructor(child: ChildProcess, addresses: ServerAddresses) {
    this.process = child;
    this.addresses = addresses;
  }

  static async start(): Promise<BenchServer> {
    const child = fork("bench/server/serve.ts", [CERTIFICATE_FILE, KEY_FILE], {
      execArgv: ["--import", "tsx"],
      serialization: "advanced",
    });
    return new BenchServer(child, (await nextMessage(child)) as ServerAddresses);
  }

  /** From here on, streams are answered like this. */
  async answerWith(answer: Answer): Promise<void> {
    await this.#ask({ answer });
  }

  /** How many connections it has taken so far. */
  async connections(): Promise<number> {
    return (await this.#ask("connections")) as number;
  }

  stop(): void {
    this.process.kill("SIGKILL");
  }

  #ask(question: ServerQuestion): Promise<unknown> {
    const message = nextMessage(this.process);
    this.process.send(question);
    return message;
  }
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  const exit = once(child, "exit", { signal }).then(() => {
    throw new Error("The server has ended.");
  });
  exit.catch(() => {});
  try {
    const [message] = (await Promise.race([once(child, "message", { signal }), exit])) as unknown[];
    return message;
  } finally {
    settled.abort();
  }
}
