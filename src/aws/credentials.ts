// What a request is authorised with: the shape of keys and of what provides them, and keys at hand.

import { CredentialsError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import { type Environment, readVariable } from "./environment.ts";
import type { AwsCredentials } from "./sigv4.ts";

/**
 * Returns keys. Asked again when those it returned are about to expire, and with `forceRefresh` when
 * the service has refused them: whoever keeps keys must not return the kept ones then.
 */
export type CredentialsProvider = (options?: {
  readonly forceRefresh?: boolean;
}) => AwsCredentials | Promise<AwsCredentials>;

/** Checks the shape of keys without ever repeating them. Throws `CredentialsError`. */
export function checkCredentials(value: unknown, source: string): AwsCredentials {
  const usable =
    isRecord(value) &&
    isText(value["accessKeyId"]) &&
    isText(value["secretAccessKey"]) &&
    (value["sessionToken"] === undefined || typeof value["sessionToken"] === "string") &&
    (value["expiration"] === undefined || isTime(value["expiration"]));
  if (usable) {
    const credentials = value as unknown as AwsCredentials;
    const { accessKeyId, secretAccessKey, sessionToken = "" } = credentials;
    if (fitsHeader(accessKeyId + secretAccessKey + sessionToken)) return credentials;
    throw new CredentialsError(
      `${source} gave credentials with a character that no header can carry: look for a stray space or line end.`,
    );
  }
  throw new CredentialsError(
    `${source} gave no usable credentials: expected { accessKeyId, secretAccessKey, sessionToken?, expiration? }, the expiration a Date.`,
  );
}

/** Whether a header can carry a secret: no blank, no line end, nothing beyond ASCII. */
export function fitsHeader(secret: string): boolean {
  return /^[\x21-\x7e]*$/.test(secret);
}

/** The two or three variables that hold keys, when they do. */
export function environmentCredentials(environment: Environment): AwsCredentials | undefined {
  const accessKeyId = readVariable(environment, "AWS_ACCESS_KEY_ID")?.value;
  const secretAccessKey = readVariable(environment, "AWS_SECRET_ACCESS_KEY")?.value;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  const sessionToken = readVariable(environment, "AWS_SESSION_TOKEN")?.value;
  return { accessKeyId, secretAccessKey, sessionToken };
}

function isTime(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
