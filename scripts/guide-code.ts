// Cuts the code of docs/guide.md and docs/agent.md out of examples/. A block stands between `<!-- code: file.ts#name -->`
// and `<!-- /code -->` and holds what lies between `// #region name` and `// #endregion` in that file.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = new URL("..", import.meta.url);
const BLOCK = /^<!-- code: ([a-z-]+\.ts)#([a-z-]+) -->\n[\s\S]*?^<!-- \/code -->$/gm;

/** The guide's file. */
export const GUIDE_URL: URL = new URL("docs/guide.md", ROOT);

/** The page on tools and agents. */
export const AGENT_URL: URL = new URL("docs/agent.md", ROOT);

/** A region of an example, moved to the left margin. Throws when the example has no such region. */
export function regionOf(file: string, name: string): string {
  const lines = readFileSync(new URL(`examples/${file}`, ROOT), "utf8").split("\n");
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const length = lines.slice(start).findIndex((line) => line.trim() === "// #endregion");
  if (start < 0 || length < 0) throw new Error(`examples/${file} has no region ${name}.`);
  const region = lines.slice(start + 1, start + length);
  const margins = region.filter((line) => line !== "").map((line) => line.search(/\S/));
  const margin = Math.min(...margins);
  return region.map((line) => line.slice(margin)).join("\n");
}

/** A guide with every block of code as the examples have it now. */
export function withCode(guide: string): string {
  return guide.replace(BLOCK, (_, file: string, name: string) => {
    const code = regionOf(file, name);
    return `<!-- code: ${file}#${name} -->\n\`\`\`ts\n${code}\n\`\`\`\n<!-- /code -->`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const url of [GUIDE_URL, AGENT_URL]) {
    writeFileSync(url, withCode(readFileSync(url, "utf8")));
  }
}
