// What a client makes of a long line: the wait for the first piece of an answer, and how often it
// connects anew.

import { textOf } from "../server/answers.ts";
import { ROUND_TRIP_MS } from "../server/long-line.ts";
import type { Line, Session } from "../session.ts";
import { median } from "../statistics.ts";
import type { Batch, Cost } from "../worker.ts";
import { addSample, type Row, type Samples } from "./row.ts";

const EVENTS = 20;
const CALLS = 24;

/** The first calls connect and warm up; what is asked is what the others cost. */
const WARM_UP_CALLS = 3;

function streams(calls: number): Batch {
  const characters = textOf(EVENTS).length;
  return {
    operation: "stream",
    conversation: { kind: "hello" },
    calls,
    concurrency: 1,
    characters,
  };
}

/** What each client makes of so many streams over TLS, one after the other, once it is warm. */
async function measureStreams(
  session: Session,
  line: Line,
  calls: number,
  read: (cost: Cost, connections: number) => number,
): Promise<Samples> {
  await session.server.answerWith({ events: EVENTS, everyMs: 0 });
  const samples: Samples = new Map();
  for (const name of session.clients) {
    const worker = await session.startWorker(name, line);
    await worker.run(streams(WARM_UP_CALLS));
    for (let round = 0; round < session.rounds(3, 1); round += 1) {
      const before = await session.server.connections();
      const cost = await worker.run(streams(calls));
      addSample(samples, name, read(cost, (await session.server.connections()) - before));
    }
    worker.stop();
  }
  return samples;
}

/** Both rows. */
export function networkRows(): Row[] {
  return [
    {
      id: "first-event",
      title: `first text over TLS, ${ROUND_TRIP_MS} ms round trip, warm`,
      unit: "ms",
      measure: (session) =>
        measureStreams(session, "far", session.rounds(CALLS, CALLS / 3), ({ firstMs }) =>
          median(firstMs),
        ),
    },
    {
      id: "connections",
      title: `new connections in ${CALLS} calls, warm`,
      unit: "count",
      measure: (session) =>
        measureStreams(session, "secure", CALLS, (_cost, connections) => connections),
    },
  ];
}
