// The command: what it prints, and what it exits with.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { PARTS } from "../../soak/parts.ts";

function runSoak(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = ["--import", "tsx", "soak/main.ts", ...args];
  return spawnSync(process.execPath, program, { encoding: "utf8" });
}

test("a part that there is not is told, with those there are", () => {
  const { status, stderr } = runSoak("nosuch");
  assert.equal(status, 2);
  assert.match(stderr, /“nosuch”.*streams, leaks, abort/);
});

test("a seed that is no number is told, and so is an option that there is not", () => {
  for (const args of [["--seed", "many"], ["--fast"]]) {
    const { status, stderr } = runSoak(...args);
    assert.equal(status, 2);
    assert.match(stderr, /^soak: .*--(seed|fast)/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});

test("every part can be loaded", async () => {
  for (const load of Object.values(PARTS)) assert.equal(typeof (await load()), "function");
});

test("one part runs by itself, with its servers, and is judged", () => {
  const { status, stdout, stderr } = runSoak("outage", "--quick", "--seed", "5");
  assert.match(stdout, /^seed 5, quick/);
  assert.match(
    stdout,
    /\| outage +\| attempts beyond the quota's 35, for each request .*\| met +\|/,
  );
  assert.equal(status, 0, stdout + stderr);
});

test("nothing of it is shipped", () => {
  assert.ok(existsSync("soak/main.ts"));
  const packed = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    encoding: "utf8",
  });
  assert.match(packed.stdout, /src\/index\.ts/);
  assert.doesNotMatch(packed.stdout, /soak/);
});
