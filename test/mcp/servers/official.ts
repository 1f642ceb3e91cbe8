// A server made with the official library. Run by itself it serves standard input and output, and speaks
// the older revision of the protocol as well unless its argument is `reject`.

import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

/** A server with three tools. */
export function createOfficialServer(): McpServer {
  const server = new McpServer({ name: "official", version: "1.0.0" });
  server.registerTool(
    "add",
    {
      description: "Adds two numbers.",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
    },
    async ({ a, b }) => ({
      content: [{ type: "text", text: String(a + b) }],
      structuredContent: { sum: a + b },
    }),
  );
  server.registerTool("fail", { description: "Fails." }, async () => {
    throw new Error("It failed.");
  });
  server.registerTool("count", { description: "Counts." }, async (context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (let progress = 1; progress <= 3 && progressToken !== undefined; progress++) {
      const params = { progressToken, progress, total: 3 };
      await context.mcpReq.notify({ method: "notifications/progress", params });
    }
    return { content: [{ type: "text", text: "three" }] };
  });
  return server;
}

if (process.argv[1] === import.meta.filename) {
  serveStdio(createOfficialServer, { legacy: process.argv[2] === "reject" ? "reject" : "serve" });
}
