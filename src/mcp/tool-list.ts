// The tools a server lists, page by page, read as what a stranger wrote: a tool that is none is left out,
// and each has a fingerprint of what its caller agreed to.

import { createHash } from "node:crypto";
import type { Client } from "@modelcontextprotocol/client";
import { isRecord, type JsonValue } from "../core/json.ts";
import type { JsonSchema } from "../tools/schema.ts";
import type { SkippedTool } from "./mcp-connection.ts";
import { McpError, shownName } from "./mcp-error.ts";

/** A tool as the server has it. */
export interface ListedTool {
  /** The server's own name. */
  readonly name: string;
  /** The name where the server says nothing. */
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** The same as long as description and schema mean the same. */
  readonly fingerprint: string;
}

/** What a server has. */
export interface ToolList {
  readonly tools: ReadonlyMap<string, ListedTool>;
  readonly skipped: readonly SkippedTool[];
}

const MAX_PAGES = 100;
const MAX_TOOLS = 1000;

/** Takes any result: one tool that breaks the library's own schema would take all others with it. */
const ANY_RESULT = {
  "~standard": { version: 1 as const, vendor: "dcaf", validate: (value: unknown) => ({ value }) },
};

/** Asks for all pages. Rejects with `McpError` for a list that cannot be used, else as the library does. */
export async function listTools(
  client: Client,
  server: string,
  options: { readonly timeout: number },
): Promise<ToolList> {
  const raw: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const result: unknown = await client.request(
      { method: "tools/list", params },
      ANY_RESULT,
      options,
    );
    if (!isRecord(result) || !Array.isArray(result["tools"])) throw badList(server, "is no list");
    raw.push(...result["tools"]);
    if (raw.length > MAX_TOOLS) throw badList(server, `has more than ${MAX_TOOLS} entries`);
    const { nextCursor } = result;
    if (typeof nextCursor !== "string") return readTools(raw, server);
    if (nextCursor === cursor) throw badList(server, "leads from a page to the same page");
    cursor = nextCursor;
  }
  throw badList(server, `has more than ${MAX_PAGES} pages`);
}

function badList(server: string, what: string): McpError {
  return new McpError(
    "bad_tools",
    server,
    `The list of tools of the MCP server “${server}” ${what}.`,
  );
}

/** Reads entries. Throws `McpError` for two tools of one name: nobody could say which is called. */
export function readTools(raw: readonly unknown[], server: string): ToolList {
  const tools = new Map<string, ListedTool>();
  const skipped: SkippedTool[] = [];
  const names = new Set<string>();
  for (const entry of raw) {
    const name = isRecord(entry) ? entry["name"] : undefined;
    if (!isRecord(entry) || typeof name !== "string" || name === "") {
      skipped.push({ name: "", reason: "It has no name." });
      continue;
    }
    if (names.has(name)) throw badList(server, `has two tools named “${shownName(name)}”`);
    names.add(name);
    const read = readTool(name, entry);
    if (typeof read === "string") skipped.push({ name, reason: read });
    else tools.set(name, read);
  }
  return { tools, skipped };
}

function readTool(name: string, entry: Record<string, unknown>): ListedTool | string {
  const { description: given, inputSchema } = entry;
  if (!isRecord(inputSchema)) return "Its inputSchema is no object.";
  const description = typeof given === "string" && given.trim() !== "" ? given : name;
  try {
    const fingerprint = fingerprintOf([description, inputSchema as JsonValue]);
    return { name, description, inputSchema, fingerprint };
  } catch {
    return "Its inputSchema is nested too deep.";
  }
}

/** Does not depend on the order of an object's members. */
function fingerprintOf(value: JsonValue): string {
  const inOrder = JSON.stringify(value, (_, inner: unknown) => {
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash("sha256").update(inOrder).digest("base64");
}
