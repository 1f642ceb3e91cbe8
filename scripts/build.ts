// Makes dist/: one file for each entry point and what they share, for a program starts by finding and
// reading its files, and a hundred small ones take longer than all else in a first call. Declarations
// are made file for file.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { build } from "esbuild";
import { markPure } from "./mark-pure.ts";

// A file deleted from src/ must not be published.
rmSync("dist", { recursive: true, force: true });

const { outputFiles } = await build({
  entryPoints: ["src/index.ts", "src/local/index.ts", "src/mcp/index.ts", "src/cli/main.ts"],
  outbase: "src",
  outdir: "dist",
  bundle: true,
  // A class must be one class, whichever entry point it comes from; and what is imported when needed
  // stays a file of its own.
  splitting: true,
  chunkNames: "shared/[name]-[hash]",
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20.19",
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
  write: false,
});
for (const { path, text } of outputFiles) {
  mkdirSync(dirname(path), { recursive: true });
  const isProgram = text.startsWith("#!");
  writeFileSync(
    path,
    path.endsWith(".js") ? markPure(text) : text,
    isProgram ? { mode: 0o755 } : {},
  );
}

execFileSync("npx", ["--no-install", "tsc", "-p", "tsconfig.build.json"], { stdio: "inherit" });
