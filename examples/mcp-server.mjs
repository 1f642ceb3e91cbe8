// A small MCP server, for `mcp-tool.ts`: plain JSON-RPC, one message a line. Real ones are made with a
// library, such as @modelcontextprotocol/server.

import { createInterface } from "node:readline";

const notes = new Map([
  ["moss", "Moss is a small plant without roots."],
  ["fern", "A fern has leaves and no flowers."],
]);

const tools = [
  {
    name: "read_note",
    description: "Read a note by its title",
    inputSchema: {
      type: "object",
      properties: { title: { type: "string", enum: [...notes.keys()] } },
      required: ["title"],
    },
  },
  {
    name: "delete_note",
    description: "Delete a note by its title",
    inputSchema: { type: "object", properties: { title: { type: "string" } }, required: ["title"] },
  },
];

function callTool({ name, arguments: input }) {
  const text = name === "read_note" ? notes.get(input.title) : undefined;
  const isError = text === undefined;
  return { content: [{ type: "text", text: text ?? "There is no such note." }], isError };
}

const methods = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "notes", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools }),
  "tools/call": callTool,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  // What has no id is a notice.
  if (id === undefined) continue;
  const error = { code: -32601, message: `There is no method ${method}.` };
  const answer = Object.hasOwn(methods, method) ? { result: methods[method](params) } : { error };
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`);
}
