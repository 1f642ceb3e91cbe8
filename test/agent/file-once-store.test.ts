// Claims on a disk: one yes for each id, whoever asks, and never a yes that was not written.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FileOnceStore, MemoryOnceStore } from "../../src/index.ts";

const LATER = Date.now() + 60_000;

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dcaf-store-"));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** Claims 200 ids in an order of its own, when it is told to, and prints those it was granted. */
const CLAIMANT = `
  import { FileOnceStore } from "./src/index.ts";
  const [folder, offset] = process.argv.slice(-2);
  const store = new FileOnceStore(folder);
  await new Promise((resolve) => {
    console.log("ready");
    process.stdin.once("data", resolve);
  });
  const ids = Array.from({ length: 200 }, (_, index) => "id-" + ((index * 7 + Number(offset)) % 200));
  const answers = await Promise.all(ids.map((id) => store.claim(id, Date.now() + 60_000)));
  console.log(JSON.stringify(ids.filter((_, index) => answers[index])));
  process.stdin.destroy();
`;

test("four processes that claim the same 200 ids are granted each of them once", async (t) => {
  const folder = join(await folderFor(t), "made", "when", "needed");
  const claimants = [0, 1, 2, 3].map((offset) => {
    const flags = ["--import", "tsx", "--input-type=module", "--eval", CLAIMANT];
    const child = spawn(process.execPath, [...flags, "--", folder, String(offset)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    t.after(() => child.kill());
    let output = "";
    const ready = new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk) => {
        output += chunk;
        if (output.startsWith("ready")) resolve();
      });
    });
    const ended = new Promise<string>((resolve) => child.on("close", () => resolve(output)));
    return { child, ready, ended };
  });
  await Promise.all(claimants.map(({ ready }) => ready));
  for (const { child } of claimants) child.stdin.write("go\n");
  const outputs = await Promise.all(claimants.map(({ ended }) => ended));
  const granted = outputs.flatMap((output) => JSON.parse(output.split("\n")[1] ?? "") as string[]);
  assert.equal(granted.length, 200);
  assert.equal(new Set(granted).size, 200);
  assert.equal((await readdir(folder)).length, 200);
});

test("an id that could be a path is refused, and nothing is written", async (t) => {
  const folder = await folderFor(t);
  const store = new FileOnceStore(join(folder, "claims"));
  const ids = ["", ".", "..", "../a", "a/b", "a\\b", "a\0", "a.claim", "ä", "a b", "x".repeat(65)];
  for (const id of ids) await assert.rejects(store.claim(id, LATER), TypeError);
  await assert.rejects(store.claim(undefined as never, LATER), TypeError);
  assert.deepEqual(await readdir(folder), []);
});

test("where it cannot write it says so, and never yes", async (t) => {
  const folder = await folderFor(t);
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const directory of [file, join(file, "below"), "/dev/null/claims"]) {
    const store = new FileOnceStore(directory);
    await assert.rejects(store.claim("a", LATER), (error) => error instanceof Error);
  }
});

test("a claim without an end is a TypeError, and claims nothing", async (t) => {
  const store = new FileOnceStore(await folderFor(t));
  await assert.rejects(store.claim("a", Number.NaN), /expiresAt must be/);
  assert.equal(await store.claim("a", LATER), true);
  assert.equal(await store.claim("a", LATER), false);
});

test("on a disk without room it is an error, and a yes when there is room again", async (t) => {
  if (process.platform !== "linux") return t.skip("needs a file system of its own");
  const folder = await folderFor(t);
  const program = `
    import { rmSync, writeFileSync } from "node:fs";
    import { FileOnceStore } from "./src/index.ts";
    const folder = process.argv.at(-1);
    const store = new FileOnceStore(folder + "/claims");
    const answers = [await store.claim("first", Date.now() + 60_000)];
    try { for (let at = 0; ; at++) writeFileSync(folder + "/fill-" + at, ""); } catch {}
    answers.push(await store.claim("second", Date.now() + 60_000).catch(({ code }) => code));
    rmSync(folder + "/fill-0");
    for (const id of ["second", "second", "first"]) answers.push(await store.claim(id, Date.now() + 60_000));
    console.log(JSON.stringify(answers));
  `;
  const command = `mount -t tmpfs -o nr_inodes=16 none "$1" && exec "$2" --import tsx --input-type=module --eval "$3" -- "$1"`;
  const flags = ["-Urm", "sh", "-c", command, "sh", folder, process.execPath, program];
  const output = await new Promise<string | undefined>((resolve) => {
    execFile("unshare", flags, (error, stdout) => resolve(error === null ? stdout : undefined));
  });
  if (output === undefined) return t.skip("no file system of its own can be had here");
  assert.deepEqual(JSON.parse(output), [true, "ENOSPC", true, false, false]);
});

test("what expired long ago is swept, and nothing else is touched", async (t) => {
  const folder = await folderFor(t);
  const old = new Date(Date.now() - 2 * 60 * 60 * 1_000);
  const first = new FileOnceStore(folder);
  await first.claim("old", LATER);
  await first.claim("new", LATER);
  await first.claim("just-expired", Date.now() - 1);
  await writeFile(join(folder, "notes.txt"), "mine");
  await mkdir(join(folder, "a-folder.claim"));
  for (const name of ["old.claim", "notes.txt"]) await utimes(join(folder, name), old, old);
  await new FileOnceStore(folder).claim("another", LATER);
  assert.deepEqual((await readdir(folder)).sort(), [
    "a-folder.claim",
    "another.claim",
    "just-expired.claim",
    "new.claim",
    "notes.txt",
  ]);
});

test("a name that is there is taken, whatever it is", async (t) => {
  const folder = await folderFor(t);
  await mkdir(join(folder, "a.claim"));
  await symlink(join(folder, "nowhere"), join(folder, "b.claim"));
  const store = new FileOnceStore(folder);
  assert.equal(await store.claim("a", LATER), false);
  assert.equal(await store.claim("b", LATER), false);
});

test("a folder given in relation to the working directory stays the one it was", async (t) => {
  const folder = await folderFor(t);
  const before = process.cwd();
  t.after(() => process.chdir(before));
  process.chdir(folder);
  const store = new FileOnceStore("claims");
  assert.equal(await store.claim("a", LATER), true);
  process.chdir(before);
  assert.equal(await store.claim("a", LATER), false);
});

test("memory forgets what has expired, and only that", () => {
  const store = new MemoryOnceStore();
  for (let index = 0; index < 5_000; index++) store.claim(`old-${index}`, 0);
  assert.equal(store.claim("kept", LATER), true);
  for (let index = 0; index < 5_000; index++) store.claim(`more-${index}`, 0);
  assert.equal(store.claim("kept", LATER), false);
  assert.equal(store.claim("old-0", LATER), true);
});
