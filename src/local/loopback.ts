// Names and addresses of this machine itself.

import { isIPv4 } from "node:net";

const LOOPBACK_NAME = /^(?:localhost|\[?::1\]?)$/i;
const ORIGIN = /^https?:\/\/([^/]+)$/i;

/** Whether a host is this machine: `localhost`, `127.x.x.x` or `::1`. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_NAME.test(host) || (host.startsWith("127.") && isIPv4(host));
}

/**
 * Whether a `Host` header, port included, names this machine. A web page that rebinds its own name
 * to 127.0.0.1 sends that name.
 */
export function isLoopbackHostHeader(header: string | undefined): boolean {
  return header !== undefined && isLoopbackHost(header.replace(/:\d+$/, ""));
}

/** Whether an `Origin` header names a page of this machine; `null`, as of a file, does not. */
export function isLoopbackOrigin(origin: string): boolean {
  return isLoopbackHostHeader(ORIGIN.exec(origin)?.[1]);
}
