// The program of one part: runs it and sends its figures to the parent.

import { tellParent } from "./child.ts";
import { PARTS, type SoakOptions } from "./parts.ts";

const [name = "", options = "{}"] = process.argv.slice(2);
const load = PARTS[name];
if (load === undefined) throw new Error(`There is no part ${name}.`);
try {
  const run = await load();
  await tellParent(await run(JSON.parse(options) as SoakOptions));
  process.exit();
} catch (error) {
  // Servers that were started would keep this process, and hide what happened.
  console.error(error);
  process.exit(1);
}
