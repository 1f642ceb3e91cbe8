import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { FileChangedError, replaceFile } from "../../src/cli/env-file/replace-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const OLD = Buffer.from("old");
const NEW = Buffer.from("new");

test("a new file is for its owner only and holds the bytes", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  await replaceFile(path, NEW, undefined);
  assert.equal(readFileSync(path, "utf8"), "new");
  assert.equal(statSync(path).mode & 0o7777, 0o600);
});

test("an existing file keeps its mode", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  for (const mode of [0o600, 0o644, 0o660, 0o400]) {
    writeFileSync(path, OLD);
    chmodSync(path, mode);
    await replaceFile(path, NEW, OLD);
    assert.equal(statSync(path).mode & 0o7777, mode);
    chmodSync(path, 0o600);
  }
});

const isRoot = process.getuid?.() === 0;
test("an existing file keeps its owner", { skip: !isRoot && "needs root" }, async (t) => {
  const path = join(temporaryFolder(t), ".env");
  writeFileSync(path, OLD);
  chownSync(path, 1234, 2345);
  await replaceFile(path, NEW, OLD);
  const { uid, gid } = statSync(path);
  assert.deepEqual({ uid, gid }, { uid: 1234, gid: 2345 });
});

test("a link stays and the file it leads to is replaced in its own folder", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "secrets"));
  writeFileSync(join(folder, "secrets", "real"), OLD);
  symlinkSync("secrets/real", join(folder, "middle"));
  symlinkSync(join(folder, "middle"), join(folder, ".env"));
  await replaceFile(join(folder, ".env"), NEW, OLD);
  assert.equal(readlinkSync(join(folder, ".env")), join(folder, "middle"));
  assert.ok(lstatSync(join(folder, "middle")).isSymbolicLink());
  assert.equal(readFileSync(join(folder, "secrets", "real"), "utf8"), "new");
  assert.deepEqual(readdirSync(join(folder, "secrets")), ["real"]);
});

test("a link to a file not yet made stays a link and the file is made", async (t) => {
  const folder = temporaryFolder(t);
  symlinkSync("real", join(folder, ".env"));
  await replaceFile(join(folder, ".env"), NEW, undefined);
  assert.equal(readlinkSync(join(folder, ".env")), "real");
  assert.equal(statSync(join(folder, "real")).mode & 0o7777, 0o600);
});

test("links that lead in a circle are refused", async (t) => {
  const folder = temporaryFolder(t);
  symlinkSync("b", join(folder, "a"));
  symlinkSync("a", join(folder, "b"));
  await assert.rejects(replaceFile(join(folder, "a"), NEW, undefined), { code: "ELOOP" });
  assert.deepEqual(readdirSync(folder).sort(), ["a", "b"]);
});

test("a file that changed since it was read is left alone, and nothing is left beside it", async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, ".env");
  for (const expected of [OLD, undefined]) {
    writeFileSync(path, "someone else's");
    await assert.rejects(replaceFile(path, NEW, expected), FileChangedError);
    assert.equal(readFileSync(path, "utf8"), "someone else's");
    assert.deepEqual(readdirSync(folder), [".env"]);
  }
});
