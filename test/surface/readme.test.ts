// The README is held to what it says: its commands exist, its code runs as printed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { startLocalBedrock } from "../../src/local/index.ts";
import { temporaryHome } from "../helpers/temporary-home.ts";

const README = readFileSync("README.md", "utf8");
const SCRIPTS = (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object }).scripts;

test("the two commands stand under “Quick start”, each on a line of its own", () => {
  const section = README.split(/^## /m).find((text) => text.startsWith("Quick start"));
  for (const command of ["npm ci && npm start", "npm ci && npm test"]) {
    assert.ok(section?.split("\n").includes(command), command);
  }
});

test("every script it names exists", () => {
  const named = [...README.matchAll(/npm (?:run )?([a-z]+)/g)].map((match) => match[1] ?? "");
  for (const name of named) {
    assert.ok(["ci", "install", "pkg"].includes(name) || name in SCRIPTS || name === "and", name);
  }
});

test("every file it links to exists", () => {
  for (const [, path = ""] of README.matchAll(/\]\(([^)#:]+)\)/g))
    assert.ok(existsSync(path), path);
});

describe("its code runs as printed:", () => {
  for (const [index, [, code = ""]] of [...README.matchAll(/```ts\n([\s\S]*?)```/g)].entries()) {
    test(`block ${index + 1}`, async (context) => {
      const local = await startLocalBedrock();
      context.after(() => local.close());
      const home = temporaryHome(context);
      const program = join(String(home["HOME"]), "block.mts");
      // For what a user installs himself, such as zod.
      symlinkSync(resolve("node_modules"), join(String(home["HOME"]), "node_modules"));
      writeFileSync(program, code);
      const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program], {
        env: {
          PATH: process.env["PATH"],
          ...home,
          TSX_TSCONFIG_PATH: resolve("tsconfig.json"),
          AWS_ENDPOINT_URL_BEDROCK_RUNTIME: local.url,
        },
      });
      assert.ok(stdout.length > 0, "it prints what the model said");
    });
  }
});
