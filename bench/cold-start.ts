// A program that is started, asks once and ends: what a cold Lambda does.

import type { CreateClient, Target } from "./clients/client.ts";

const [name = "", target = "{}"] = process.argv.slice(2);
const url = new URL(`./clients/${name}.js`, import.meta.url).href;
const { create } = (await import(url)) as { create: CreateClient };
const client = await create(JSON.parse(target) as Target);
await client.invoke(client.prepare([{ role: "user", text: "Hello" }]));
process.exit();
