// Connecting once: within its time, with whichever handshake the server knows, and without leaving
// anything behind when it fails.

import { AbortError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import { untilAborted } from "../core/until-aborted.ts";
import { HeadersError, NotSentError } from "./guarded-fetch.ts";
import { McpError } from "./mcp-error.ts";
import type { McpSettings } from "./mcp-options.ts";
import { type Era, McpSession } from "./session.ts";

/** Connects. Rejects with `McpError`, or with `AbortError` when `signal` fires. */
export async function openSession(
  settings: McpSettings,
  era: Era,
  signal: AbortSignal,
): Promise<McpSession> {
  const { startTimeoutMs, name } = settings;
  const time = AbortSignal.timeout(startTimeoutMs);
  try {
    return await attempt(settings, era, AbortSignal.any([signal, time]));
  } catch (error) {
    if (signal.aborted) throw AbortError.from(signal.reason);
    if (!time.aborted) throw error;
    throw new McpError(
      "start_timeout",
      name,
      `The MCP server “${name}” was not ready after ${startTimeoutMs} ms. Give startTimeoutMs if it is merely slow, as a program is that has to be fetched first.`,
    );
  }
}

async function attempt(settings: McpSettings, era: Era, signal: AbortSignal): Promise<McpSession> {
  const sdk = await import("@modelcontextprotocol/client");
  const session = new McpSession(settings, sdk);
  let lostBecause: string | undefined;
  session.onlost = (why) => {
    lostBecause = why;
  };
  try {
    await untilAborted(session.open(era, signal), signal);
    return session;
  } catch (error) {
    await session.kill();
    // Some servers end when they are asked anything before `initialize`.
    if (era === "unknown" && !signal.aborted && isNegotiationFailure(error)) {
      return await attempt(settings, "legacy", signal);
    }
    throw toStartError(error, settings.name, lostBecause);
  }
}

function isNegotiationFailure(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const isOurs = cause instanceof NotSentError || cause instanceof HeadersError;
  return code === "ERA_NEGOTIATION_FAILED" && !isOurs;
}

function toStartError(error: unknown, name: string, lostBecause: string | undefined): unknown {
  const { cause } = error as { cause?: unknown };
  const reason = cause instanceof NotSentError || cause instanceof HeadersError ? cause : error;
  if (reason instanceof McpError) return reason;
  if (reason instanceof HeadersError) return reason.cause;
  const server = `The MCP server “${name}”`;
  if (reason instanceof NotSentError) {
    return new McpError("start_failed", name, `${server} could not be reached (${reason.code}).`);
  }
  const status = statusOf(reason);
  if (status !== undefined) {
    return new McpError("refused", name, `${server} ${describeStatus(status)}`);
  }
  if (lostBecause !== undefined) {
    const advice = 'With stderr: "inherit" you see what it says about that.';
    return new McpError(
      "start_failed",
      name,
      `${server} ${lostBecause} before it was ready. ${advice}`,
    );
  }
  return new McpError("start_failed", name, `${server} did not answer as an MCP server does.`);
}

/**
 * The status of a refusal, as the library's own errors carry it. An error that a server sent has a number
 * as its code, and may hold any data.
 */
export function statusOf(error: unknown): number | undefined {
  const { code, data } = error as { code?: unknown; data?: unknown };
  const status = typeof code === "string" && isRecord(data) ? data["status"] : undefined;
  return typeof status === "number" ? status : undefined;
}

/** In words that follow the server's name. */
export function describeStatus(status: number): string {
  if (status === 401 || status === 403) {
    return `refused who asks (HTTP ${status}): look at headers.`;
  }
  if (status >= 300 && status < 400) {
    return `answered with a redirect (HTTP ${status}), which is not followed: give the address it leads to as url.`;
  }
  return `answered with HTTP ${status}.`;
}
