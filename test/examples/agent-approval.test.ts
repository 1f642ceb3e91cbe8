// The example of an approval across two processes, as two processes.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startLocalBedrock } from "../../src/local/index.ts";
import {
  type ExampleRun,
  offlineVariables,
  runExample,
  withTemporaryFolder,
} from "./run-example.ts";

async function inTwoProcesses(
  check: (run: (...args: string[]) => Promise<ExampleRun>, folder: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const local = await startLocalBedrock();
    try {
      const run = async (...args: string[]) => {
        const variables = offlineVariables(folder, local.url);
        const ended = await runExample("agent-approval", variables, { folder, args });
        assert.equal(ended.stderr, "");
        assert.equal(ended.status, 0);
        return ended;
      };
      await check(run, folder);
    } finally {
      await local.close();
    }
  });
}

test("one process asks and another one approves, once", () =>
  inTwoProcesses(async (run, folder) => {
    const asked = await run();
    assert.match(asked.stdout, /^May it run delete_file \{"path":"\/tmp\/old\.log"\}\? \(tooluse_/);
    const state = await readFile(join(folder, "state.json"), "utf8");
    assert.match(state, /"signature"/);
    const { stdout } = await run("approve");
    assert.match(stdout, /^delete_file: success\n/);
    assert.match(stdout, /deleted \/tmp\/old\.log/);
    assert.match(stdout, /ApprovalError: replayed\n$/);
  }));

test("one process asks and another one rejects", () =>
  inTwoProcesses(async (run) => {
    await run();
    const { stdout } = await run("reject");
    assert.match(stdout, /^delete_file: error\n/);
    assert.doesNotMatch(stdout, /deleted/);
  }));
