// `dcaf/mcp`: the tools of MCP servers as tools of an agent.

export { connectMcp, type McpConnection } from "./connect-mcp.ts";
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
export type { McpTool } from "./mcp-tool.ts";
export type { SkippedTool } from "./tool-list.ts";
