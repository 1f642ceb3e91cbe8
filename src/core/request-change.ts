// What was changed in a request on its way to the wire, so that nothing is changed behind a caller's
// back.

/** One difference between what a caller asked for and what is sent. */
export interface RequestChange {
  /** The place: `messages.3.content.0` counts in what the caller passed, the rest as on the wire. */
  path: string;
  /** The id of the rule that would have been broken, as `checkRequest` names it. */
  rule: string;
  /** What was done, and why. Never holds a prompt. */
  message: string;
  /** `repair` leaves the meaning as it was; `warning` does not, and is logged. */
  kind: "repair" | "warning";
}

/** Told of every change, when anybody wants to know. */
export type ReportChange = (change: RequestChange) => void;
