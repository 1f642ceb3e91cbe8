// What `connectMcp` takes, checked before a process is started or a socket opened. Messages name
// options and variables, never what they hold: commands, arguments and headers carry secrets.

import { type Logger, readLogger } from "../core/logger.ts";
import {
  assertKnownOptions,
  type ForeignNames,
  kindOf,
  MAX_TIMER_MS,
  readNumber,
  readSignal,
  readString,
} from "../core/options.ts";
import { type McpTarget, readTarget } from "./mcp-target.ts";
import { readStrings, WHERE } from "./option-readers.ts";

/** Headers of each request, or what gives them anew for each: for tokens that run out. */
export type McpHeaders =
  | Readonly<Record<string, string>>
  | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

/** Whether a call waits for somebody's yes; asked with the server's own name of the tool. */
export type McpApproval<Context = unknown> =
  | boolean
  | ((input: unknown, context: Context, toolName: string) => boolean | Promise<boolean>);

/** How a server that was lost is brought back. */
export interface McpRestartOptions {
  /** Restarts in a row without a successful call or a healthy minute between them; 0 for none. @default 5 */
  readonly maxRestarts?: number | undefined;
  /** Before the first restart; doubled for each further one, less up to half by chance. @default 500 */
  readonly baseDelayMs?: number | undefined;
  /** The longest such pause. @default 30000 */
  readonly maxDelayMs?: number | undefined;
}

/** What servers of both kinds take. */
export interface McpCommonOptions<Context = unknown> {
  /** What messages call the server. @default the command's file name, or the host of the URL */
  readonly name?: string | undefined;
  /** Put before each tool's name with `_`, to keep those of several servers apart. @default none */
  readonly toolNamePrefix?: string | undefined;
  /**
   * The tools to take, by the server's own names; `*` stands for any text. A name without `*` that the
   * server does not have is an error. @default all
   */
  readonly includeTools?: readonly string[] | undefined;
  /** The tools to leave out, in the same way; stronger than `includeTools`. @default none */
  readonly excludeTools?: readonly string[] | undefined;
  /**
   * Whether calls wait for approval. What a server says of its own tools (`annotations`) is not asked:
   * it may be mistaken, or lie. @default false
   */
  readonly requiresApproval?: McpApproval<Context> | undefined;
  /** Of one call, waiting for a restart included; `0` waits for ever. @default 60000 */
  readonly timeoutMs?: number | undefined;
  /** From the start until the tools are listed. @default 10000 */
  readonly startTimeoutMs?: number | undefined;
  readonly restart?: McpRestartOptions | undefined;
  /** Told about restarts, tools left out and tools that changed; never about arguments, results or headers. @default none */
  readonly logger?: Logger | undefined;
  /** Stops connecting. Once connected it means nothing: use `close()`. */
  readonly signal?: AbortSignal | undefined;
}

/** A server that runs as a child process and is talked to over its standard input and output. */
export interface McpStdioOptions<Context = unknown> extends McpCommonOptions<Context> {
  readonly type?: "stdio" | undefined;
  /** A program, by name or path. No shell is involved. */
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /**
   * On top of `PATH`, `HOME`, `USER`, `LOGNAME`, `SHELL`, `TERM`, `LANG`, `LC_*`, `TMPDIR` and `TZ`, or
   * what Windows has in their place. Nothing else of this process's environment is passed on.
   */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** @default that of this process */
  readonly cwd?: string | undefined;
  /** What the server writes besides: thrown away, or to this process's standard error. @default "ignore" */
  readonly stderr?: "ignore" | "inherit" | undefined;
  readonly url?: undefined;
}

/** A server reached over streamable HTTP. */
export interface McpHttpOptions<Context = unknown> extends McpCommonOptions<Context> {
  readonly type?: "http" | undefined;
  /** `https:`; `http:` for this machine and for `insecureHosts`. */
  readonly url: string | URL;
  /** Sent to the origin of `url` and nowhere else. @default none */
  readonly headers?: McpHeaders | undefined;
  /** Host names that may be reached without TLS, such as those of a container network. @default none */
  readonly insecureHosts?: readonly string[] | undefined;
  /** Used in place of the global one, for proxies and private authorities. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly command?: undefined;
}

/** How to reach one MCP server. */
export type McpOptions<Context = unknown> = McpStdioOptions<Context> | McpHttpOptions<Context>;

/** The options, checked, with their defaults. */
export interface McpSettings {
  readonly target: McpTarget;
  readonly name: string;
  readonly toolNamePrefix: string | undefined;
  readonly includeTools: readonly string[];
  readonly excludeTools: readonly string[];
  readonly requiresApproval: McpApproval | undefined;
  readonly timeoutMs: number;
  readonly startTimeoutMs: number;
  readonly restart: RestartSettings;
  readonly logger: Logger | undefined;
  readonly signal: AbortSignal | undefined;
}

/** `McpRestartOptions` with their defaults. */
export interface RestartSettings {
  readonly maxRestarts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

const COMMON_NAMES = [
  "type",
  "name",
  "toolNamePrefix",
  "includeTools",
  "excludeTools",
  "requiresApproval",
  "timeoutMs",
  "startTimeoutMs",
  "restart",
  "logger",
  "signal",
];
const STDIO_NAMES = ["command", "args", "env", "cwd", "stderr"];
const HTTP_NAMES = ["url", "headers", "insecureHosts", "fetch"];

const FOREIGN_NAMES: ForeignNames = {
  transport: "command” or “url",
  prefix: "toolNamePrefix",
  allowedTools: "includeTools",
  disallowedTools: "excludeTools",
  needsApproval: "requiresApproval",
  environment: "env",
  endpoint: "url",
  startupTimeout: "startTimeoutMs",
};

/** Reads the options. Throws `TypeError` naming the one that is wrong. */
export function readMcpOptions(options: unknown): McpSettings {
  assertKnownOptions(
    options,
    [...COMMON_NAMES, ...STDIO_NAMES, ...HTTP_NAMES],
    WHERE,
    FOREIGN_NAMES,
  );
  const isStdio = options["command"] !== undefined;
  if (isStdio === (options["url"] !== undefined)) {
    throw new TypeError(
      `${WHERE}: give either command, for a process, or url, for a server elsewhere.`,
    );
  }
  const foreign = isStdio ? HTTP_NAMES : STDIO_NAMES;
  const misplaced = foreign.find((name) => options[name] !== undefined);
  if (misplaced !== undefined) {
    throw new TypeError(`${WHERE}: ${misplaced} goes with ${isStdio ? "url" : "command"}.`);
  }
  const { target, defaultName } = readTarget(options);
  return {
    target,
    name: readString(options["name"], "name") ?? defaultName,
    toolNamePrefix: readString(options["toolNamePrefix"], "toolNamePrefix"),
    includeTools: readStrings(options["includeTools"], "includeTools") ?? ["*"],
    excludeTools: readStrings(options["excludeTools"], "excludeTools") ?? [],
    requiresApproval: readApproval(options["requiresApproval"]),
    timeoutMs: readDuration(options["timeoutMs"], "timeoutMs", 0) ?? 60_000,
    startTimeoutMs: readDuration(options["startTimeoutMs"], "startTimeoutMs", 1) ?? 10_000,
    restart: readRestart(options["restart"]),
    logger: readLogger(options["logger"]),
    signal: readSignal(options["signal"]),
  };
}

function readDuration(value: unknown, name: string, min: number): number | undefined {
  return readNumber(value, name, { min, max: MAX_TIMER_MS });
}

function readRestart(value: unknown): RestartSettings {
  const given = value ?? {};
  const where = `${WHERE}: restart`;
  assertKnownOptions(given, ["maxRestarts", "baseDelayMs", "maxDelayMs"], where);
  const count = { min: 0, max: 1000, integer: true };
  return {
    maxRestarts: readNumber(given["maxRestarts"], "restart.maxRestarts", count) ?? 5,
    baseDelayMs: readDuration(given["baseDelayMs"], "restart.baseDelayMs", 0) ?? 500,
    maxDelayMs: readDuration(given["maxDelayMs"], "restart.maxDelayMs", 0) ?? 30_000,
  };
}

function readApproval(value: unknown): McpApproval | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  if (typeof value === "function") return value as McpApproval;
  throw new TypeError(`requiresApproval must be true, false or a function; got ${kindOf(value)}.`);
}
