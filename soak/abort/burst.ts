// A thousand calls that one signal aborts at once, as when a server is shut down.

import { AbortError } from "../../src/index.ts";
import { modelFor, soakClient } from "../client.ts";
import { exactly, type Figure, told } from "../figure.ts";
import type { SoakServer } from "../server/start-server.ts";
import { waitUntil } from "../waiting.ts";

const CALLS = 1000;
const GIVE_UP_MS = 10_000;

/** Half of the calls wait for headers, the others for the next event of a stream. */
export async function abortBurst(server: SoakServer): Promise<Figure[]> {
  const llm = soakClient(server.url);
  const controller = new AbortController();
  const { signal } = controller;
  const { requests: before } = await server.ask();
  let aborted = 0;
  const ask = async (index: number): Promise<void> => {
    const options = { messages: "Are you there?", signal };
    try {
      if (index % 2 === 0) await llm.invoke({ ...options, modelId: modelFor("silent") });
      else await llm.invokeStream({ ...options, modelId: modelFor("stall") }).response();
    } catch (error) {
      if (error instanceof AbortError) aborted += 1;
    }
  };
  const calls = Array.from({ length: CALLS }, (_, index) => ask(index));
  let arrived = 0;
  const allArrived = await waitUntil(() => {
    void server.ask().then(({ requests }) => {
      arrived = requests - before;
    });
    return arrived === CALLS;
  }, GIVE_UP_MS);
  if (!allArrived) throw new Error(`Of ${CALLS} calls ${arrived} came to the server.`);
  const abortedAt = performance.now();
  controller.abort();
  await Promise.all(calls);
  const lastMs = performance.now() - abortedAt;
  await llm.close();
  const name = `${CALLS.toLocaleString("en-US")} calls that one signal aborts`;
  return [
    exactly(`${name}: ended with an AbortError`, aborted, CALLS),
    told(`${name}: to the last rejection`, lastMs, "ms"),
  ];
}
