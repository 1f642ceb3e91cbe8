// Keeps a provider's keys while they last: renews them shortly before they expire, and at once when
// the service refuses them. However many calls wait, the provider is asked once.

import { CredentialsError } from "../core/errors.ts";
import { type CredentialsProvider, checkCredentials } from "./credentials.ts";
import type { AwsCredentials } from "./sigv4.ts";

/** Keys with less than this left are renewed while they still work. */
const REFRESH_EARLY_MS = 5 * 60_000;

/** A call with working keys waits this long for newer ones, then goes with those it has. */
const EARLY_PATIENCE_MS = 1000;

/** After a renewal that failed or brought nothing newer, working keys are used this long. */
const EARLY_PAUSE_MS = 15_000;

/** What a cache may be told. */
export interface CredentialsCacheOptions {
  /** After so long a provider is given up; 0 waits for ever. @default 10,000 */
  readonly limitMs?: number | undefined;
  /** Milliseconds since 1970. @default `Date.now` */
  readonly now?: (() => number) | undefined;
}

/** The keys of one provider. */
export class CredentialsCache {
  readonly #provider: CredentialsProvider;
  readonly #limitMs: number;
  readonly #now: () => number;
  #current: AwsCredentials | undefined;
  #loading: Promise<AwsCredentials> | undefined;
  #renewing: Promise<AwsCredentials> | undefined;
  #renewals = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(provider: CredentialsProvider, options: CredentialsCacheOptions = {}) {
    this.#provider = provider;
    this.#limitMs = options.limitMs ?? 10_000;
    this.#now = options.now ?? Date.now;
  }

  /** Keys that are good to use: at once when they are at hand. Rejects with `CredentialsError`. */
  get(): AwsCredentials | Promise<AwsCredentials> {
    if (this.#renewing !== undefined) return ownError(this.#renewing);
    const current = this.#current;
    const remainingMs = current === undefined ? 0 : this.#remainingMs(current);
    if (current !== undefined && remainingMs > REFRESH_EARLY_MS) return current;
    if (current === undefined || remainingMs <= 0) return ownError(this.#load());
    if (this.#now() < this.#pausedUntilMs) return current;
    return this.#loadEarly(current);
  }

  /**
   * Newer keys than those the service has refused: those that another call has got meanwhile, or
   * what the provider says when asked to refresh. Rejects with `CredentialsError`.
   */
  renew(refused: AwsCredentials): AwsCredentials | Promise<AwsCredentials> {
    if (this.#renewing === undefined) {
      const current = this.#current;
      if (current !== undefined && !areSame(current, refused)) return current;
      this.#renewing = this.#ask({ forceRefresh: true })
        .then((credentials) => {
          this.#renewals += 1;
          this.#current = credentials;
          return credentials;
        })
        .finally(() => {
          this.#renewing = undefined;
        });
    }
    return ownError(this.#renewing);
  }

  #load(): Promise<AwsCredentials> {
    const renewals = this.#renewals;
    this.#loading ??= this.#ask()
      .then((credentials) => {
        // Asked without force, the provider may have given the very keys that were refused meanwhile.
        if (this.#renewals === renewals || this.#current === undefined) this.#current = credentials;
        return this.#current;
      })
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  /** A provider that is slow or broken today must not hold up calls that have working keys. */
  #loadEarly(current: AwsCredentials): Promise<AwsCredentials> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<AwsCredentials>((resolve) => {
      timer = setTimeout(() => {
        this.#pauseEarly();
        resolve(current);
      }, EARLY_PATIENCE_MS);
      // Whoever waits holds the process.
      timer.unref();
    });
    const loaded = this.#load().then(
      (credentials) => {
        if (this.#remainingMs(credentials) <= REFRESH_EARLY_MS) this.#pauseEarly();
        return credentials;
      },
      () => {
        this.#pauseEarly();
        return current;
      },
    );
    return Promise.race([loaded, patience]).finally(() => clearTimeout(timer));
  }

  #pauseEarly(): void {
    this.#pausedUntilMs = this.#now() + EARLY_PAUSE_MS;
  }

  async #ask(options?: { readonly forceRefresh: boolean }): Promise<AwsCredentials> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      if (this.#limitMs === 0) return;
      // A process that was frozen finds the answer waiting, and is to take it.
      const giveUp = (): void => void setImmediate(() => reject(unanswered(this.#limitMs)));
      timer = setTimeout(giveUp, this.#limitMs);
      timer.unref();
    });
    try {
      const answer = await Promise.race([this.#provider(options), expired]);
      return checkCredentials(answer, "The provider");
    } catch (error) {
      if (error instanceof CredentialsError) throw error;
      const reason = error instanceof Error ? error.message : "unknown reason";
      throw new CredentialsError(`The credentials provider failed: ${reason}`, {
        hint: "Check the provider passed as `credentials`.",
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #remainingMs({ expiration }: AwsCredentials): number {
    return expiration === undefined ? Number.POSITIVE_INFINITY : expiration.getTime() - this.#now();
  }
}

/** A provider may give the same keys in another object. */
function areSame(one: AwsCredentials, other: AwsCredentials): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken
  );
}

/** One error for each caller: what a call learns of its own failure is no other call's. */
function ownError(promise: Promise<AwsCredentials>): Promise<AwsCredentials> {
  return promise.catch((error: unknown) => {
    if (!(error instanceof CredentialsError)) throw error;
    const { message, hint, cause, retryable } = error;
    throw new CredentialsError(message, { hint, cause, retryable });
  });
}

function unanswered(limitMs: number): CredentialsError {
  return new CredentialsError(`The credentials provider did not answer within ${limitMs} ms.`, {
    retryable: true,
    hint: "Look for a network call or a prompt that hangs in it, or raise `timeouts.credentialsMs`.",
  });
}
