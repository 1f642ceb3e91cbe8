// Keeps a port that takes no connection at hand.

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "../child.ts";

/** The kernel lets a few in before it stops answering. */
const FILLERS = 8;

/** A port on which connecting never ends. */
export interface BlockedPort {
  readonly port: number;
  end(): void;
}

/** Starts the process and fills its queue. */
export async function blockConnections(): Promise<BlockedPort> {
  const child = startChild("server/never-accept");
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", resolve);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The blocked port ended with ${code}.`)));
  });
  const fillers: Socket[] = [];
  for (let index = 0; index < FILLERS; index++) {
    const filler = connect(port, "127.0.0.1");
    filler.on("error", () => {});
    fillers.push(filler);
  }
  await sleep(200);
  if (fillers.every(({ connecting }) => !connecting)) {
    throw new Error("This system lets everyone connect to a port that accepts nobody.");
  }
  return {
    port,
    end() {
      for (const filler of fillers) filler.destroy();
      child.kill("SIGKILL");
    },
  };
}
