// `connectMcp`: one server, its tools, and an end to it.

import { tellLogger } from "../core/logger.ts";
import { nearestName } from "../core/options.ts";
import type { McpConnection, McpTool, SkippedTool } from "./mcp-connection.ts";
import { McpError, shownName } from "./mcp-error.ts";
import { type McpOptions, type McpSettings, readMcpOptions } from "./mcp-options.ts";
import { toMcpTool } from "./mcp-tool.ts";
import { matchesAny, unknownNames } from "./name-pattern.ts";
import { Supervisor } from "./supervisor.ts";
import type { ToolList } from "./tool-list.ts";

/**
 * Connects to an MCP server, as a process (`command`) or over streamable HTTP (`url`), and makes tools of
 * what it lists. A server that is lost is brought back; a call it was lost in fails with what is known,
 * and is never sent again.
 *
 * Rejects with `McpError` when the server cannot be reached or used, with `AbortError` when `signal`
 * fires, and with `TypeError`, before anything is started, for options that make no sense.
 *
 * @example
 * await using files = await connectMcp({ command: "npx", args: ["-y", "some-server", "."] });
 * const agent = new Agent({ llm, tools: [...files.tools] });
 */
export async function connectMcp<Context = unknown>(
  options: McpOptions<Context>,
): Promise<McpConnection<Context>> {
  const settings = readMcpOptions(options);
  const supervisor = new Supervisor(settings);
  const session = await supervisor.start();
  try {
    const list = await session.tools(AbortSignal.timeout(settings.startTimeoutMs));
    const { tools, skipped } = selectTools(list, settings, supervisor);
    const close = (): Promise<void> => supervisor.close();
    return { name: settings.name, tools, skipped, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await supervisor.close();
    throw error;
  }
}

function selectTools(
  list: ToolList,
  settings: McpSettings,
  supervisor: Supervisor,
): { tools: McpTool[]; skipped: SkippedTool[] } {
  const { includeTools, excludeTools } = settings;
  const names = [...list.tools.keys(), ...list.skipped.map(({ name }) => name)];
  assertNames(includeTools, "includeTools", names, settings);
  assertNames(excludeTools, "excludeTools", names, settings);
  const isWanted = ({ name }: { readonly name: string }): boolean =>
    matchesAny(name, includeTools) && !matchesAny(name, excludeTools);
  const tools: McpTool[] = [];
  const skipped = list.skipped.filter(isWanted);
  for (const listed of [...list.tools.values()].filter(isWanted)) {
    try {
      tools.push(toMcpTool(listed, settings, supervisor));
    } catch (error) {
      skipped.push({ name: listed.name, reason: error instanceof Error ? error.message : "" });
    }
  }
  for (const { name, reason } of skipped) {
    const text = `MCP server “${settings.name}”: the tool “${shownName(name)}” is left out. ${shownName(reason)}`;
    tellLogger(settings.logger, "warn", text);
  }
  return { tools, skipped };
}

/** Throws for a name that no tool has: a misspelt exclusion would let a tool in. */
function assertNames(
  patterns: readonly string[],
  option: string,
  names: readonly string[],
  { name: server }: McpSettings,
): void {
  const [unknown] = unknownNames(patterns, names);
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const advice = nearest === undefined ? "" : ` Did you mean “${shownName(nearest)}”?`;
  throw new McpError(
    "bad_tools",
    server,
    `${option}: the MCP server “${server}” has no tool “${unknown}”.${advice}`,
  );
}
