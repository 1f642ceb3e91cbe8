// Who is refused on the headers alone, so that nobody's body is read who is not to be answered. Any
// page in a browser can send a POST to this machine, but not under an origin of its choice.

import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { isLoopbackHostHeader, isLoopbackOrigin } from "./loopback.ts";
import { refusal } from "./service-fault.ts";

/** https://www.rfc-editor.org/rfc/rfc9110#status.421 */
const MISDIRECTED_STATUS = 421;

/** Throws a `MisdirectedRequestException` unless the request is for a name of this machine. */
export function assertAddressed(headers: IncomingHttpHeaders): void {
  const host = headers[":authority"] ?? headers.host;
  if (isLoopbackHostHeader(typeof host === "string" ? host : undefined)) return;
  throw refusal(
    "MisdirectedRequestException",
    "This endpoint answers to names of this machine only, such as localhost.",
    MISDIRECTED_STATUS,
  );
}

/** Throws unless the request is authorized and comes from no other origin than this machine. */
export function assertAdmissible(headers: IncomingHttpHeaders): void {
  const { origin, authorization } = headers;
  const isForeign = origin !== undefined && !isLoopbackOrigin(origin);
  if (isForeign || headers["sec-fetch-site"] === "cross-site") {
    throw refusal("AccessDeniedException", "Requests from other origins are refused.");
  }
  if (!authorization) {
    throw refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
}

/** Whether a body is on its way over HTTP/1.1, which has no way to stop it but to close. */
export function hasUnstoppableBody({ httpVersionMajor, headers }: IncomingMessage): boolean {
  const hasBody =
    headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  return httpVersionMajor === 1 && hasBody;
}
