import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { parse } from "dotenv";
import { temporaryFolder } from "../cli/temporary-folder.ts";
import { type Run, type RunResult, runCommandLine, startCommandLine } from "./command-line.ts";
import { CANARIES, CREDENTIALS_JSON, fakeDuploJit, printing } from "./fake-duplo-jit.ts";

const COMMAND = "env-update-aws-creds";
const FLAGS = ["--tenant", "dev-01", "--host", "https://duplo.example"];
const ENV = "# ours\r\nexport AWS_ACCESS_KEY_ID='old' # keep\r\n\r\nOTHER=\"a\r\nb\"";

function setUp(t: TestContext, script: string, env: string | null = ENV) {
  const folder = temporaryFolder(t);
  if (env !== null) writeFileSync(join(folder, ".env"), env);
  const fake = fakeDuploJit(folder, script);
  const path = `${fake.bin}:/usr/bin:/bin`;
  return { folder, fake, file: join(folder, ".env"), environment: { PATH: path } };
}

function assertNoCanary({ stdout, stderr }: RunResult): void {
  for (const canary of Object.values(CANARIES)) {
    assert.ok(!stdout.includes(canary) && !stderr.includes(canary.slice(0, 12)));
  }
}

test("the three variables are set, the rest of the file stays, and stderr says until when", async (t) => {
  const { folder, fake, file, environment } = setUp(t, printing(CREDENTIALS_JSON));
  const result = await runCommandLine([COMMAND, ...FLAGS], { folder, environment });
  assert.deepEqual(result, {
    status: 0,
    stdout: "",
    stderr: ".env has the new AWS credentials; they last until 2031-02-03T04:05:06.000Z.\n",
  });
  assert.deepEqual(fake.calledWith(), [
    "aws",
    "--no-cache",
    "--tenant=dev-01",
    "--host",
    "https://duplo.example",
    "--interactive",
  ]);
  const { AccessKeyId, SecretAccessKey, SessionToken } = CANARIES;
  assert.equal(
    readFileSync(file, "utf8"),
    `${ENV.replace("old", AccessKeyId)}\r\nAWS_SECRET_ACCESS_KEY=${SecretAccessKey}\r\nAWS_SESSION_TOKEN=${SessionToken}\r\n`,
  );
});

test("--help says that -f names the file to write", async (t) => {
  const { stdout } = await runCommandLine([COMMAND, "--help"], { folder: temporaryFolder(t) });
  assert.match(stdout, /\bor\s+in\s+the\s+file\s+that\s+-f\s+names\./);
});

test("a missing file is made for its owner only, also under another name", async (t) => {
  const { folder, environment } = setUp(t, printing(CREDENTIALS_JSON), null);
  for (const [args, name] of [
    [[], ".env"],
    [["-f", "fresh.env"], "fresh.env"],
    [["--dotenv", "new.env"], "new.env"],
    [["--no-env-file", "-f", "unread.env"], "unread.env"],
  ] as const) {
    const result = await runCommandLine([COMMAND, ...FLAGS, ...args], { folder, environment });
    assert.equal(result.status, 0, result.stderr);
    const path = join(folder, name);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(parse(readFileSync(path))["AWS_SESSION_TOKEN"], CANARIES.SessionToken);
  }
});

test("variables that win over the file are pointed out by name only", async (t) => {
  const { folder, environment } = setUp(t, printing(CREDENTIALS_JSON));
  const cases = [
    [{ AWS_ACCESS_KEY_ID: "canary-id" }, "AWS_ACCESS_KEY_ID"],
    [{ AWS_SESSION_TOKEN: "canary-token", AWS_ACCESS_KEY_ID: "" }, "AWS_SESSION_TOKEN"],
    [{ AWS_SESSION_TOKEN: "t", AWS_ACCESS_KEY_ID: "i" }, "AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN"],
    // What the last run wrote is read from the file and wins over nothing.
    [{}, undefined],
  ] as const;
  for (const [set, told] of cases) {
    const variables = { ...environment, ...set };
    const result = await runCommandLine([COMMAND, ...FLAGS], { folder, environment: variables });
    assert.equal(result.status, 0, result.stderr);
    const [, note = ""] = result.stderr.split(/(?<=\n)/);
    const expected =
      told &&
      `note: the environment itself sets ${told}, which wins over the file unless --env-override is given.\n`;
    assert.equal(note, expected ?? "");
    assert.ok(!result.stderr.includes("canary"));
  }
});

test("tenant and host come from flags, then the environment, then the file", async (t) => {
  const env = "DUPLO_TENANT=file-tenant\nDUPLO_HOST=https://file.example\n";
  const { folder, fake, environment } = setUp(t, printing(CREDENTIALS_JSON), env);
  const set = { ...environment, DUPLO_TENANT: "env-tenant" };
  const cases = [
    [[], environment, "--tenant=file-tenant", "https://file.example"],
    [[], set, "--tenant=env-tenant", "https://file.example"],
    [["--env-override"], set, "--tenant=file-tenant", "https://file.example"],
    [FLAGS, set, "--tenant=dev-01", "https://duplo.example"],
  ] as const;
  for (const [args, variables, tenant, host] of cases) {
    const run = await runCommandLine([COMMAND, ...args], { folder, environment: variables });
    assert.equal(run.status, 0, run.stderr);
    const called = fake.calledWith();
    assert.deepEqual([called?.[2], called?.[4]], [tenant, host]);
  }
});

const missing = [
  [["--host", "h"], "error: No tenant is given: use --tenant or set DUPLO_TENANT.\n"],
  [["--tenant", "t"], "error: No host is given: use --host or set DUPLO_HOST.\n"],
  [
    ["--tenant", "", "--host", "h"],
    "error: No tenant is given: use --tenant or set DUPLO_TENANT.\n",
  ],
] as const;

for (const [args, message] of missing) {
  test(`without ${message.includes("tenant") ? "a tenant" : "a host"} nothing is run: ${args.join(" ")}`, async (t) => {
    const { folder, fake, environment } = setUp(t, printing(CREDENTIALS_JSON));
    const result = await runCommandLine([COMMAND, ...args], { folder, environment });
    assert.deepEqual(result, { status: 1, stdout: "", stderr: message });
    assert.equal(fake.calledWith(), undefined);
  });
}

const without = (name: string) =>
  JSON.stringify({ ...JSON.parse(CREDENTIALS_JSON), [name]: undefined });
const NOT_CREDENTIALS = "duplo-jit printed something other than AWS credentials as JSON.";
const failures = [
  ["fails", `${printing(CREDENTIALS_JSON)}\nexit 3`, "duplo-jit failed with exit status 3."],
  ["is killed", `${printing(CREDENTIALS_JSON)}\nkill -9 $$`, "duplo-jit was ended by SIGKILL."],
  ["prints nothing", "", NOT_CREDENTIALS],
  ["prints cut JSON", printing(CREDENTIALS_JSON.slice(0, -40)), NOT_CREDENTIALS],
  ["prints a secret that is no JSON", printing(CANARIES.SecretAccessKey), NOT_CREDENTIALS],
  [
    "prints a list",
    printing(`[${CREDENTIALS_JSON}]`),
    "duplo-jit printed JSON without AccessKeyId, SecretAccessKey, SessionToken.",
  ],
  [
    "leaves a member out",
    printing(without("SecretAccessKey")),
    "duplo-jit printed JSON without SecretAccessKey.",
  ],
  [
    "leaves the token empty",
    printing(without("SessionToken")),
    "duplo-jit printed JSON without SessionToken.",
  ],
  ["never stops printing", `while :; do\n${printing(CREDENTIALS_JSON)}\ndone`, NOT_CREDENTIALS],
  [
    "prints a value of several lines",
    printing(CREDENTIALS_JSON.replace("two==", "two\\nX=1")),
    "The value for AWS_SECRET_ACCESS_KEY holds control characters.",
  ],
] as const;

for (const [title, script, message] of failures) {
  test(`the file is untouched when duplo-jit ${title}`, async (t) => {
    const { folder, file, environment } = setUp(t, script);
    const result = await runCommandLine([COMMAND, ...FLAGS], { folder, environment });
    assert.equal(result.status, 1);
    assert.equal(result.stdout, "");
    assert.ok(result.stderr.startsWith(`error: ${message}\n`), result.stderr);
    assertNoCanary(result);
    assert.equal(readFileSync(file, "utf8"), ENV);
  });
}

test("a duplo-jit that floods its output and ignores signals is ended once", async (t) => {
  const script = `trap '' TERM PIPE; while printf '%1000s' x; do :; done 2>/dev/null; exec sleep 60`;
  const { folder, file, environment } = setUp(t, script);
  const result = await runCommandLine([COMMAND, ...FLAGS], { folder, environment });
  assert.deepEqual(result, { status: 1, stdout: "", stderr: `error: ${NOT_CREDENTIALS}\n` });
  assert.equal(readFileSync(file, "utf8"), ENV);
});

/** Leaves a program running that holds the pipe, and says its process id. */
const LEAVING = `sleep 600 2>/dev/null & echo "left $!." >&2`;

function endLeftBehind(t: TestContext, run: Run): void {
  t.after(() => process.kill(Number(/left (\d+)\./.exec(run.shown("stderr"))?.[1])));
}

test("what duplo-jit leaves running is not waited for", async (t) => {
  const script = `${LEAVING}; ${printing(CREDENTIALS_JSON)}`;
  const { folder, file, environment } = setUp(t, script);
  const run = startCommandLine([COMMAND, ...FLAGS], { folder, environment });
  await run.showsNext("stderr", ".");
  endLeftBehind(t, run);
  const { status, stderr } = await run.result;
  assert.equal(status, 0, stderr);
  assert.equal(parse(readFileSync(file))["AWS_SESSION_TOKEN"], CANARIES.SessionToken);
});

test("Ctrl-C ends the wait for what duplo-jit left running", async (t) => {
  const { folder, file, environment } = setUp(t, `${LEAVING}; ${printing(CREDENTIALS_JSON)}`);
  const run = startCommandLine([COMMAND, ...FLAGS], { folder, environment });
  await run.showsNext("stderr", ".");
  endLeftBehind(t, run);
  run.process.kill("SIGINT");
  const { status } = await run.result;
  // The signal may come after the end of the wait; a result that is there counts.
  const isUntouched = readFileSync(file, "utf8") === ENV;
  assert.equal(status, isUntouched ? 130 : 0);
});

test("a missing program is an error that says how to install it", async (t) => {
  const { folder, file } = setUp(t, "");
  const environment = { PATH: join(folder, "home") };
  const result = await runCommandLine([COMMAND, ...FLAGS], { folder, environment });
  assert.equal(result.status, 1);
  assert.match(
    result.stderr,
    /not found on PATH[\s\S]*https:\/\/github.com\/duplocloud\/duplo-jit/,
  );
  assert.equal(readFileSync(file, "utf8"), ENV);
});

test("a file that cannot be written is an error that holds no secret", async (t) => {
  const { folder, environment } = setUp(t, printing(CREDENTIALS_JSON));
  mkdirSync(join(folder, "directory"));
  for (const path of ["none/.env", "directory"]) {
    const args = [COMMAND, ...FLAGS, "-f", path];
    const result = await runCommandLine(args, { folder, environment });
    assert.equal(result.status, 1);
    assert.match(result.stderr, new RegExp(`^error: .*${path}.*\\n$`));
    assertNoCanary(result);
  }
  assert.ok(!existsSync(join(folder, "none")));
});

test("what duplo-jit says and asks goes through, and no secret stands on a command line", async (t) => {
  const script = `echo "open the browser" >&2; read answer; echo "got $answer" >&2; ${printing(CREDENTIALS_JSON)}`;
  const { folder, fake, environment } = setUp(t, script);
  const options = { folder, environment, input: "yes\n" };
  const result = await runCommandLine([COMMAND, ...FLAGS], options);
  assert.equal(result.status, 0);
  assert.match(result.stderr, /^open the browser\ngot yes\n\.env has/);
  assertNoCanary(result);
  assert.ok(!fake.calledWith()?.join(" ").includes("canary"));
});

for (const [signal, status, trap] of [
  ["SIGINT", 130, ""],
  ["SIGTERM", 143, ""],
  ["SIGINT", 130, "trap '' INT TERM;"],
] as const) {
  const kind = trap === "" ? "duplo-jit" : "a duplo-jit that will not listen";
  test(`${signal} ends ${kind} and leaves the file as it was`, async (t) => {
    const script = `${trap} echo "waiting $$" >&2; exec sleep 600`;
    const { folder, file, environment } = setUp(t, script);
    const run = startCommandLine([COMMAND, ...FLAGS], { folder, environment });
    await run.showsNext("stderr", "waiting");
    run.process.kill(signal);
    const result = await run.result;
    assert.equal(result.status, status);
    assert.equal(readFileSync(file, "utf8"), ENV);
    const childId = Number(/waiting (\d+)/.exec(result.stderr)?.[1]);
    assert.throws(() => process.kill(childId, 0), { code: "ESRCH" });
  });
}
