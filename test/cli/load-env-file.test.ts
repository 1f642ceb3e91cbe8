import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { loadEnvFile } from "../../src/cli/env-file/load-env-file.ts";
import { CommandError } from "../../src/cli/failures.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("the file fills in what is unset or empty, and wins only when told to", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  writeFileSync(path, "\ufeffA=file\r\nexport B='fi le'\r\nC=\r\nD=file\r\n");
  const set = { A: "set", D: "" };
  const environment = { ...set };
  await loadEnvFile(environment, { path, required: false, override: false });
  assert.deepEqual(environment, { A: "set", B: "fi le", C: "", D: "file" });
  const overridden = { ...set };
  await loadEnvFile(overridden, { path, required: false, override: true });
  assert.deepEqual(overridden, { A: "file", B: "fi le", C: "", D: "file" });
});

test("a missing file matters only when it is required, an unreadable one always", async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, ".env");
  await loadEnvFile({}, { path, required: false, override: false });
  await assert.rejects(loadEnvFile({}, { path, required: true, override: false }), CommandError);
  await assert.rejects(loadEnvFile({}, { path: folder, required: false, override: false }), {
    message: `${folder} is not a regular file.`,
  });
});

test("what is no regular file is refused instead of waited for", async (t) => {
  const path = join(temporaryFolder(t), ".env");
  execFileSync("mkfifo", [path]);
  for (const refused of [path, "/dev/zero"]) {
    const loading = loadEnvFile({}, { path: refused, required: false, override: false });
    await assert.rejects(loading, {
      name: "CommandError",
      message: `${refused} is not a regular file.`,
    });
  }
});
