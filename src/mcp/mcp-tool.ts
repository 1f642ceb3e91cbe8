// A tool of a server as a tool of ours. It is called as it was when it was listed, or not at all: whoever
// chose it, or approved a call of it, did so by that description and schema.

import type { Progress } from "@modelcontextprotocol/client";
import { AbortError } from "../core/errors.ts";
import { isRecord } from "../core/json.ts";
import { tellLogger } from "../core/logger.ts";
import { defineTool, type ToolExecution } from "../tools/define-tool.ts";
import type { JsonObject } from "../tools/schema.ts";
import { type CallFailure, readCallFailure } from "./call-failure.ts";
import { isCheapToCheck } from "./cheap-schema.ts";
import type { McpTool } from "./mcp-connection.ts";
import { McpError, type McpErrorCode, shownName } from "./mcp-error.ts";
import type { McpSettings } from "./mcp-options.ts";
import type { McpSession } from "./session.ts";
import type { Supervisor } from "./supervisor.ts";
import { toErrorText, toToolOutput } from "./to-tool-output.ts";
import type { ListedTool } from "./tool-list.ts";

/** A server that tells more of its progress than anybody can read is not listened to further. */
const MAX_PROGRESS = 1000;

/**
 * Makes the tool. Throws `TypeError` where its schema is none of ours. Input is held to the schema before
 * it is sent, unless that might take for ever: then only the server checks it.
 */
export function toMcpTool(
  listed: ListedTool,
  settings: McpSettings,
  supervisor: Supervisor,
): McpTool {
  const { toolNamePrefix, requiresApproval, timeoutMs } = settings;
  const name = toolNamePrefix === undefined ? listed.name : `${toolNamePrefix}_${listed.name}`;
  const tool = defineTool({
    name,
    description: listed.description,
    inputSchema: listed.inputSchema,
    timeoutMs,
    requiresApproval:
      typeof requiresApproval === "function"
        ? (input, context) => requiresApproval(input, context, listed.name)
        : requiresApproval,
    execute: (input, execution) =>
      new ToolCall(listed, settings, supervisor, execution).run(isRecord(input) ? input : {}),
  });
  const { json } = tool.toolSpec.inputSchema;
  const isChecked = isRecord(json) && isCheapToCheck(json as JsonObject);
  return isChecked ? tool : { ...tool, check: async (value) => ({ value }) };
}

/** One call, which is carried out once at most. */
class ToolCall {
  readonly #listed: ListedTool;
  readonly #settings: McpSettings;
  readonly #supervisor: Supervisor;
  readonly #execution: ToolExecution;
  /** Fires when the call is stopped or its time is over. Its reason is told to the server, and says nothing. */
  readonly #stop = new AbortController();
  #isOverdue = false;

  constructor(
    listed: ListedTool,
    settings: McpSettings,
    supervisor: Supervisor,
    execution: ToolExecution,
  ) {
    this.#listed = listed;
    this.#settings = settings;
    this.#supervisor = supervisor;
    this.#execution = execution;
  }

  async run(input: Record<string, unknown>): Promise<unknown> {
    const { signal } = this.#execution;
    const { timeoutMs } = this.#settings;
    const stop = (): void => this.#stop.abort("The caller no longer waits.");
    const giveUp = (): void => {
      this.#isOverdue = true;
      stop();
    };
    const timer = timeoutMs === 0 ? undefined : setTimeout(giveUp, timeoutMs);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await this.#callOnce(input);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }

  async #callOnce(input: Record<string, unknown>): Promise<unknown> {
    for (;;) {
      const session = await this.#findSession();
      try {
        const result = await session.call(this.#listed, input, {
          signal: this.#stop.signal,
          onProgress: progressTo(this.#execution),
        });
        this.#supervisor.noteSuccess(session);
        if (result.isError === true) throw this.#error("tool_failed", toErrorText(result));
        const output = toToolOutput(result);
        return output.length === 0 ? undefined : output;
      } catch (error) {
        this.#throwIfStopped("It was sent, and whether it was carried out is unknown.");
        const failure = this.#readFailure(error, session);
        if (failure.wasNotRun !== true) throw failure.error;
      }
    }
  }

  /** A session in which the tool is what it was when it was listed. */
  async #findSession(): Promise<McpSession> {
    for (;;) {
      let session: McpSession | undefined;
      try {
        session = await this.#supervisor.session(this.#stop.signal);
        const { tools } = await session.tools(this.#stop.signal);
        this.#assertUnchanged(tools.get(this.#listed.name));
        return session;
      } catch (error) {
        this.#throwIfStopped("It was not called.");
        if (session === undefined || error instanceof McpError) throw error;
        const { lostBecause } = this.#readFailure(error, session);
        if (lostBecause === undefined) {
          const text = `The MCP server “${this.#settings.name}” does not say which tools it has now, so “${this.#listed.name}” was not called.`;
          throw this.#error("unavailable", text);
        }
      }
    }
  }

  /** Tells the supervisor as well. */
  #readFailure(error: unknown, session: McpSession): CallFailure {
    const failure = readCallFailure(error, {
      server: this.#settings.name,
      tool: this.#listed.name,
      hadSessionId: session.hasId,
    });
    if (failure.error.code === "tool_failed") this.#supervisor.noteSuccess(session);
    if (failure.lostBecause !== undefined) {
      this.#supervisor.lose(session, failure.lostBecause, failure.isInOrder);
    }
    return failure;
  }

  #throwIfStopped(outcome: string): void {
    const { signal } = this.#execution;
    if (signal.aborted) throw AbortError.from(signal.reason);
    if (!this.#isOverdue) return;
    const { name, timeoutMs } = this.#settings;
    const text = `“${this.#listed.name}” of the MCP server “${name}” had no answer within ${timeoutMs} ms. ${outcome}`;
    throw this.#error("timeout", text);
  }

  #assertUnchanged(now: ListedTool | undefined): void {
    if (now?.fingerprint === this.#listed.fingerprint) return;
    const { name, logger } = this.#settings;
    const tool = shownName(this.#listed.name);
    const what = now === undefined ? "no longer has" : "has changed";
    tellLogger(logger, "warn", `MCP server “${name}” ${what} the tool “${tool}”: connect again.`);
    const text = `The MCP server “${name}” ${what} the tool “${tool}” since it was connected, so it was not called. It can be used again when the program connects again.`;
    throw this.#error("tool_changed", text);
  }

  #error(code: McpErrorCode, text: string): McpError {
    return new McpError(code, this.#settings.name, text);
  }
}

/** Hands on what a server tells of its progress, up to a limit. */
function progressTo(execution: ToolExecution): (progress: Progress) => void {
  let count = 0;
  return ({ progress, total, message }) => {
    count += 1;
    if (count > MAX_PROGRESS) return;
    execution.progress({
      progress,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    });
  };
}
