// Which faults a request may meet: those its header names, else those the endpoint was started with.

import { BoundedMap } from "../../core/bounded-map.ts";
import { kindOf } from "../../core/options.ts";
import { refusal } from "../service-fault.ts";
import type { Fault, LocalFaultRequest, LocalFaults } from "./fault.ts";
import { needsFrames } from "./fault-kinds.ts";
import { formatFault, parseFaults } from "./fault-text.ts";
import { readFault } from "./read-fault.ts";
import { type Candidate, type FaultMemory, RequestFaults } from "./request-faults.ts";

/** The header of a request that names its faults. */
export const FAULT_HEADER = "x-dcaf-fault";

const WHERE = "startLocalBedrock: faults";

/** Faults chosen per request are remembered by their text; whoever varies it without end forgets. */
const MAX_REMEMBERED = 1_000;

/** The faults of an endpoint. */
export class FaultPlan {
  readonly #candidates: readonly Candidate[];
  readonly #choose: Exclude<LocalFaults, readonly unknown[]> | undefined;
  readonly #memories = new BoundedMap<string, FaultMemory>(MAX_REMEMBERED);
  #index = 0;

  /** Throws `TypeError` when the faults cannot be read. */
  constructor(faults: LocalFaults) {
    if (!Array.isArray(faults) && typeof faults !== "function") {
      throw new TypeError(
        `${WHERE} must be a list of faults, such as ["throttle"], or a function (request, index) => faults; got ${kindOf(faults)}.`,
      );
    }
    this.#choose = typeof faults === "function" ? faults : undefined;
    this.#candidates = (typeof faults === "function" ? [] : readFaults(faults)).map((fault) => ({
      fault,
      memory: { strikes: 0 },
    }));
  }

  /**
   * The faults a request may meet. Throws a `ValidationException` when its header cannot be read, and
   * `TypeError` when what the function returned cannot.
   */
  of(request: LocalFaultRequest): RequestFaults {
    const index = this.#index++;
    const isStream = request.operation === "converse-stream";
    const header = request.headers[FAULT_HEADER];
    if (header !== undefined) {
      return new RequestFaults(this.#remembered(readHeader(header, isStream, request.operation)));
    }
    const candidates =
      this.#choose === undefined
        ? this.#candidates
        : this.#remembered(readFaults(this.#choose(request, index) ?? []));
    return new RequestFaults(candidates.filter(({ fault }) => isStream || !needsFrames(fault)));
  }

  /** The same fault is the same from request to request, by what it says. */
  #remembered(faults: readonly Fault[]): Candidate[] {
    return faults.map((fault) => {
      const text = formatFault(fault);
      const memory = this.#memories.get(text) ?? { strikes: 0 };
      this.#memories.set(text, memory);
      return { fault, memory };
    });
  }
}

function readFaults(input: unknown): Fault[] {
  if (input instanceof Promise) {
    throw new TypeError(`${WHERE}: the function returned a promise; it must choose at once.`);
  }
  if (!Array.isArray(input)) return readInput(input, WHERE);
  return input.flatMap((item, index) => readInput(item, `${WHERE}[${index}]`));
}

function readInput(input: unknown, where: string): Fault[] {
  return typeof input === "string" ? parseFaults(input, where) : [readFault(input, where)];
}

/** The faults of a header, all of which must fit the request: it was written for this one. */
function readHeader(text: string, isStream: boolean, operation: string): Fault[] {
  let faults: Fault[];
  try {
    faults = parseFaults(text, FAULT_HEADER);
  } catch (cause) {
    throw refusal("ValidationException", (cause as TypeError).message);
  }
  const misplaced = isStream ? undefined : faults.find(needsFrames);
  if (misplaced === undefined) return faults;
  throw refusal(
    "ValidationException",
    `${FAULT_HEADER}: “${formatFault(misplaced)}” speaks of frames, and the answer of ${operation} has none.`,
  );
}
