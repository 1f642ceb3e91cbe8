// What goes wrong with an MCP server. Messages name the server, the tool and the option to turn to;
// never arguments, variables, headers, or what a server wrote to its standard error.

/**
 * While connecting: `not_found` (the command), `start_failed`, `start_timeout`, `refused` (an HTTP
 * status), `bad_tools` (a list that cannot be used). In a call, where the message is what the model
 * reads: `tool_failed` (the server says so), `tool_changed` (since it was listed, or gone),
 * `outcome_unknown` (sent, and the server was lost), `timeout`, `refused`, `unavailable` (not sent),
 * `closed`.
 */
export type McpErrorCode =
  | "not_found"
  | "start_failed"
  | "start_timeout"
  | "refused"
  | "bad_tools"
  | "tool_failed"
  | "tool_changed"
  | "outcome_unknown"
  | "timeout"
  | "unavailable"
  | "closed";

/** A failure of an MCP server, or of the way to it. */
export class McpError extends Error {
  override name = "McpError";
  readonly code: McpErrorCode;
  /** The `name` of the connection. */
  readonly server: string;

  constructor(code: McpErrorCode, server: string, message: string) {
    super(message);
    this.code = code;
    this.server = server;
  }
}

/** A name that a server chose, fit for a line of a log: short, and without control characters. */
export function shownName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return name.slice(0, 128).replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
}
