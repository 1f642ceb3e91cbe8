// What went wrong, as Bedrock reports it over HTTP.

import { BedrockError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import { statusOfServiceError } from "../core/service-errors.ts";

/** An error answer before it is written. */
export interface ServiceFault {
  readonly name: string;
  readonly status: number;
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** What a caller is told of an error that is not Bedrock's: nothing of its text. */
const INTERNAL_FAULT: ServiceFault = {
  name: "InternalServerException",
  status: statusOfServiceError("InternalServerException"),
  message: "The system encountered an unexpected error during processing. Try your request again.",
};

/** The statuses an error answer may have. */
const MIN_STATUS = 400;
const MAX_STATUS = 599;

/** Refuses a request under the name of a service error. */
export function refusal(name: string, message: string, status?: number): BedrockError {
  return new BedrockError(message, { code: name, status: status ?? statusOfServiceError(name) });
}

/** Reads something thrown as a service error; undefined when it is none, but a fault of the code. */
export function toServiceFault(thrown: unknown): ServiceFault | undefined {
  if (!isRecord(thrown)) return undefined;
  const { name, message, status, retryAfterMs } = thrown;
  if (typeof name !== "string" || !isServiceErrorName(name)) return undefined;
  const isStatus =
    typeof status === "number" &&
    Number.isInteger(status) &&
    status >= MIN_STATUS &&
    status <= MAX_STATUS;
  return {
    name,
    status: isStatus ? status : statusOfServiceError(name),
    message: typeof message === "string" ? message : "",
    ...(typeof retryAfterMs === "number" && retryAfterMs >= 0 ? { retryAfterMs } : {}),
  };
}

/** What the client gets to see of anything thrown. */
export function publicFaultOf(thrown: unknown): ServiceFault {
  return toServiceFault(thrown) ?? INTERNAL_FAULT;
}

/** AWS names end in `Exception`, but for some of its front end, which core knows by their status. */
function isServiceErrorName(name: string): boolean {
  return /^[A-Za-z0-9]+Exception$/.test(name) || statusOfServiceError(name) !== 400;
}
