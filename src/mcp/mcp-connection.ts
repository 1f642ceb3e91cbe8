// What a caller holds of a connected server.

import type { DefinedTool } from "../tools/define-tool.ts";

/** A tool of an MCP server, for the `tools` of an agent. */
export type McpTool<Context = unknown> = DefinedTool<Record<string, unknown>, Context>;

/** A tool that cannot be used, and why. */
export interface SkippedTool {
  /** The server's own name; empty where it has none. */
  readonly name: string;
  readonly reason: string;
}

/** A connected server. While it is open, the program does not end by itself. */
export interface McpConnection<Context = unknown> extends AsyncDisposable {
  /** What messages call the server. */
  readonly name: string;
  /** As they were when connecting; later additions of the server are not among them. */
  readonly tools: readonly McpTool<Context>[];
  /** The tools that cannot be used, and why. Those that `includeTools` and `excludeTools` leave out are not among them. */
  readonly skipped: readonly SkippedTool[];
  /**
   * Ends the connection; a server's process, and what it started, is gone when this resolves. Calls under
   * way fail, and so do later ones. Does nothing the second time.
   */
  close(): Promise<void>;
}
