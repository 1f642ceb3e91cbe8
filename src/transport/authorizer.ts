// The headers of a request, authorised: by an API key as it is, or by a signature over body and path.
// And what can be done once when the service refuses them: newer keys, or a corrected clock.

import type { CredentialsCache } from "../aws/credentials-cache.ts";
import type { Endpoint } from "../aws/endpoint.ts";
import type { ServiceClock } from "../aws/service-clock.ts";
import { type AwsCredentials, SigV4Signer } from "../aws/sigv4.ts";
import type { BedrockError } from "../core/errors.ts";

const SERVICE = "bedrock";
const CONTENT_TYPE = "application/json";

/** What authorises requests. `source` says where it came from, for whoever has to mend it. */
export type Authorization = { readonly source: string } & (
  | { readonly kind: "apiKey"; readonly apiKey: string }
  | { readonly kind: "keys"; readonly keys: AwsCredentials }
  | { readonly kind: "provider"; readonly cache: CredentialsCache }
);

/** What is to be sent. */
export interface AuthorizableRequest {
  readonly path: string;
  readonly accept: string;
  readonly body: string | Buffer;
}

/** Headers ready for the socket. */
export interface AuthorizedHeaders {
  readonly headers: Record<string, string>;
  /** Never to be seen in an error. */
  readonly secrets: readonly string[];
  /** What signed, and how far the clock was corrected then; absent with an API key. */
  readonly signed: { readonly keys: AwsCredentials; readonly clockOffsetMs: number } | undefined;
}

/** What may make the service accept what it has refused. */
export type AuthorizerRemedy = "clock" | "credentials";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
const CLOCK_CODES: ReadonlySet<string> = new Set([
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "RequestExpired",
  "RequestTimeTooSkewed",
  "RequestInTheFuture",
]);

const CREDENTIALS_CODES: ReadonlySet<string> = new Set([
  "ExpiredTokenException",
  "ExpiredToken",
  "TokenRefreshRequired",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
]);

/** Whether the service has refused who asks, and not what is asked. */
export function isAboutKeys(code: string): boolean {
  return CLOCK_CODES.has(code) || CREDENTIALS_CODES.has(code);
}

/** Authorises the requests of one client. */
export class Authorizer {
  readonly #host: string;
  readonly #authorization: Authorization;
  readonly #userAgent: string;
  readonly #signer: SigV4Signer;
  readonly #clock: ServiceClock;

  constructor(options: {
    endpoint: Endpoint;
    region: string;
    authorization: Authorization;
    userAgent: string;
    clock: ServiceClock;
  }) {
    this.#host = options.endpoint.host;
    this.#authorization = options.authorization;
    this.#userAgent = options.userAgent;
    this.#signer = new SigV4Signer({
      service: SERVICE,
      region: options.region,
      method: "POST",
      headers: { host: this.#host, "content-type": CONTENT_TYPE },
    });
    this.#clock = options.clock;
  }

  /** Where the keys came from. */
  get source(): string {
    return this.#authorization.source;
  }

  /** Not a promise when nothing has to be waited for. Rejects with `CredentialsError`. */
  authorize(request: AuthorizableRequest): AuthorizedHeaders | Promise<AuthorizedHeaders> {
    const authorization = this.#authorization;
    if (authorization.kind === "apiKey") {
      const { apiKey } = authorization;
      const headers = this.#headers(request);
      headers["authorization"] = `Bearer ${apiKey}`;
      return { headers, secrets: [apiKey], signed: undefined };
    }
    const keys = authorization.kind === "keys" ? authorization.keys : authorization.cache.get();
    return keys instanceof Promise
      ? keys.then((given) => this.#sign(request, given))
      : this.#sign(request, keys);
  }

  /**
   * What can be done about a refusal; undefined when nothing can. `date` is the header of the answer.
   * The clock is corrected already when it is the remedy; the credentials have yet to be renewed.
   */
  remedyFor(
    refusal: BedrockError,
    { signed }: AuthorizedHeaders,
    date: string | undefined,
  ): AuthorizerRemedy | undefined {
    if (signed === undefined) return undefined;
    if (CLOCK_CODES.has(refusal.code)) {
      return this.#clock.correct(date, signed.clockOffsetMs) ? "clock" : undefined;
    }
    const canRenew = this.#authorization.kind === "provider";
    return canRenew && CREDENTIALS_CODES.has(refusal.code) ? "credentials" : undefined;
  }

  /** Gets newer keys than those that were refused. Rejects with `CredentialsError`. */
  async renew({ signed }: AuthorizedHeaders): Promise<void> {
    if (this.#authorization.kind !== "provider" || signed === undefined) return;
    await this.#authorization.cache.renew(signed.keys);
  }

  #sign(request: AuthorizableRequest, keys: AwsCredentials): AuthorizedHeaders {
    const { sessionToken = "", secretAccessKey } = keys;
    const clockOffsetMs = this.#clock.offsetMs;
    const signed = this.#signer.sign(request, keys, this.#clock.now());
    const headers = this.#headers(request);
    headers["x-amz-date"] = signed.timestamp;
    headers["x-amz-content-sha256"] = signed.bodyHash;
    if (sessionToken !== "") headers["x-amz-security-token"] = sessionToken;
    headers["authorization"] = signed.authorization;
    const secrets = [secretAccessKey, sessionToken, signed.signature];
    return { headers, secrets, signed: { keys, clockOffsetMs } };
  }

  /**
   * What every request has, signed or not; a proxy may rewrite what is not signed. One literal, so
   * that all requests share a shape.
   */
  #headers({ accept, body }: AuthorizableRequest): Record<string, string> {
    return {
      host: this.#host,
      "content-type": CONTENT_TYPE,
      accept,
      "user-agent": this.#userAgent,
      "content-length": String(Buffer.byteLength(body)),
    };
  }
}
