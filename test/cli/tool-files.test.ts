import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { CommandError, UsageError } from "../../src/cli/failures.ts";
import { readToolFiles } from "../../src/cli/tool-files.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("single tools and lists of all files come in order", async (t) => {
  const folder = temporaryFolder(t);
  const paths = [{ name: "a" }, [{ name: "b" }, { name: "c" }], []].map((content, index) => {
    const path = join(folder, `${index}.json`);
    writeFileSync(path, JSON.stringify(content));
    return path;
  });
  assert.deepEqual(await readToolFiles(paths), [{ name: "a" }, { name: "b" }, { name: "c" }]);
  assert.deepEqual(await readToolFiles([]), []);
});

test("a file that is missing or no JSON is named", async (t) => {
  const folder = temporaryFolder(t);
  const broken = join(folder, "broken.json");
  writeFileSync(broken, "{");
  await assert.rejects(readToolFiles([broken]), (error) => {
    return error instanceof UsageError && error.message.startsWith(`${broken} is not JSON`);
  });
  const none = join(folder, "none.json");
  await assert.rejects(readToolFiles([none]), (error) => {
    assert.ok(error instanceof CommandError && !(error instanceof UsageError));
    return error.message === `Cannot read ${none}: no such file or directory (ENOENT).`;
  });
});

test("what is no regular file is refused instead of waited for", async (t) => {
  const path = join(temporaryFolder(t), "fifo");
  execFileSync("mkfifo", [path]);
  for (const refused of [path, "/dev/zero"]) {
    await assert.rejects(readToolFiles([refused]), {
      name: "CommandError",
      message: `${refused} is not a regular file.`,
    });
  }
});

test("a byte order mark is no part of the JSON", async (t) => {
  const path = join(temporaryFolder(t), "tool.json");
  writeFileSync(path, '\ufeff{"name":"a"}');
  assert.deepEqual(await readToolFiles([path]), [{ name: "a" }]);
});
