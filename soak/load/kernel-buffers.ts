// What the kernel holds of the connections between two processes of this machine. Linux only.

import { readFile } from "node:fs/promises";

/** A socket's line: addresses and ports in hexadecimal, state, bytes to send and received. */
const LINE =
  /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]{2} ([0-9A-F]{8}):([0-9A-F]{8})/;

/** Bytes on their way from `port` to whoever is connected to it; undefined where nobody can tell. */
export async function kernelBytesFrom(port: number): Promise<number | undefined> {
  let table: string;
  try {
    table = await readFile("/proc/net/tcp", "utf8");
  } catch {
    return undefined;
  }
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  let bytes = 0;
  for (const line of table.split("\n")) {
    const [, local, remote, toSend = "0", received = "0"] = LINE.exec(line) ?? [];
    if (local === wanted && remote !== "0000") bytes += Number.parseInt(toSend, 16);
    if (remote === wanted) bytes += Number.parseInt(received, 16);
  }
  return bytes;
}
