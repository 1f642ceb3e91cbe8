// One client in a process of its own: it does what its parent tells it, and says what that has cost.

import type { BenchClient, CreateClient, Target, Turn } from "./clients/client.ts";
import { type Conversation, turnsOf } from "./conversations.ts";

/** A batch of calls, so many at a time. */
export interface Batch {
  readonly operation: "invoke" | "stream";
  readonly conversation: Conversation;
  readonly calls: number;
  readonly concurrency: number;
  /** How many characters each answer must have had. */
  readonly characters: number;
}

/** What a batch has cost. */
export interface Cost {
  /** Of all threads, in user and in kernel mode. */
  readonly cpuUs: number;
  readonly wallMs: number;
  /** From each call to the first piece of its text. */
  readonly firstMs: readonly number[];
  /** The most memory that the process has held so far. */
  readonly peakBytes: number;
}

const turns = new Map<string, { turns: Turn[]; prompt: unknown }>();

function promptOf(client: BenchClient, conversation: Conversation): unknown {
  const key = JSON.stringify(conversation);
  const known = turns.get(key);
  if (known !== undefined) return known.prompt;
  const made = turnsOf(conversation);
  const prompt = client.prepare(made);
  turns.set(key, { turns: made, prompt });
  return prompt;
}

async function run(client: BenchClient, isFloor: boolean, batch: Batch): Promise<Cost> {
  const prompt = promptOf(client, batch.conversation);
  const firstMs: number[] = [];
  let left = batch.calls;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      const onFirst = (): void => void firstMs.push(performance.now() - startedAt);
      const text =
        batch.operation === "invoke"
          ? await client.invoke(prompt)
          : await client.stream(prompt, onFirst);
      // A client that has not read the answer has not done the work.
      if (!isFloor && text.length !== batch.characters) {
        throw new Error(`The answer has ${text.length} characters, not ${batch.characters}.`);
      }
    }
  };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: batch.concurrency }, lane));
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { cpuUs: user + system, wallMs, firstMs, peakBytes };
}

async function main(name: string, target: Target): Promise<void> {
  const url = new URL(`./clients/${name}.js`, import.meta.url).href;
  const { create } = (await import(url)) as { create: CreateClient };
  const client = await create(target);
  process.on("message", (batch: Batch) => {
    run(client, name === "floor", batch).then(
      (cost) => process.send?.(cost),
      (error: unknown) => {
        process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
  process.once("disconnect", () => process.exit());
  process.send?.("ready");
}

await main(process.argv[2] ?? "", JSON.parse(process.argv[3] ?? "{}") as Target);
