// How an agent signs what it hands out, when approvals expire, and who knows what was used.

import { assertKnownOptions, kindOf, readNumber } from "../core/options.ts";
import { MemoryOnceStore, type OnceStore } from "./once-store.ts";
import { keyOfProcess, type SigningKey } from "./state-seal.ts";

/** How approvals are kept from being forged, replayed or found too late. */
export interface ApprovalOptions {
  /**
   * Signs `result.state`: at least 32 bytes, from a secret store. Of a list the first signs and all are
   * accepted, so that keys can be changed while runs wait.
   * @default one made for this process: no other can resume, and a warning says so when a run first waits
   */
  readonly key?: SigningKey | readonly SigningKey[] | undefined;
  /**
   * Milliseconds for which a decision is taken, at most ten years. A run that is resumed without one is
   * asked about again, for as long again (an hour at least); after that the model has to ask anew.
   * @default 86,400,000 (a day)
   */
  readonly expiresInMs?: number | undefined;
  /**
   * Knows which decisions and calls were used: give one that all processes share, such as
   * `new FileOnceStore(folder)`, where more than one resumes.
   * @default the memory of this process
   */
  readonly store?: OnceStore | undefined;
}

/** Options with every value known. */
export interface ApprovalSettings {
  readonly keys: readonly [SigningKey, ...SigningKey[]];
  /** Whether the key is that of this process. */
  readonly isKeyMade: boolean;
  readonly expiresInMs: number;
  readonly store: OnceStore;
}

const NAMES = ["key", "expiresInMs", "store"] as const;
const WHERE = "Agent: approvals";
const MIN_KEY_BYTES = 32;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Ten years: what is meant to hold for ever is written as a date all the same. */
const MAX_EXPIRY_MS = 3_650 * DAY_MS;

/** Shared by all agents of the process: a state may be resumed by another agent than the one that gave it. */
let storeOfProcess: MemoryOnceStore | undefined;

/** Reads `approvals`. Throws `TypeError`, which never holds a key. */
export function readApprovals(given: unknown): ApprovalSettings {
  const options = given ?? {};
  assertKnownOptions(options, NAMES, WHERE);
  const { key, store } = options as ApprovalOptions;
  const keys = key === undefined ? [keyOfProcess()] : isKeyList(key) ? key : [key];
  const [first, ...others] = keys;
  if (first === undefined) throw new TypeError(`${WHERE}.key must hold at least one key.`);
  keys.forEach(assertKey);
  if (store !== undefined && typeof store?.claim !== "function") {
    throw new TypeError(`${WHERE}.store must have a method claim(id, expiresAt).`);
  }
  storeOfProcess ??= new MemoryOnceStore();
  return {
    keys: [first, ...others],
    isKeyMade: key === undefined,
    expiresInMs:
      readNumber(options["expiresInMs"], `${WHERE}.expiresInMs`, { min: 0, max: MAX_EXPIRY_MS }) ??
      DAY_MS,
    store: store ?? storeOfProcess,
  };
}

function isKeyList(key: SigningKey | readonly SigningKey[]): key is readonly SigningKey[] {
  return Array.isArray(key);
}

function assertKey(key: unknown): void {
  if (typeof key !== "string" && !(key instanceof Uint8Array)) {
    throw new TypeError(`${WHERE}.key must be a string or bytes; got ${kindOf(key)}.`);
  }
  const bytes = typeof key === "string" ? Buffer.byteLength(key) : key.length;
  if (bytes >= MIN_KEY_BYTES) return;
  throw new TypeError(
    `${WHERE}.key must have at least ${MIN_KEY_BYTES} bytes, such as 32 from crypto.randomBytes; got ${bytes}.`,
  );
}
