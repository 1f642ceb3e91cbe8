// A port that takes no connection: its process listens, and then stands still, so that the
// kernel's short queue fills up and everyone after that is left connecting.

import { type AddressInfo, createServer } from "node:net";
import { tellParent } from "../child.ts";

/** Should nobody end it: standing still, it does not see its parent go. */
const MAX_LIFE_MS = 120_000;

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 1, resolve));
await tellParent((server.address() as AddressInfo).port);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MAX_LIFE_MS);
process.exit();
