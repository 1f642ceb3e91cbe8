// Connects to a server, prints the pids of it and of what it started, and leaves as its argument says;
// to be killed it waits alone with the server.

import { connectMcp } from "../../../src/mcp/index.ts";
import { run, scriptedOptions } from "../scripted.ts";

const way = process.argv[2];
const connection = await connectMcp(scriptedOptions({ ignoresSignals: way === "exit" }));
const ask = async (name: string): Promise<string> => {
  const [block] = (await run(connection, name)) as [{ text: string }];
  return block.text;
};
const { pid } = JSON.parse(await ask("environment"));
process.stdout.write(`${pid} ${way === "wait" ? "" : await ask("child")}\n`);
if (way === "exit") process.exit(0);
if (way === "throw") throw new Error("thrown");
if (way === "reject") void Promise.reject(new Error("rejected"));
if (way === "close") await connection.close();
