// Which faults do what, for those who apply them.

import { EXCEPTION_MESSAGES } from "./exceptions.ts";
import type {
  BadChecksumFault,
  ClockSkewFault,
  ErrorFrameFault,
  ExceptionFault,
  ExpiredTokenFault,
  Fault,
  LatencyFault,
  LimitDataFault,
  ResetPeerFault,
  SlicerFault,
  ThrottleFault,
  TimeoutFault,
  TruncationFault,
} from "./fault.ts";

/** A fault that is an error answer in place of the true one. */
export type RefusalFault = ExceptionFault | ThrottleFault;

/** A fault that decides how the answer ends. */
export type EndingFault =
  | ErrorFrameFault
  | ExceptionFault
  | LimitDataFault
  | ResetPeerFault
  | TimeoutFault
  | TruncationFault;

/** Faults by what they do. An exception with `frame` is an ending, without it a refusal. */
export const isLatency = (fault: Fault): fault is LatencyFault => fault.type === "latency";
export const isSlicer = (fault: Fault): fault is SlicerFault => fault.type === "slicer";
export const isBadChecksum = (fault: Fault): fault is BadChecksumFault =>
  fault.type === "bad_checksum";
export const isClockSkew = (fault: Fault): fault is ClockSkewFault => fault.type === "clock_skew";
export const isExpiredToken = (fault: Fault): fault is ExpiredTokenFault =>
  fault.type === "expired_token";

/** Whether it is an exception of Bedrock's, of either kind. */
export function isException(fault: Fault): fault is ExceptionFault {
  return Object.hasOwn(EXCEPTION_MESSAGES, fault.type);
}

/** Whether it is an error answer. */
export function isRefusal(fault: Fault): fault is RefusalFault {
  return fault.type === "throttle" || (isException(fault) && fault.frame === undefined);
}

/** Whether it decides how the answer ends. */
export function isEnding(fault: Fault): fault is EndingFault {
  switch (fault.type) {
    case "timeout":
    case "reset_peer":
    case "limit_data":
    case "truncation":
    case "error_frame":
      return true;
    default:
      return isException(fault) && fault.frame !== undefined;
  }
}

/** Whether it can only strike a stream, because it speaks of frames. */
export function needsFrames(fault: Fault): boolean {
  if (fault.type === "bad_checksum" || fault.type === "error_frame") return true;
  const { frame, frames, afterFrames } = fault as Partial<
    ExceptionFault & LimitDataFault & TimeoutFault
  >;
  return frame !== undefined || frames !== undefined || afterFrames !== undefined;
}
