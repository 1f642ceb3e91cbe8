// What a failed call means: whether the tool may have run, whether the connection can still be used, and
// what the model is told. Nothing that may have reached a server is ever sent again.

import { isRecord } from "../core/json.ts";
import { HeadersError, NotSentError } from "./guarded-fetch.ts";
import { ANSWER_LOST } from "./http-transport.ts";
import { McpError, type McpErrorCode } from "./mcp-error.ts";
import { describeStatus, statusOf } from "./open-session.ts";

/** A failed call, understood. */
export interface CallFailure {
  /** For the model. */
  readonly error: McpError;
  /** Why the connection is of no more use, in words that follow “the server”. */
  readonly lostBecause?: string;
  /** The tool has certainly not run: the call may be sent again, over a new connection. */
  readonly wasNotRun?: boolean;
  /** The server has only forgotten who we are: nothing speaks against asking it again at once. */
  readonly isInOrder?: boolean;
}

/** What is known of the call. */
export interface FailedCall {
  readonly server: string;
  readonly tool: string;
  /** Whether the request named a session. */
  readonly hadSessionId: boolean;
}

/** Reads an error of the library's. */
export function readCallFailure(error: unknown, call: FailedCall): CallFailure {
  const { server, tool } = call;
  const fail = (code: McpErrorCode, message: string): McpError =>
    new McpError(code, server, message);
  const unknown = `Whether “${tool}” was carried out is unknown: check before calling it again.`;
  if (error instanceof McpError) return { error };
  if (error instanceof HeadersError) {
    const message = `The headers for the MCP server “${server}” could not be made, so “${tool}” was not called.`;
    return { error: fail("unavailable", message) };
  }
  if (error instanceof NotSentError || isNotConnected(error)) {
    const lostBecause =
      error instanceof NotSentError ? `cannot be reached (${error.code})` : "is gone";
    const message = `The MCP server “${server}” ${lostBecause}, so “${tool}” was not called.`;
    return { error: fail("unavailable", message), lostBecause, wasNotRun: true };
  }
  const status = statusOf(error);
  if (status !== undefined) return readRefusal(status, call);
  const { code, data } = error as { code?: unknown; data?: unknown };
  if (code === "INVALID_RESULT") {
    const message = `“${tool}” was carried out, but the answer of the MCP server “${server}” is not one that MCP allows.`;
    return { error: fail("tool_failed", message) };
  }
  if (code === "UNSUPPORTED_RESULT_TYPE") {
    const message = `“${tool}” asks for somebody's input in the middle of a call, which is not offered here.`;
    return { error: fail("tool_failed", message) };
  }
  if (typeof code === "number" && data !== ANSWER_LOST) {
    return { error: fail("tool_failed", messageOf(error, code)) };
  }
  const message = `The MCP server “${server}” was lost during this call. ${unknown}`;
  return { error: fail("outcome_unknown", message), lostBecause: "broke off an answer" };
}

function readRefusal(status: number, { server, tool, hadSessionId }: FailedCall): CallFailure {
  const described = `The MCP server “${server}” ${describeStatus(status)}`;
  if (status === 404 && hadSessionId) {
    const error = new McpError("unavailable", server, `${described} “${tool}” was not called.`);
    return { error, lostBecause: "has forgotten the session", wasNotRun: true, isInOrder: true };
  }
  const outcome =
    status < 500
      ? `“${tool}” was not called.`
      : `Whether “${tool}” was carried out is unknown: check before calling it again.`;
  const error = new McpError("refused", server, `${described} ${outcome}`);
  // Some servers say so when they do not know the session.
  return status === 400 && hadSessionId ? { error, lostBecause: "refused a call" } : { error };
}

/**
 * The library's word for a request that it did not hand to the transport, and ours for one that was not
 * written. A server may say the same, but its errors have a code.
 */
function isNotConnected(error: unknown): boolean {
  const { message, code } = error as { message?: unknown; code?: unknown };
  return code === undefined && message === "Not connected";
}

/** A JSON-RPC error is the server's own word, as a failed result is. */
function messageOf(error: unknown, code: number): string {
  const message = isRecord(error) ? error["message"] : undefined;
  const isSaid = typeof message === "string" && message.trim() !== "";
  return isSaid ? message : `The tool failed with the code ${code}.`;
}
