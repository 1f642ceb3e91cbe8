// From the start of a process to the end of its first call, beyond what Node itself needs.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { CLIENTS } from "../clients/client.ts";
import { cleanEnvironment, programOf } from "../processes.ts";
import type { Session } from "../session.ts";
import { addSample, type Row, type Samples } from "./row.ts";

async function measureColdStart(session: Session): Promise<Samples> {
  const samples: Samples = new Map();
  const rounds = session.rounds(15, 2);
  // The first round fills the caches of the file system.
  for (let round = -1; round < rounds; round += 1) {
    for (const name of session.clients) {
      const bareMs = await timeProcess(["--eval", ""]);
      const target = JSON.stringify(session.targetOf(name));
      const wallMs = await timeProcess([programOf("cold-start.js"), CLIENTS[name].file, target]);
      if (round >= 0) addSample(samples, name, wallMs - bareMs);
    }
  }
  return samples;
}

async function timeProcess(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: cleanEnvironment(),
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`A cold start of ${args[1]} has ended with ${code}.`);
  return performance.now() - startedAt;
}

/** The row. */
export function coldStartRow(): Row {
  return {
    id: "cold-start",
    title: "cold start: import and first call, over bare Node",
    unit: "ms",
    measure: measureColdStart,
  };
}
