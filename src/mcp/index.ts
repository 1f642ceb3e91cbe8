// `dcaf/mcp`: the tools of MCP servers as tools of an agent.

export { connectMcp } from "./connect-mcp.ts";
export type { McpConnection, McpTool, SkippedTool } from "./mcp-connection.ts";
export { McpError, type McpErrorCode } from "./mcp-error.ts";
export type {
  McpApproval,
  McpCommonOptions,
  McpHeaders,
  McpHttpOptions,
  McpOptions,
  McpRestartOptions,
  McpStdioOptions,
} from "./mcp-options.ts";
