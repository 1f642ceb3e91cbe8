import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { updateEnvFile } from "../../src/cli/env-file/update-env-file.ts";
import { CommandError } from "../../src/cli/failures.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("bytes that are not UTF-8 survive an edit", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  const bad = Buffer.from([0x23, 0xff, 0xfe, 0xc3, 0x0d, 0x0a]);
  writeFileSync(path, Buffer.concat([bad, Buffer.from("A=1\r\n"), bad]));
  await updateEnvFile(path, { A: "2" });
  assert.deepEqual(readFileSync(path), Buffer.concat([bad, Buffer.from("A=2\r\n"), bad]));
});

test("a missing file is made", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  await updateEnvFile(path, { A: "1", B: "2" });
  assert.equal(readFileSync(path, "utf8"), "A=1\nB=2\n");
});

test("a file that has the values already is not written", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  writeFileSync(path, "A='1'");
  const { ino, mtimeMs } = statSync(path);
  await updateEnvFile(path, { A: "1" });
  assert.deepEqual([statSync(path).ino, statSync(path).mtimeMs], [ino, mtimeMs]);
});

test("what is no file, or has no folder, is refused by the name the user gave", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "directory"));
  const cases = [
    [join(folder, "directory"), "is not a regular file."],
    ["/dev/null", "is not a regular file."],
    [join(folder, "none", ".env"), "no such file or directory (ENOENT)."],
    [join(folder, "\0"), "null bytes"],
  ] as const;
  for (const [path, reason] of cases) {
    await assert.rejects(updateEnvFile(path, { A: "1" }), (error: Error) =>
      error.message.includes(reason),
    );
  }
  assert.deepEqual(readdirSync(folder), ["directory"]);
});

test("a value that cannot be written leaves the file as it was", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  writeFileSync(path, "A=1");
  await assert.rejects(updateEnvFile(path, { A: "2", B: "x\ny" }), CommandError);
  assert.equal(readFileSync(path, "utf8"), "A=1");
});
