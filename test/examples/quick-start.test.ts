import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startLocalBedrock } from "../../src/local/index.ts";
import { bodyOf } from "./expectation.ts";
import {
  type ExampleRun,
  offlineVariables,
  runExample,
  withTemporaryFolder,
} from "./run-example.ts";

/** Runs the quick start in an empty home, at `url` when it asks for AWS. */
async function quickStart(args: readonly string[], url?: string): Promise<ExampleRun> {
  let run: ExampleRun | undefined;
  await withTemporaryFolder(async (folder) => {
    run = await runExample("quick-start", offlineVariables(folder, url), { args, folder });
  });
  assert.ok(run);
  return run;
}

describe("the quick start", { concurrency: 2 }, () => {
  test("without an argument calls a tool, hands back the result and answers", async () => {
    const { status, stdout, stderr } = await quickStart([]);
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.match(stdout, /^The built-in simulator answers: offline, and not a language model\.$/m);
    assert.match(stdout, /→ get_weather \{"location":"Paris"\}$/m);
    assert.match(stdout, /→ get_weather \{"location":"Oslo"\}$/m);
    assert.match(stdout, /← Paris: 23 °C and sunny\n {2}← Oslo: 16 °C and cloudy$/m);
    assert.match(stdout, /\n\n.*Paris: 23 °C.*Oslo: 16 °C.*\n\nDone \(end_turn\) after 2 calls/);
    assert.match(stdout, /^Usage: \d+ tokens in, \d+ tokens out\.$/m);
  });

  test("offline looks for no keys, though a profile would run a program for them", async () => {
    await withTemporaryFolder(async (folder) => {
      const marker = join(folder, "asked");
      await mkdir(join(folder, ".aws"));
      await writeFile(
        join(folder, ".aws", "config"),
        `[default]\ncredential_process = touch ${marker}\n`,
      );
      const { status } = await runExample("quick-start", { HOME: folder }, { folder });
      assert.equal(status, 0);
      assert.equal(existsSync(marker), false);
    });
  });

  test("asks the question it is given", async () => {
    const { status, stdout } = await quickStart(["What is the capital of France?"]);
    assert.equal(status, 0);
    assert.match(stdout, /> What is the capital of France\?\n\nThe capital of France is Paris\./);
    assert.match(stdout, /^Done \(end_turn\) after 1 call of the model\.$/m);
  });

  test("refuses a flag it does not know, with a usage line and status 2", async () => {
    const { status, stdout, stderr } = await quickStart(["--bogus"]);
    assert.equal(status, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /^Unknown option '--bogus'\.\nUsage: npm start -- \[--aws\]/);
  });

  test("with --aws asks the endpoint of the environment and starts none of its own", async () => {
    const local = await startLocalBedrock();
    try {
      const { status, stdout } = await quickStart(
        ["--aws", "What's the weather in Rome?"],
        local.url,
      );
      assert.equal(status, 0);
      assert.doesNotMatch(stdout, /The built-in simulator answers/);
      assert.match(stdout, /← Rome: /);
      assert.equal(local.requests.length, 2);
      const [question, call, result] = bodyOf(local.requests, 1).messages ?? [];
      assert.deepEqual(question?.content, [{ text: "What's the weather in Rome?" }]);
      const { toolUseId } = call?.content[0]?.toolUse ?? {};
      assert.equal(result?.content[0]?.toolResult?.toolUseId, toolUseId);
    } finally {
      await local.close();
    }
  });

  test("without credentials says so, how to go on, and ends with status 1", async () => {
    const { status, stderr } = await quickStart(["--aws"]);
    assert.equal(status, 1);
    assert.match(stderr, /^\nCredentialsError: No AWS credentials were found/);
    assert.match(stderr, /\nSet AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, /);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });
});
