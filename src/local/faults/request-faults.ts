// The faults one request may meet, and which of them strike: decided where each takes effect, once.

import type { Fault } from "./fault.ts";
import { formatFault } from "./fault-text.ts";

/** What is remembered of a fault from request to request. */
export interface FaultMemory {
  /** Requests it has struck. */
  strikes: number;
  /** Digest of the keys that have expired. */
  expiredKeys?: string;
}

/** A fault that may strike. */
export interface Candidate<Kind extends Fault = Fault> {
  readonly fault: Kind;
  readonly memory: FaultMemory;
}

/** The faults of one request. */
export class RequestFaults {
  /** Those that have struck, as texts; grows until the answer begins. */
  readonly applied: string[] = [];
  readonly #candidates: readonly Candidate[];

  constructor(candidates: readonly Candidate[]) {
    this.#candidates = candidates;
  }

  /** The first fault that fits and strikes; those behind it are left for other requests. */
  first<Kind extends Fault>(
    isKind: (fault: Fault) => fault is Kind,
    applies: (candidate: Candidate<Kind>) => boolean = () => true,
  ): Kind | undefined {
    for (const candidate of this.#of(isKind)) {
      if (applies(candidate) && this.#strikes(candidate)) return candidate.fault;
    }
    return undefined;
  }

  /** Every fault that fits and strikes, in order. */
  all<Kind extends Fault>(isKind: (fault: Fault) => fault is Kind): Kind[] {
    return this.#of(isKind)
      .filter((candidate) => this.#strikes(candidate))
      .map(({ fault }) => fault);
  }

  #of<Kind extends Fault>(isKind: (fault: Fault) => fault is Kind): Candidate<Kind>[] {
    return this.#candidates.filter((candidate): candidate is Candidate<Kind> =>
      isKind(candidate.fault),
    );
  }

  #strikes({ fault, memory }: Candidate): boolean {
    const { times = Number.POSITIVE_INFINITY, probability = 1 } = fault;
    if (memory.strikes >= times || Math.random() >= probability) return false;
    memory.strikes++;
    this.applied.push(formatFault(fault));
    return true;
  }
}
