// Processor time of a client per call or per event. The clients take turns, a batch each, and are
// compared within the round: the machine may be slower a minute later.

import type { Conversation } from "../conversations.ts";
import { textOf, WHOLE_PIECES } from "../server/answers.ts";
import type { Session } from "../session.ts";
import type { Batch } from "../worker.ts";
import { addSample, type Row, type Samples } from "./row.ts";

/** A row of processor time. */
export interface CpuRow {
  readonly id: string;
  readonly title: string;
  readonly unit: "µs" | "ms";
  readonly conversation: Conversation;
  /** Asked for whole answers where there are none. */
  readonly events?: number;
  readonly everyMs?: number;
  readonly concurrency: number;
  /** Calls of one batch. */
  readonly calls: number;
  /** Rounds of a whole and of a quick run. */
  readonly rounds: readonly [whole: number, quick: number];
}

/** Each client works for so long before anything counts: until then it is being compiled. */
const WARM_UP_MS = { whole: 5000, quick: 500 };

/** Makes the row. */
export function cpuRow(row: CpuRow): Row {
  return {
    id: row.id,
    title: row.title,
    unit: row.unit,
    measure: (session) => measureCpu(session, row),
  };
}

async function measureCpu(session: Session, row: CpuRow): Promise<Samples> {
  const { conversation, calls, concurrency, events = 0, everyMs = 0 } = row;
  await session.server.answerWith({ events, everyMs });
  const batch: Batch = {
    operation: events === 0 ? "invoke" : "stream",
    conversation,
    calls,
    concurrency,
    characters: textOf(events === 0 ? WHOLE_PIECES : events).length,
  };
  const unitsPerUs = row.unit === "ms" ? 1 / 1000 : 1;
  const perBatch = calls * Math.max(1, events);
  const samples: Samples = new Map();
  const workers = await session.workers();
  const warmUpMs = session.options.isQuick ? WARM_UP_MS.quick : WARM_UP_MS.whole;
  for (const worker of workers.values()) {
    const startedAt = performance.now();
    do await worker.run(batch);
    while (performance.now() - startedAt < warmUpMs);
  }
  for (let round = 0; round < session.rounds(...row.rounds); round += 1) {
    for (const [name, worker] of workers) {
      const { cpuUs } = await worker.run(batch);
      addSample(samples, name, (cpuUs / perBatch) * unitsPerUs);
    }
  }
  return samples;
}
