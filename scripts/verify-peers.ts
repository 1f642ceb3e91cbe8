// Runs the checks that need other SDKs. Those live in folders with their own package.json, so that
// the package's own install stays small.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

for (const name of readdirSync("peers")) {
  const cwd = join("peers", name);
  if (!existsSync(join(cwd, "package.json"))) continue;
  console.log(`peers/${name}`);
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd, stdio: "inherit" });
  execFileSync("npm", ["test"], { cwd, stdio: "inherit" });
}
