// One request with its answer.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestFaults } from "./faults/request-faults.ts";

/** What belongs to one request while it is being answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Fires when the client goes away or the endpoint closes. */
  readonly signal: AbortSignal;
  /** Milliseconds between the events of a stream. */
  readonly pauseMs: number;
  /** What goes wrong with the answer. */
  faults: RequestFaults;
  /** Notes the status in the log, once there is an entry; undefined where a fault keeps it back. */
  note: (status: number | undefined) => void;
  /** Whether anybody reads the body. */
  isBodyTaken: boolean;
}
