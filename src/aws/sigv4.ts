// AWS Signature Version 4 for requests with a body in memory. Each function makes one artefact of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import { createHmac, hash } from "node:crypto";

/** Keys to sign with. Refreshing them is the provider's business. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present with temporary credentials. */
  readonly sessionToken?: string | undefined;
  /** When they stop working; absent for long-term keys. */
  readonly expiration?: Date | undefined;
}

/** What is signed. */
export interface SignableRequest {
  readonly method: string;
  /** The path as it goes on the wire, percent-encoded once; no query. */
  readonly path: string;
  /** Every header to be signed, `host` among them; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Signs for one service and region; keeps the derived key, which changes once a day. */
export class SigV4Signer {
  readonly #service: string;
  readonly #region: string;
  #derived: { secret: string; day: string; key: Buffer } | undefined;

  constructor(scope: { service: string; region: string }) {
    this.#service = scope.service;
    this.#region = scope.region;
  }

  /**
   * Returns the headers to send: those given, plus `x-amz-date`, `x-amz-content-sha256`,
   * `x-amz-security-token` where there is one, and `authorization`.
   */
  sign(request: SignableRequest, credentials: AwsCredentials, date: Date): Record<string, string> {
    const timestamp = amzDate(date);
    const bodyHash = hash("sha256", request.body, "hex");
    const headers: Record<string, string> = { ...request.headers };
    headers["x-amz-date"] = timestamp;
    headers["x-amz-content-sha256"] = bodyHash;
    if (credentials.sessionToken) headers["x-amz-security-token"] = credentials.sessionToken;

    const names = Object.keys(headers).sort();
    const signedHeaders = names.join(";");
    const day = timestamp.slice(0, 8);
    const scope = `${day}/${this.#region}/${this.#service}/aws4_request`;
    const canonical = `${request.method}\n${canonicalPath(request.path)}\n\n${canonicalHeaders(headers, names)}\n${signedHeaders}\n${bodyHash}`;
    const toSign = `${ALGORITHM}\n${timestamp}\n${scope}\n${hash("sha256", canonical, "hex")}`;
    const signature = createHmac("sha256", this.#signingKey(credentials.secretAccessKey, day))
      .update(toSign)
      .digest("hex");

    headers["authorization"] =
      `${ALGORITHM} Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
    return headers;
  }

  #signingKey(secret: string, day: string): Buffer {
    const known = this.#derived;
    if (known !== undefined && known.secret === secret && known.day === day) return known.key;
    let key = hmac(`AWS4${secret}`, day);
    for (const part of [this.#region, this.#service, "aws4_request"]) key = hmac(key, part);
    this.#derived = { secret, day, key };
    return key;
  }
}

/** `20260131T235959Z`. */
function amzDate(date: Date): string {
  return date.toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Escapes everything outside `A-Za-z0-9-_.~`, as a path label and SigV4 want it. */
export function encodeUriLabel(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Every service but S3 encodes the segments of the wire path a second time (`%3A` → `%253A`). */
function canonicalPath(path: string): string {
  return path.split("/").map(encodeUriLabel).join("/") || "/";
}

function canonicalHeaders(headers: Record<string, string>, names: readonly string[]): string {
  let lines = "";
  for (const name of names) lines += `${name}:${headers[name]?.trim().replace(/\s+/g, " ")}\n`;
  return lines;
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
