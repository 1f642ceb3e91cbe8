// The most memory that a process holds which does nothing but read 256 streams at once.

import { textOf } from "../server/answers.ts";
import type { Session } from "../session.ts";
import { addSample, type Row, type Samples } from "./row.ts";

const STREAMS = 256;
const EVENTS = 100;
const EVERY_MS = 10;

async function measureMemory(session: Session): Promise<Samples> {
  await session.server.answerWith({ events: EVENTS, everyMs: EVERY_MS });
  const samples: Samples = new Map();
  for (let round = 0; round < session.rounds(5, 1); round += 1) {
    for (const name of session.clients) {
      const worker = await session.startWorker(name);
      const { peakBytes } = await worker.run({
        operation: "stream",
        conversation: { kind: "hello" },
        calls: STREAMS,
        concurrency: STREAMS,
        characters: textOf(EVENTS).length,
      });
      addSample(samples, name, peakBytes);
      worker.stop();
    }
  }
  return samples;
}

/** The row. */
export function memoryRow(): Row {
  return {
    id: "memory",
    title: `peak memory of a process, ${STREAMS} streams at once`,
    unit: "bytes",
    measure: measureMemory,
  };
}
