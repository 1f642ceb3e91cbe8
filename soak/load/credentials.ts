// A thousand callers whose token the service no longer takes, while the provider's clock says that it
// is good: the provider is asked for a new one once, and every call is sent again with it.

import { setTimeout as sleep } from "node:timers/promises";
import { BedrockError } from "../../src/index.ts";
import { modelFor, SOAK_CREDENTIALS, soakClient } from "../client.ts";
import { atMost, exactly, type Figure, told } from "../figure.ts";
import { startServer } from "../server/start-server.ts";

const CALLERS = 1000;
const HOUR_MS = 3_600_000;
/** A new token takes a while, in which all the others come as well. */
const PROVIDER_MS = 50;

/** One good call, then the token is replaced and all callers come at once. */
export async function soakCredentials(): Promise<Figure[]> {
  const server = await startServer();
  let asked = 0;
  const llm = soakClient(server.url, {
    credentials: async () => {
      asked += 1;
      const sessionToken = `token-${asked}`;
      await sleep(PROVIDER_MS);
      return { ...SOAK_CREDENTIALS, sessionToken, expiration: new Date(Date.now() + HOUR_MS) };
    },
  });
  const options = { modelId: modelFor("expire"), messages: "Am I still known?" };
  try {
    await server.ask("token-1");
    await llm.invoke(options);
    const { requests: before } = await server.ask("token-2");
    const ends = await Promise.allSettled(
      Array.from({ length: CALLERS }, async (_, index) => {
        if (index % 2 === 0) await llm.invoke(options);
        else await llm.invokeStream(options).response();
      }),
    );
    const failures = ends.filter((end) => end.status === "rejected").map(({ reason }) => reason);
    const codes = failures.map((error) => (error instanceof BedrockError ? error.code : error));
    const { requests } = await server.ask();
    return [
      told("callers, half of them streaming", CALLERS),
      exactly("forced refreshes", asked - 1, 1),
      exactly("calls that failed", failures.length, 0),
      ...(codes.length === 0 ? [] : [told("– with", [...new Set(codes.map(String))].join(", "))]),
      atMost("requests for each call", (requests - before) / CALLERS, 2),
    ];
  } finally {
    await llm.close();
    server.stop();
  }
}
