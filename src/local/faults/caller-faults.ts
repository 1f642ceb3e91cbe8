// Faults that look at who asks and when: keys that have expired, and a clock that is off.

import { createHmac, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { ServiceFault } from "../service-fault.ts";
import { EXCEPTION_MESSAGES } from "./exceptions.ts";
import type { ExpiredTokenFault } from "./fault.ts";
import type { Candidate } from "./request-faults.ts";

/** How far the clocks of caller and service may differ. */
const MAX_DIFFERENCE_MS = 5 * 60_000;

const SIGNED = /^AWS4-HMAC-SHA256\b/;
const ACCESS_KEY_ID = /\bCredential=([^/,\s]+)/;
const AMZ_DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Keys are kept as digests, of no use outside this process. */
const DIGEST_KEY = randomBytes(32);

/** Whether the keys of a request are those that have expired; the first that are met become them. */
export function haveExpired(
  headers: IncomingHttpHeaders,
): (candidate: Candidate<ExpiredTokenFault>) => boolean {
  return ({ memory }) => {
    const digest = digestOfKeys(headers);
    memory.expiredKeys ??= digest;
    return memory.expiredKeys === digest;
  };
}

function digestOfKeys({
  authorization = "",
  "x-amz-security-token": token = "",
}: IncomingHttpHeaders): string {
  // The rest of the header is a signature, of this one request.
  const keys = ACCESS_KEY_ID.exec(authorization)?.[1] ?? authorization;
  return createHmac("sha256", DIGEST_KEY)
    .update(JSON.stringify([keys, token]))
    .digest("base64");
}

/** What a service whose clock says `now` has against the date of a signature; undefined: nothing. */
export function refuseDate(headers: IncomingHttpHeaders, now: Date): ServiceFault | undefined {
  const text = headers["x-amz-date"];
  if (!SIGNED.test(headers.authorization ?? "") || typeof text !== "string") return undefined;
  if (!AMZ_DATE.test(text)) return undefined;
  const signedAt = Date.parse(text.replace(AMZ_DATE, "$1-$2-$3T$4:$5:$6Z"));
  const difference = signedAt - now.getTime();
  if (Number.isNaN(difference) || Math.abs(difference) <= MAX_DIFFERENCE_MS) return undefined;
  const isLate = difference < 0;
  const limit = new Date(now.getTime() + (isLate ? -MAX_DIFFERENCE_MS : MAX_DIFFERENCE_MS));
  const message = isLate
    ? `Signature expired: ${text} is now earlier than ${toAmzDate(limit)} (${toAmzDate(now)} - 5 min.)`
    : `Signature not yet current: ${text} is still later than ${toAmzDate(limit)} (${toAmzDate(now)} + 5 min.)`;
  return { name: "InvalidSignatureException", status: 403, message };
}

function toAmzDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** What keys that have expired are refused with. */
export const EXPIRED: ServiceFault = {
  name: "ExpiredTokenException",
  status: 403,
  message: EXCEPTION_MESSAGES.ExpiredTokenException,
};
