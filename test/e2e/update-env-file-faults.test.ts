// What is left of an `.env` file when the process writing it is killed or the disk refuses.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { temporaryFolder } from "../cli/temporary-folder.ts";

const PROGRAM = [process.execPath, "--import", "tsx", "test/e2e/update-env-file-program.ts"];
// With one thread for the file system the injected faults can be counted.
const environment = { ...process.env, UV_THREADPOOL_SIZE: "1", TSX_DISABLE_CACHE: "1" };

const OLD = "# keys\r\nA='1'\r\nB=\"two\r\nlines\"";
const NEW = OLD.replace("1", "2");

const hasStrace = spawnSync("strace", ["-f", "true"]).status === 0;
const withoutStrace = !hasStrace && "strace is not installed or not allowed here";

function runUnder(fault: string, path: string) {
  const inject = [
    "-f",
    "-o",
    "/dev/null",
    "-e",
    `trace=${syscallsOf(fault)}`,
    "-e",
    `inject=${fault}`,
  ];
  return spawnSync("strace", [...inject, ...PROGRAM, path, "A", "2"], {
    env: environment,
    encoding: "utf8",
    timeout: 60_000,
  });
}

function syscallsOf(fault: string): string {
  return fault.slice(0, fault.indexOf(":"));
}

const kills = [
  ["before the bytes are written through", "fchmod:signal=KILL", OLD],
  ["as the bytes are written through", "fsync:signal=KILL:when=1", OLD],
  ["before the new file takes the old one's name", "/^rename:signal=KILL", OLD],
  ["after the new file took the old one's name", "fsync:signal=KILL:when=2", NEW],
] as const;

for (const [moment, fault, expected] of kills) {
  test(`a process killed ${moment} leaves a whole file`, { skip: withoutStrace }, (t) => {
    const path = join(temporaryFolder(t), ".env");
    writeFileSync(path, OLD);
    assert.notEqual(runUnder(fault, path).status, 0);
    assert.equal(readFileSync(path, "utf8"), expected);
    const next = spawnSync(PROGRAM[0] as string, [...PROGRAM.slice(1), path, "A", "2"]);
    assert.equal(next.status, 0, "the next run is not in the way of what was left");
    assert.equal(readFileSync(path, "utf8"), NEW);
  });
}

const refusals = [
  ["fsync:error=ENOSPC:when=1", "no space left on device (ENOSPC)."],
  ["fsync:error=EIO:when=1", "i/o error (EIO)."],
  ["/^rename:error=EROFS", "read-only file system (EROFS)."],
  ["fchmod:error=EPERM", "operation not permitted (EPERM)."],
] as const;

for (const [fault, reason] of refusals) {
  test(`the old file stays alone when the disk says ${reason}`, { skip: withoutStrace }, (t) => {
    const folder = temporaryFolder(t);
    const path = join(folder, ".env");
    writeFileSync(path, OLD);
    const { status, stderr } = runUnder(fault, path);
    assert.equal(status, 1);
    assert.equal(stderr, `Cannot write ${path}: ${reason}\n`);
    assert.equal(readFileSync(path, "utf8"), OLD);
    assert.deepEqual(readdirSync(folder), [".env"]);
  });
}

const canMount = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

test("a disk that fills up in the middle of the write leaves the old file", {
  skip: !canMount && "needs root to mount a small disk",
}, (t) => {
  const folder = join(temporaryFolder(t), "disk");
  mkdirSync(folder);
  const path = join(folder, ".env");
  const script = `
    mount -t tmpfs -o size=12k tmpfs "${folder}" && head -c 6000 /dev/zero | tr '\\0' '#' > "${path}"
    "$@" "${path}" A 2; echo "$?"; wc -c < "${path}"; ls -A "${folder}"`;
  const { stdout, stderr } = spawnSync("unshare", ["-m", "sh", "-c", script, "sh", ...PROGRAM], {
    encoding: "utf8",
  });
  assert.equal(stderr, `Cannot write ${path}: no space left on device (ENOSPC).\n`);
  assert.deepEqual(stdout.split(/\s+/).filter(Boolean), ["1", "6000", ".env"]);
});

test("processes that write at once leave a whole file with at least the last one's value", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  writeFileSync(path, OLD);
  const [node = "", ...program] = PROGRAM;
  const runs = ["P", "Q"].map((key) => spawn(node, [...program, path, key, "1"]));
  await Promise.all(runs.map((run) => once(run, "close")));
  const lines = readFileSync(path, "utf8").slice(OLD.length).trim().split("\r\n").sort();
  assert.ok(["P=1", "Q=1", "P=1,Q=1"].includes(lines.join()), lines.join());
  assert.ok(readFileSync(path, "utf8").startsWith(OLD));
});
