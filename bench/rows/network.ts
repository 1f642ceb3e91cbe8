// What a client makes of a long line: the wait for the first piece of an answer, and how often it
// connects anew.

import { textOf } from "../server/answers.ts";
import { ROUND_TRIP_MS } from "../server/long-line.ts";
import type { Session } from "../session.ts";
import { median } from "../statistics.ts";
import type { Batch } from "../worker.ts";
import { addSample, type Row, type Samples } from "./row.ts";

const EVENTS = 20;
const CALLS = 24;

const BATCH: Batch = {
  operation: "stream",
  conversation: { kind: "hello" },
  calls: CALLS,
  concurrency: 1,
  characters: textOf(EVENTS).length,
};

/** What the same calls say about both. */
interface Findings {
  readonly firstMs: Samples;
  readonly connections: Samples;
}

async function measureNetwork(session: Session): Promise<Findings> {
  await session.server.answerWith({ events: EVENTS, everyMs: 0 });
  const findings: Findings = { firstMs: new Map(), connections: new Map() };
  for (const [name, worker] of await session.startWorkers(session.clients, "far")) {
    // The first calls connect and warm up; what is asked is what the others cost.
    await worker.run({ ...BATCH, calls: session.rounds(6, 2) });
    for (let round = 0; round < session.rounds(3, 1); round += 1) {
      const before = await session.server.connections();
      const { firstMs } = await worker.run(BATCH);
      addSample(findings.firstMs, name, median(firstMs));
      addSample(findings.connections, name, (await session.server.connections()) - before);
    }
    worker.stop();
  }
  return findings;
}

/** Both rows of one measurement. */
export function networkRows(): Row[] {
  let measuring: Promise<Findings> | undefined;
  const measure = (session: Session): Promise<Findings> => {
    measuring ??= measureNetwork(session);
    return measuring;
  };
  return [
    {
      id: "first-event",
      title: `first text over TLS, ${ROUND_TRIP_MS} ms round trip, warm`,
      unit: "ms",
      measure: async (session) => (await measure(session)).firstMs,
    },
    {
      id: "connections",
      title: `new connections in ${CALLS} calls, warm`,
      unit: "count",
      measure: async (session) => (await measure(session)).connections,
    },
  ];
}
