// Connects to a server, and prints what the system says of that process. Run with canaries in its own
// environment.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { connectMcp } from "../../../src/mcp/index.ts";

const server = fileURLToPath(new URL("scripted-stdio.mjs", import.meta.url));
await using connection = await connectMcp({
  command: process.execPath,
  args: [server],
  env: { TOKEN: "given" },
});
const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ");
const pid = children.find((child) =>
  readFileSync(`/proc/${child}/cmdline`, "utf8").includes(server),
);
const environ = readFileSync(`/proc/${pid}/environ`, "utf8");
const cmdline = readFileSync(`/proc/${pid}/cmdline`, "utf8");
console.log(JSON.stringify({ environ, cmdline, tools: connection.tools.length }));
