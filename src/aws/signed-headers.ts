// The canonical headers of SigV4, of which all but two are the same from request to request: they are
// written once, with gaps.

/** The canonical headers of requests with the same keys, but for what belongs to one request. */
export interface HeaderLayout {
  /** The names in order, `host;x-amz-date`. */
  readonly names: string;
  readonly beforeBodyHash: string;
  readonly beforeTimestamp: string;
  readonly afterTimestamp: string;
}

const BODY_HASH = "x-amz-content-sha256";
const TIMESTAMP = "x-amz-date";
const TOKEN = "x-amz-security-token";

/** Lays out `headers`, names in lower case, and those that every signed request has. */
export function layOutHeaders(
  headers: Readonly<Record<string, string>>,
  sessionToken: string | undefined,
): HeaderLayout {
  const values: Record<string, string> = { ...headers, [BODY_HASH]: "", [TIMESTAMP]: "" };
  if (sessionToken) values[TOKEN] = sessionToken;
  const names = Object.keys(values).sort();
  const linesOf = (some: readonly string[]): string =>
    some.map((name) => `${name}:${canonicalValue(values[name] ?? "")}\n`).join("");
  const [bodyHash, timestamp] = [names.indexOf(BODY_HASH), names.indexOf(TIMESTAMP)];
  return {
    names: names.join(";"),
    beforeBodyHash: `${linesOf(names.slice(0, bodyHash))}${BODY_HASH}:`,
    beforeTimestamp: `\n${linesOf(names.slice(bodyHash + 1, timestamp))}${TIMESTAMP}:`,
    afterTimestamp: `\n${linesOf(names.slice(timestamp + 1))}`,
  };
}

/** A line for each header, with its end. */
export function writeHeaders(
  { beforeBodyHash, beforeTimestamp, afterTimestamp }: HeaderLayout,
  bodyHash: string,
  timestamp: string,
): string {
  return `${beforeBodyHash}${bodyHash}${beforeTimestamp}${timestamp}${afterTimestamp}`;
}

function canonicalValue(value: string): string {
  return value.trim().replace(/\s+/g, " ");
}
