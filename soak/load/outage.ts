// A thousand callers who keep asking while the service refuses them all: what the retries add, and
// whether everything works again afterwards.

import { setTimeout as sleep } from "node:timers/promises";
import { BedrockError, type BedrockLLM } from "../../src/index.ts";
import { modelFor, soakClient } from "../client.ts";
import { atMost, exactly, type Figure, told } from "../figure.ts";
import type { SoakOptions } from "../parts.ts";
import { Random } from "../random.ts";
import { startServer } from "../server/start-server.ts";

const CALLERS = 1000;
const MAX_RATIO = 1.2;
/** All that the quota of one client lets its retries spend: 500 tokens, 14 for each. */
const QUOTA_RETRIES = Math.floor(500 / 14);
/** A caller comes again within twice this. */
const PAUSE_MS = 1000;

/** Everything fails for a while; then the callers ask once more. */
export async function soakOutage({ isQuick, seed }: SoakOptions): Promise<Figure[]> {
  const outageMs = isQuick ? 4000 : 60_000;
  const server = await startServer();
  const llm = soakClient(server.url);
  const random = new Random(seed);
  try {
    await server.ask("outage");
    const endsAt = performance.now() + outageMs;
    const counts = { requests: 0, refused: 0 };
    const call = async (): Promise<void> => {
      while (performance.now() < endsAt) {
        counts.requests += 1;
        if ((await endOf(llm)) === "ServiceUnavailableException") counts.refused += 1;
        await sleep(random.next() * 2 * PAUSE_MS);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, call));
    const { requests: attempts } = await server.ask("over");
    const ends = await Promise.all(Array.from({ length: CALLERS }, () => endOf(llm)));
    const { requests, refused } = counts;
    const name = `attempts beyond the quota's ${QUOTA_RETRIES}, for each request`;
    return [
      told("outage", outageMs / 1000, "s"),
      told("requests of 1,000 callers", requests),
      told("attempts at the server", attempts),
      told("attempts for each request", attempts / requests),
      atMost(name, (attempts - QUOTA_RETRIES) / requests, MAX_RATIO),
      exactly("requests that did not end with the service's own error", requests - refused, 0),
      exactly("calls after it that failed", ends.filter((end) => end !== "").length, 0),
    ];
  } finally {
    await llm.close();
    server.stop();
  }
}

/** The code of the error, or nothing. */
async function endOf(llm: BedrockLLM): Promise<string> {
  try {
    await llm.invoke({ modelId: modelFor("outage"), messages: "Are you there?" });
    return "";
  } catch (error) {
    return error instanceof BedrockError ? error.code : String(error);
  }
}
