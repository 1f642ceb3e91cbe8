// Ten thousand calls with every end a call may have: what is left of them afterwards.

import { getEventListeners } from "node:events";
import { BedrockError } from "../../src/index.ts";
import { soakClient } from "../client.ts";
import { atMost, exactly, type Figure, told } from "../figure.ts";
import { countResources, measureHeld, resourcesBeyond } from "../memory.ts";
import type { SoakOptions } from "../parts.ts";
import { watchProcess } from "../process-faults.ts";
import { Random } from "../random.ts";
import { type SoakServer, startServer } from "../server/start-server.ts";
import { waitUntil } from "../waiting.ts";
import { MIX, type MixContext, type MixedCall } from "./mix.ts";

const WORKERS = 64;
const MAX_GROWTH_MB = 2;
/** Both sides let go of an unused connection within this. */
const KEEP_ALIVE_MS = 1500;
const SETTLE_MS = 10_000;

/** Runs the mix twice: to warm up, and to be measured. */
export async function soakLeaks({ isQuick, seed }: SoakOptions): Promise<Figure[]> {
  const calls = isQuick ? 2000 : 10_000;
  const server = await startServer({ keepAliveMs: KEEP_ALIVE_MS });
  const faults = watchProcess();
  const controller = new AbortController();
  const context: MixContext = {
    steady: soakClient(server.url),
    racing: soakClient(server.url),
    signal: controller.signal,
    random: new Random(seed),
  };
  const idle = countResources();
  await runMix(context, isQuick ? 3000 : 6000);
  await settle(server, idle);
  const before = await measureHeld();
  const unexpected = await runMix(context, calls);
  const isSettled = await settle(server, idle);
  const after = await measureHeld();
  const { connections, faults: serverFaults } = await server.ask();
  const listeners = getEventListeners(context.signal, "abort").length;
  const growthMb = (after.heap - before.heap) / 1024 / 1024;
  const residentMb = (after.resident - before.resident) / 1024 / 1024;
  await Promise.all([context.steady.close(), context.racing.close()]);
  server.stop();
  for (const what of [...unexpected, ...faults.warnings, ...faults.unhandled, ...serverFaults]) {
    console.error(`leaks: ${what}`);
  }
  return [
    told("calls, good and faulty", calls),
    exactly("calls that ended otherwise than they should", unexpected.length, 0),
    atMost("heap growth", growthMb, MAX_GROWTH_MB, "MB"),
    told("resident growth", residentMb, "MB"),
    exactly("handles, timers and requests left", resourcesBeyond(idle), 0),
    told("all of them gone in time", isSettled ? "yes" : "no"),
    exactly("connections left at the server", connections, 0),
    exactly("listeners left on the shared signal", listeners, 0),
    exactly("unhandled rejections", faults.unhandled.length, 0),
    exactly("warnings", faults.warnings.length + serverFaults.length, 0),
  ];
}

/** Runs calls of all kinds side by side; returns what went otherwise than it should. */
async function runMix(context: MixContext, calls: number): Promise<string[]> {
  const unexpected: string[] = [];
  let left = calls;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const kind = context.random.pick(MIX);
      const fault = await faultOf(kind, context);
      if (fault !== undefined) unexpected.push(`${kind.name}: ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return unexpected;
}

async function faultOf(kind: MixedCall, context: MixContext): Promise<string | undefined> {
  try {
    await kind.run(context);
  } catch (error) {
    if (error instanceof BedrockError && kind.ends.includes(error.code)) return undefined;
    return String(error);
  }
  return kind.maySucceed ? undefined : "it succeeded";
}

/** Waits until unused connections are closed on both sides. */
async function settle(server: SoakServer, idle: ReadonlyMap<string, number>): Promise<boolean> {
  const isSettled = await waitUntil(() => resourcesBeyond(idle) === 0, SETTLE_MS);
  await server.ask();
  return isSettled;
}
