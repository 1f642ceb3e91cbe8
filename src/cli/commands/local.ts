// `dcaf local`: the embedded Bedrock-compatible endpoint as a server of its own.

import { type Command, InvalidArgumentError } from "commander";
import type { Fault, LocalRequest } from "../../local/index.ts";
import { CommandError, UsageError } from "../failures.ts";
import { InterruptedError, runInterruptibly } from "../interruption.ts";
import { writeRemark } from "../output.ts";

/** Any free port would do; a known one can stand in other programs' settings. */
const DEFAULT_PORT = 8787;
const MAXIMUM_PORT = 65_535;

interface LocalCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly fault?: readonly string[];
  readonly verbose?: boolean;
}

/** Adds the command to the program. */
export function addLocalCommand(program: Command): void {
  program
    .command("local")
    .summary("serve the built-in simulator as a Bedrock endpoint")
    .description(
      "Serves a Bedrock-compatible endpoint on this machine until Ctrl-C, for any AWS SDK or CLI.\n" +
        "Its address is printed on stdout. A simulator answers, not a language model.",
    )
    .option("-p, --port <number>", "port to listen on; 0 for any free one", parsePort, DEFAULT_PORT)
    .option("--host <name>", "loopback name or address to listen on", "127.0.0.1")
    .option(
      "--fault <fault>",
      "what goes wrong on purpose, such as latency:latencyMs=500 or throttle:times=2; may be repeated;\n" +
        "also lets a request choose its own with the header x-dcaf-fault; none for that alone",
      collect,
    )
    .option("-v, --verbose", "print a line for each request on stderr")
    .action((options: LocalCommandOptions) => serve(options));
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAXIMUM_PORT) return port;
  throw new InvalidArgumentError(`It must be a number from 0 to ${MAXIMUM_PORT}.`);
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

async function serve({ port, host, fault, verbose }: LocalCommandOptions): Promise<void> {
  const { formatFault, parseFaults, startLocalBedrock } = await import("../../local/index.ts");
  const faults = fault?.flatMap((text) => readFaults(text, parseFaults));
  const onRequest = verbose ? printRequest : undefined;
  const endpoint = await startLocalBedrock({ port, host, faults, onRequest }).catch(
    (error: unknown) => {
      throw describeListenFault(error, host, port);
    },
  );
  try {
    await runInterruptibly(async (signal) => {
      process.stdout.write(`${endpoint.url}\n`);
      writeRemark(instructions(endpoint.url));
      if (faults !== undefined) writeRemark(describeFaults(faults.map(formatFault)));
      writeRemark("Ctrl-C stops it.\n");
      await untilAborted(signal);
    });
  } catch (error) {
    // A supervisor that says SIGTERM gets what it asked for; Ctrl-C is an interruption.
    if (!(error instanceof InterruptedError) || error.signalName !== "SIGTERM") throw error;
  } finally {
    await endpoint.close();
  }
}

/** One line, and never what was asked. */
function printRequest(request: LocalRequest): void {
  const { receivedAt, operation, modelId, status, httpVersion, faults } = request;
  const words = [receivedAt.toISOString(), operation, JSON.stringify(modelId)];
  words.push(String(status ?? "unanswered"), `HTTP/${httpVersion}`, faults.join("; "));
  writeRemark(`${words.join(" ").trimEnd()}\n`);
}

function readFaults(text: string, parse: (text: string, where: string) => Fault[]): Fault[] {
  try {
    return parse(text, "--fault");
  } catch (cause) {
    throw new UsageError((cause as TypeError).message, { cause });
  }
}

function describeFaults(texts: readonly string[]): string {
  const own = texts.length === 0 ? "" : `Goes wrong on purpose: ${texts.join("; ")}\n`;
  return `${own}A request may choose its own faults with the header x-dcaf-fault.\n\n`;
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function instructions(url: string): string {
  return `A simulator answers here. Point any AWS SDK or CLI at it with

  export AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${url}
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION=us-east-1

`;
}

function describeListenFault(error: unknown, host: string, port: number): unknown {
  const cause =
    error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  if (cause?.code !== "EADDRINUSE") return error;
  return new CommandError(`Port ${port} of ${host} is in use by another program.`, {
    hint: "Choose another with --port; --port 0 takes any free one.",
    cause: error,
  });
}
