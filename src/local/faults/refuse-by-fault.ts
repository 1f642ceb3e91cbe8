// The faults that come before a request is looked at: the clock, the keys, and errors in its place.

import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { statusOfServiceError } from "../../core/service-errors.ts";
import type { ServiceFault } from "../service-fault.ts";
import { EXPIRED, haveExpired, refuseDate } from "./caller-faults.ts";
import { EXCEPTION_MESSAGES } from "./exceptions.ts";
import { isClockSkew, isExpiredToken, isRefusal, type RefusalFault } from "./fault-kinds.ts";
import type { RequestFaults } from "./request-faults.ts";

/**
 * What a request is refused with, in the order in which AWS looks: signature, keys, the rest. Sets the
 * `date` of the response where the clock is off.
 */
export function refuseByFault(
  faults: RequestFaults,
  headers: IncomingHttpHeaders,
  response: ServerResponse,
): ServiceFault | undefined {
  const skew = faults.first(isClockSkew);
  if (skew !== undefined) {
    const now = new Date(Date.now() + skew.skewMs);
    response.setHeader("date", now.toUTCString());
    const refused = refuseDate(headers, now);
    if (refused !== undefined) return refused;
  }
  if (faults.first(isExpiredToken, haveExpired(headers)) !== undefined) return EXPIRED;
  const refusal = faults.first(isRefusal);
  return refusal === undefined ? undefined : toServiceFault(refusal);
}

function toServiceFault({ type, message, retryAfterMs }: RefusalFault): ServiceFault {
  const name = type === "throttle" ? "ThrottlingException" : type;
  return {
    name,
    status: statusOfServiceError(name),
    message: message ?? EXCEPTION_MESSAGES[name],
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
