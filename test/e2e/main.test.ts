import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { temporaryFolder } from "../cli/temporary-folder.ts";
import { DCAF, runCommandLine, startCommandLine, startProcess } from "./command-line.ts";
import { scriptedEndpoint, talkWithoutEnd } from "./scripted-endpoint.ts";

const COMMANDS = ["invoke", "chat", "local", "env-update-aws-creds"];

test("--version and --help go to stdout", async (t) => {
  const folder = temporaryFolder(t);
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.deepEqual(await runCommandLine(["--version"], { folder }), {
    status: 0,
    stdout: `${version}\n`,
    stderr: "",
  });
  const { status, stdout, stderr } = await runCommandLine(["--help"], { folder });
  assert.deepEqual([status, stderr], [0, ""]);
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command}\\b`, "m"));
});

test("each command has its help, with the options all commands share", async (t) => {
  const folder = temporaryFolder(t);
  for (const command of COMMANDS) {
    const { status, stdout } = await runCommandLine([command, "--help"], { folder });
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^Usage: dcaf ${command} `));
    assert.match(
      stdout,
      /-f, --dotenv <path> +.*\(default: \.env\)\n +--no-env-file +do not read \.env\n/,
    );
    assert.doesNotMatch(stdout, / --env-file|default: \[\]/);
  }
});

const wrongUses = [
  [[], /^Usage: dcaf/],
  [["invok"], /^error: unknown command 'invok'\n\(Did you mean invoke\?\)\n$/],
  [["invoke", "--modle", "m"], /^error: unknown option '--modle'\n\(Did you mean --model\?\)\n$/],
  [["invoke", "--model"], /argument missing/],
  [["invoke", "--local", "--max-tokens", "1.5", "hi"], /whole number of at least 1/],
  [["invoke", "--local", "--temperature", "warm", "hi"], /number from 0 to 1/],
  [["invoke", "--local", "--endpoint", "http://localhost:1", "hi"], /cannot be used with/],
  [["local", "--port", "65536"], /number from 0 to 65535/],
  [["local", "--host", "0.0.0.0"], /loopback/],
  [["chat", "hello"], /too many arguments/],
] as const;

for (const [args, complaint] of wrongUses) {
  test(`wrong use is told on stderr and is status 2: dcaf ${args.join(" ")}`, async (t) => {
    const result = await runCommandLine(args, { folder: temporaryFolder(t) });
    assert.deepEqual([result.status, result.stdout], [2, ""]);
    assert.match(result.stderr, complaint);
  });
}

test("help loads neither the client nor the endpoint nor any AWS package", async (t) => {
  const folder = temporaryFolder(t);
  const coverage = join(folder, "coverage");
  for (const args of [["--help"], ["invoke", "--help"], ["--version"]]) {
    const environment = { NODE_V8_COVERAGE: coverage };
    assert.equal((await runCommandLine(args, { folder, environment })).status, 0);
  }
  const loaded = readdirSync(coverage)
    .flatMap((name) => JSON.parse(readFileSync(join(coverage, name), "utf8")).result)
    .map(({ url }: { url: string }) => url);
  assert.ok(loaded.some((url) => url.includes("/src/cli/program.ts")));
  const heavy = /\/src\/(?!cli\/)|@aws-sdk|@smithy|\/dotenv\//;
  assert.deepEqual(
    loaded.filter((url) => heavy.test(url)),
    [],
  );
});

test(".env is read, the environment wins, and both can be turned round", async (t) => {
  const folder = temporaryFolder(t);
  const { flags, requests } = await scriptedEndpoint(t, () => "ok");
  const endpoint = flags.slice(2);
  writeFileSync(join(folder, ".env"), "BEDROCK_MODEL_ID='from-dot-env'\n");
  writeFileSync(join(folder, "other.env"), "BEDROCK_MODEL_ID=from-other\n");
  const set = { BEDROCK_MODEL_ID: "from-environment" };
  const cases = [
    [[], {}, "from-dot-env"],
    [[], set, "from-environment"],
    [["--env-override"], set, "from-dot-env"],
    [["--dotenv", "other.env"], {}, "from-other"],
    [["-f", "other.env"], {}, "from-other"],
    [["--env-file", "other.env"], {}, "from-other"],
    [["--no-env-file"], set, "from-environment"],
    [["--model", "from-flag"], set, "from-flag"],
  ] as const;
  for (const [args, environment, expected] of cases) {
    const result = await runCommandLine(["invoke", ...endpoint, ...args, "hi"], {
      folder,
      environment,
    });
    assert.equal(result.status, 0, result.stderr);
    assert.equal(requests.at(-1)?.modelId, expected);
  }
  const unread = await runCommandLine(["--no-env-file", "invoke", ...endpoint, "hi"], { folder });
  assert.equal(unread.status, 2);
  assert.match(unread.stderr, /--model or set BEDROCK_MODEL_ID/);
});

test("an .env that cannot be read is an error", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, ".env"));
  const result = await runCommandLine(["invoke", "--local", "hi"], { folder });
  assert.deepEqual(result, {
    status: 1,
    stdout: "",
    stderr: "error: .env is not a regular file.\n",
  });
  for (const args of [
    ["--dotenv", "none", "invoke"],
    ["invoke", "-f", "none"],
  ]) {
    const missing = await runCommandLine([...args, "--local", "hi"], { folder });
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /^error: Cannot read none: no such file/);
  }
});

test("a result that cannot be written is an error", {
  skip: !existsSync("/dev/full") && "there is no /dev/full",
}, async (t) => {
  const command = [...DCAF, "invoke", "--local", "hi"].join(" ");
  const run = startProcess(["sh", "-c", `${command} > /dev/full`], { folder: temporaryFolder(t) });
  run.process.stdin.end();
  const { status, stderr } = await run.result;
  assert.equal(status, 1);
  assert.match(stderr, /ENOSPC/);
});

test("a reader of stdout that leaves early ends the command quietly", async (t) => {
  const folder = temporaryFolder(t);
  const { flags } = await scriptedEndpoint(t, talkWithoutEnd, 5);
  const run = startCommandLine(["invoke", ...flags, "hi"], { folder });
  run.process.stdin.end();
  await run.showsNext("stdout", "word");
  run.process.stdout.destroy();
  const { status, stderr } = await run.result;
  assert.deepEqual([status, stderr], [0, ""]);
});
