// What a rule is. Rules read a request and report; they never change it, and no rule knows another.

import type { RequestView } from "./view.ts";

/** One thing Bedrock refuses. */
export interface RequestRule {
  /** Stable, in kebab-case. */
  readonly id: string;
  /** Where the behaviour is documented or reported. */
  readonly reference: string;
  /** What to do about it, in one sentence. */
  readonly repair?: string;
  /** Whether the service model states it; Bedrock reports all such violations in one message. */
  readonly isConstraint?: true;
  /**
   * Whether the limit is one that AWS widens without notice, or that does not hold for every model.
   * A request that breaks nothing else is worth sending.
   */
  readonly isOpen?: true;
  /**
   * Reports every violation, those of one kind of block in the order of the request. Takes time
   * linear in the size of the request and never throws.
   */
  readonly check: (view: RequestView, report: ReportFinding) => void;
}

/** Told of one violation: where, and in Bedrock's words. */
export type ReportFinding = (path: string, message: string) => void;
