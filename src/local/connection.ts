// Ending a connection on purpose, as a peer, a proxy or a cable would, over HTTP/1.1 and HTTP/2.

import type { IncomingMessage } from "node:http";
import { constants, type Http2ServerRequest } from "node:http2";
import type { Socket } from "node:net";

/** Resets the TCP connection of a request: whatever else is under way on it is lost too. */
export function resetConnection(request: IncomingMessage): void {
  socketOf(request)?.resetAndDestroy();
}

/** Closes the TCP connection of a request, with a FIN behind all that was written; no word of HTTP. */
export function closeConnection(request: IncomingMessage): void {
  socketOf(request)?.destroySoon();
}

/** Resets the stream of a request over HTTP/2, over HTTP/1.1 its connection. */
export function resetStream(request: IncomingMessage): void {
  const http2 = http2Of(request);
  if (http2 === undefined) resetConnection(request);
  else http2.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}

/** Undefined when the connection is gone. */
function socketOf(request: IncomingMessage): Socket | undefined {
  const http2 = http2Of(request);
  // An HTTP/2 session keeps others from its socket's reading and writing; these two pass.
  return http2 === undefined
    ? request.socket
    : (http2.stream.session?.socket as Socket | undefined);
}

/** A request over HTTP/2 comes with Node's `http` face. */
function http2Of(request: IncomingMessage): Http2ServerRequest | undefined {
  return request.httpVersionMajor === 2 ? (request as unknown as Http2ServerRequest) : undefined;
}
