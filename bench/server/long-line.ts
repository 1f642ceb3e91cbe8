// A line on which every byte needs a while. What a relay cannot delay is the handshake of TCP, which
// the kernel does at once: the first bytes of a connection wait for it here.

import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** There and back. */
export const ROUND_TRIP_MS = 50;

/** Listens on a port of its own and passes everything on to `port`, late. Resolves with that port. */
export async function createLongLine(port: number): Promise<number> {
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: "127.0.0.1", port, noDelay: true });
    // As if SYN and its answer had travelled first.
    const openAt = performance.now() + ROUND_TRIP_MS;
    passOn(near, far, openAt);
    passOn(far, near, openAt);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** What waits is let go in the order in which it came, whatever the timers do. */
function passOn(from: Socket, to: Socket, openAt: number): void {
  const waiting: (() => void)[] = [];
  const later = (action: () => void): void => {
    waiting.push(action);
    const delayMs = ROUND_TRIP_MS / 2 + Math.max(0, openAt - performance.now());
    setTimeout(() => waiting.shift()?.(), delayMs);
  };
  from.on("data", (chunk) => later(() => to.write(chunk)));
  from.once("end", () => later(() => to.end()));
  // What was taken is delivered first, however slowly it is read.
  from.once("close", () => later(() => to.destroySoon()));
  from.on("error", () => {});
}
