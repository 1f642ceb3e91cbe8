// AWS Signature Version 4 for requests with a body in memory. Each function makes one artefact of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHmac, hash } from "node:crypto";
import { remembered } from "../core/remembered.ts";
import { HmacSha256 } from "./hmac.ts";
import { type HeaderLayout, layOutHeaders, writeHeaders } from "./signed-headers.ts";

/** Keys to sign with. Refreshing them is the provider's business. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present with temporary credentials. */
  readonly sessionToken?: string | undefined;
  /** When they stop working; absent for long-term keys. */
  readonly expiration?: Date | undefined;
}

/** What the requests of a signer have in common. */
export interface SignerScope {
  readonly service: string;
  readonly region: string;
  readonly method: string;
  /** Signed with every request, `host` among them; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The headers that authorise a request, beside those of the scope and `x-amz-security-token`. */
export interface RequestSignature {
  /** `x-amz-date`. */
  readonly timestamp: string;
  /** `x-amz-content-sha256`. */
  readonly bodyHash: string;
  readonly authorization: string;
  /** The last part of `authorization`, which is as good as a key for a few minutes. */
  readonly signature: string;
}

/** The last keys that were used, and what follows from them. */
interface DerivedKeys {
  readonly credentials: AwsCredentials;
  readonly day: string;
  readonly key: HmacSha256;
  readonly layout: HeaderLayout;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Signs the requests of one client; keeps what they share. */
export class SigV4Signer {
  readonly #scope: SignerScope;
  #derived: DerivedKeys | undefined;
  #second = Number.NaN;
  #timestamp = "";

  constructor(scope: SignerScope) {
    this.#scope = scope;
  }

  /**
   * Signs a request. `path` is as it goes on the wire, percent-encoded once, without a query; `nowMs`
   * is the service's time, in milliseconds since 1970. The headers of the scope and the session token
   * have to be sent as they were signed.
   */
  sign(
    { path, body }: { readonly path: string; readonly body: string | Uint8Array },
    credentials: AwsCredentials,
    nowMs: number,
  ): RequestSignature {
    const timestamp = this.#timestampOf(nowMs);
    const day = timestamp.slice(0, 8);
    const { key, layout } = this.#derive(credentials, day);
    const bodyHash = hash("sha256", body, "hex");
    const { method, region, service } = this.#scope;
    const headers = writeHeaders(layout, bodyHash, timestamp);
    const canonical = `${method}\n${canonicalPathOf(path)}\n\n${headers}\n${layout.names}\n${bodyHash}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const toSign = `${ALGORITHM}\n${timestamp}\n${scope}\n${hash("sha256", canonical, "hex")}`;
    const signature = key.sign(toSign);
    const authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${layout.names}, Signature=${signature}`;
    return { timestamp, bodyHash, authorization, signature };
  }

  /** `20260131T235959Z`. */
  #timestampOf(nowMs: number): string {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) {
      this.#timestamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
      this.#second = second;
    }
    return this.#timestamp;
  }

  #derive(credentials: AwsCredentials, day: string): DerivedKeys {
    const known = this.#derived;
    if (known !== undefined && known.day === day && areSame(known.credentials, credentials)) {
      return known;
    }
    const { region, service, headers } = this.#scope;
    let key = hmac(`AWS4${credentials.secretAccessKey}`, day);
    for (const part of [region, service, "aws4_request"]) key = hmac(key, part);
    const layout = layOutHeaders(headers, credentials.sessionToken);
    // A copy, for whoever holds the keys may put others into the same object.
    this.#derived = { credentials: { ...credentials }, day, key: new HmacSha256(key), layout };
    return this.#derived;
  }
}

function areSame(one: AwsCredentials, other: AwsCredentials): boolean {
  return (
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken &&
    one.accessKeyId === other.accessKeyId
  );
}

/** Escapes everything outside `A-Za-z0-9-_.~`, as a path label and SigV4 want it. */
export function encodeUriLabel(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A program talks to few models. */
const MAX_PATHS = 100;
const canonicalPathOf = remembered(MAX_PATHS, canonicalPath);

/** Every service but S3 encodes the segments of the wire path a second time (`%3A` → `%253A`). */
function canonicalPath(path: string): string {
  return path.split("/").map(encodeUriLabel).join("/") || "/";
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
