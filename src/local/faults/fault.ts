// The faults an endpoint can be asked for, as a program writes them. Those that Toxiproxy has bear its
// names (https://github.com/Shopify/toxiproxy#toxics); Bedrock's exceptions bear AWS's.

import type { LocalRequest } from "../request-log.ts";
import type { ExceptionName } from "./exceptions.ts";

/** What every fault takes besides its own members. */
export interface FaultScope {
  /**
   * Strikes at most so many requests.
   * @default all
   */
  times?: number | undefined;
  /**
   * Chance, from 0 to 1, that it strikes a request it applies to; Toxiproxy's toxicity.
   * @default 1
   */
  probability?: number | undefined;
}

/** The answer begins late. */
export interface LatencyFault extends FaultScope {
  type: "latency";
  latencyMs: number;
  /** More or less than `latencyMs`, at random. @default 0 */
  jitterMs?: number | undefined;
}

/** The answer stops coming while the connection stays open. */
export interface TimeoutFault extends FaultScope {
  type: "timeout";
  /** After which the connection is closed; 0: never. @default 0 */
  timeoutMs?: number | undefined;
  /** Frames of a stream that still come. @default not even the head */
  afterFrames?: number | undefined;
  /** Bytes of the body that still come. @default not even the head */
  afterBytes?: number | undefined;
}

/** The connection is reset. */
export interface ResetPeerFault extends FaultScope {
  type: "reset_peer";
  /** Frames of a stream that come before. @default not even the head */
  afterFrames?: number | undefined;
  /** Bytes of the body that come before. @default not even the head */
  afterBytes?: number | undefined;
  /**
   * What is reset over HTTP/2: the connection, with every request on it, or this request's stream
   * alone. Over HTTP/1.1 it is always the connection.
   * @default "connection"
   */
  scope?: "connection" | "stream" | undefined;
}

/** The body comes in small pieces. */
export interface SlicerFault extends FaultScope {
  type: "slicer";
  averageBytes: number;
  /** More or less than `averageBytes`, at random; less than that. @default 0 */
  variationBytes?: number | undefined;
  /** Between two pieces. @default 0 */
  delayMs?: number | undefined;
}

/** So much of a body: in bytes, or in frames of a stream. */
export type FaultAmount =
  | { bytes: number; frames?: undefined }
  | { bytes?: undefined; frames: number };

/** The connection is closed after so much of the body. */
export type LimitDataFault = FaultScope & FaultAmount & { type: "limit_data" };

/** The body ends early and properly, as if that were all. */
export type TruncationFault = FaultScope & FaultAmount & { type: "truncation" };

/** A frame of a stream whose checksum is wrong. */
export interface BadChecksumFault extends FaultScope {
  type: "bad_checksum";
  /** Frames before it. @default 0 */
  frame?: number | undefined;
  /** Which of the frame's two checksums. @default "message" */
  part?: "prelude" | "message" | undefined;
}

/** A stream that breaks off with a frame of `:message-type: error`. */
export interface ErrorFrameFault extends FaultScope {
  type: "error_frame";
  /** Frames before it. @default 0 */
  frame?: number | undefined;
  /** @default "InternalServerException" */
  code?: string | undefined;
  message?: string | undefined;
}

/** An error of Bedrock's: as the answer, or with `frame` in the middle of a stream. */
export interface ExceptionFault extends FaultScope {
  type: ExceptionName;
  /** Frames of the stream before it. @default the answer is the error, with its HTTP status */
  frame?: number | undefined;
  /** @default Bedrock's own words */
  message?: string | undefined;
  /** How long to wait, for the answer's head; not together with `frame`. @default not said */
  retryAfterMs?: number | undefined;
}

/** HTTP 429, `ThrottlingException`. */
export interface ThrottleFault extends FaultScope {
  type: "throttle";
  message?: string | undefined;
  /** How long to wait: `retry-after` if in whole seconds, else `x-amz-retry-after`. @default not said */
  retryAfterMs?: number | undefined;
}

/** The keys that this fault meets first have expired; any others are served. */
export interface ExpiredTokenFault extends FaultScope {
  type: "expired_token";
}

/** The endpoint's clock is off. */
export interface ClockSkewFault extends FaultScope {
  type: "clock_skew";
  /** By which it is ahead of this machine's; below 0: behind. */
  skewMs: number;
}

/** One fault. */
export type Fault =
  | LatencyFault
  | TimeoutFault
  | ResetPeerFault
  | SlicerFault
  | LimitDataFault
  | TruncationFault
  | BadChecksumFault
  | ErrorFrameFault
  | ExceptionFault
  | ThrottleFault
  | ExpiredTokenFault
  | ClockSkewFault;

/** A fault as a caller may write it: an object, or the text that `parseFaults` reads. */
export type FaultInput = Fault | string;

/** What is known of a request before it is answered. */
export type LocalFaultRequest = Omit<LocalRequest, "status" | "faults">;

/**
 * What an endpoint is to get wrong: always the same, or chosen for each request. `index` counts the
 * requests from 0, without those that were refused for what their head says.
 */
export type LocalFaults =
  | readonly FaultInput[]
  | ((request: LocalFaultRequest, index: number) => FaultInput | readonly FaultInput[] | undefined);
