// What a run was made with: figures without it say nothing.

import { cpus, totalmem } from "node:os";
import { CLIENTS, type ClientName } from "../clients/client.ts";
import { CAN_PIN } from "../processes.ts";
import { versionOf } from "../rows/packages.ts";

/** One sentence on the machine and the day, and a list of versions. */
export function describeRun(clients: readonly ClientName[], dcafVersion: string): string {
  const [processor] = cpus();
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(new Date());
  const memory = Math.round(totalmem() / 2 ** 30);
  const pinning = CAN_PIN
    ? "the server on a processor of its own"
    : "client and server on whichever processor the system chose";
  const packages = new Set<string>(clients.flatMap((name) => CLIENTS[name].packages));
  packages.delete("dcaf");
  const versions = [...packages].map((name) => `\`${name}\` ${versionOf(name)}`);
  return [
    `${day}, Node ${process.versions.node}, ${cpus().length} processors (${processor?.model.trim() ?? "unknown"}), ${memory} GiB, ${process.platform}; ${pinning}.`,
    `dcaf ${dcafVersion}; ${versions.join(", ")}.`,
  ].join("\n");
}
