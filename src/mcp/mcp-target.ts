// Where a server is: a process to be started, or an address.

import { basename } from "node:path";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { kindOf, readChoice, readString } from "../core/options.ts";
import type { McpHeaders } from "./mcp-options.ts";
import { readStrings, WHERE } from "./option-readers.ts";

/** A process to be started. */
export interface StdioTarget {
  readonly kind: "stdio";
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly stderr: "ignore" | "inherit";
}

/** An address. */
export interface HttpTarget {
  readonly kind: "http";
  readonly url: URL;
  /** Checked each time, with `checkHeaders`. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Undefined for the global one, which is looked up with each request. */
  readonly fetch: typeof globalThis.fetch | undefined;
}

export type McpTarget = StdioTarget | HttpTarget;

/** Reads what belongs to the one or the other. Throws `TypeError` naming the option that is wrong. */
export function readTarget(options: UnknownRecord): {
  target: McpTarget;
  defaultName: string;
} {
  return options["url"] === undefined ? readStdio(options) : readHttp(options);
}

function readStdio(options: UnknownRecord): { target: StdioTarget; defaultName: string } {
  readChoice(options["type"], "type", ["stdio"]);
  const command = readString(options["command"], "command") ?? "";
  const args = readStrings(options["args"], "args") ?? [];
  const env = readEnvironment(options["env"]);
  const cwd = readString(options["cwd"], "cwd");
  for (const [place, text] of Object.entries({ command, args: args.join(""), cwd })) {
    if (text?.includes("\0")) throw new TypeError(`${place} must not hold a NUL character.`);
  }
  const stderr = readChoice(options["stderr"], "stderr", ["ignore", "inherit"]) ?? "ignore";
  const target: StdioTarget = { kind: "stdio", command, args, env, cwd, stderr };
  return { target, defaultName: basename(command) };
}

function readEnvironment(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw new TypeError(`env must be an object; got ${kindOf(value)}.`);
  for (const [name, text] of Object.entries(value)) {
    if (name === "" || /[=\0]/.test(name)) {
      throw new TypeError("env holds a name that no variable can have: empty, or with “=”.");
    }
    if (typeof text !== "string") {
      throw new TypeError(`env.${name} must be a string; got ${kindOf(text)}.`);
    }
    if (text.includes("\0")) throw new TypeError(`env.${name} must not hold a NUL character.`);
  }
  return { ...(value as Record<string, string>) };
}

function readHttp(options: UnknownRecord): { target: HttpTarget; defaultName: string } {
  readChoice(options["type"], "type", ["http"]);
  const url = readUrl(options["url"]);
  const insecureHosts = readStrings(options["insecureHosts"], "insecureHosts") ?? [];
  const isSafe =
    url.protocol === "https:" || isLoopback(url) || insecureHosts.includes(url.hostname);
  if (!isSafe) {
    throw new TypeError(
      "url must begin with https://, for http shows headers and arguments to everybody on the way. Only this machine (localhost, 127.0.0.1, ::1) may do without, and hosts named in the option insecureHosts.",
    );
  }
  const { fetch } = options;
  if (fetch !== undefined && typeof fetch !== "function") {
    throw new TypeError(`fetch must be a function; got ${kindOf(fetch)}.`);
  }
  const target: HttpTarget = {
    kind: "http",
    url,
    headers: readHeaders(options["headers"]),
    fetch: fetch as HttpTarget["fetch"],
  };
  return { target, defaultName: url.host };
}

function readUrl(value: unknown): URL {
  if (typeof value !== "string" && !(value instanceof URL)) {
    throw new TypeError(`url must be a string or a URL; got ${kindOf(value)}.`);
  }
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new TypeError("url must be an address such as https://host/mcp.");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TypeError("url must begin with https:// or http://.");
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("url must not hold a user name or password; use headers.");
  }
  url.hash = "";
  return url;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readHeaders(value: unknown): HttpTarget["headers"] {
  if (typeof value === "function") {
    const give = value as Extract<McpHeaders, () => unknown>;
    return async () => checkHeaders(await give());
  }
  const headers = checkHeaders(value ?? {});
  return async () => headers;
}

/** What the transport says of itself. */
const RESERVED = [
  "host",
  "content-length",
  "content-type",
  "accept",
  "connection",
  "mcp-session-id",
  "mcp-protocol-version",
];

/** Throws `TypeError` naming a header that cannot be sent, without its value. */
export function checkHeaders(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value) || value instanceof Headers) {
    throw new TypeError(
      `${WHERE}: headers must be an object of names and texts; got ${kindOf(value)}.`,
    );
  }
  for (const [name, text] of Object.entries(value)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      throw new TypeError(`${WHERE}: headers holds a name that no header can have.`);
    }
    if (RESERVED.includes(name.toLowerCase())) {
      throw new TypeError(
        `${WHERE}: headers must not hold ${name}, which is set for each request.`,
      );
    }
    if (typeof text !== "string") {
      throw new TypeError(`${WHERE}: headers.${name} must be a string; got ${kindOf(text)}.`);
    }
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) {
      throw new TypeError(
        `${WHERE}: headers.${name} holds a character that no header can carry: look for a line end.`,
      );
    }
  }
  return { ...(value as Record<string, string>) };
}
