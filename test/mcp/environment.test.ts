// What a server learns of the program that starts it: where programs are, who runs them, and what the
// caller gives it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { environmentOfServer } from "../../src/mcp/environment.ts";
import { connectScripted, run } from "./scripted.ts";

const CANARIES = {
  AWS_ACCESS_KEY_ID: "canary-1",
  AWS_SECRET_ACCESS_KEY: "canary-2",
  AWS_SESSION_TOKEN: "canary-3",
  AWS_BEARER_TOKEN_BEDROCK: "canary-4",
  AWS_PROFILE: "canary-5",
  BEDROCK_MODEL_ID: "canary-6",
  HTTPS_PROXY: "http://canary-7",
  NODE_OPTIONS: "--title=canary-8",
  GITHUB_TOKEN: "canary-9",
  PATHS: "canary-10",
  XLC_ALL: "canary-11",
};

test("a list of names is passed on, and nothing else", () => {
  const parent = {
    ...CANARIES,
    PATH: "/bin",
    HOME: "/home/me",
    LANG: "C",
    LC_TIME: "C",
    SHELL: "() { echo canary; }",
    TERM: undefined,
  };
  const given = { TOKEN: "t", LANG: "de" };
  assert.deepEqual(environmentOfServer(parent, given, "linux"), {
    PATH: "/bin",
    HOME: "/home/me",
    LANG: "de",
    LC_TIME: "C",
    TOKEN: "t",
  });
  assert.deepEqual(environmentOfServer({ ...parent, Path: "C:\\", SystemRoot: "W" }, {}, "win32"), {
    PATH: "/bin",
    Path: "C:\\",
    SystemRoot: "W",
  });
});

test("a server's environment and arguments hold no key of ours", async () => {
  const script = fileURLToPath(new URL("servers/print-environment.ts", import.meta.url));
  const output = execFileSync(process.execPath, ["--import", "tsx", script], {
    env: { ...CANARIES, PATH: process.env["PATH"] ?? "", LC_CTYPE: "C" },
    encoding: "utf8",
  });
  assert.ok(!output.includes("canary"), output);
  const { environ, cmdline } = JSON.parse(output);
  const names = environ.split("\0").map((pair: string) => pair.split("=")[0]);
  assert.deepEqual(names.filter((name: string) => name !== "").sort(), [
    "LC_CTYPE",
    "PATH",
    "TOKEN",
  ]);
  assert.equal(cmdline.split("\0").filter((part: string) => part !== "").length, 2);
});

test("what the caller writes into env is passed on, whatever it is called", async (context) => {
  const env = { AWS_PROFILE: "tools", EMPTY: "" };
  const connection = await connectScripted(context, {}, { env });
  const [block] = (await run(connection, "environment")) as [{ text: string }];
  const { AWS_PROFILE, EMPTY } = JSON.parse(block.text).env;
  assert.deepEqual({ AWS_PROFILE, EMPTY }, env);
  const [pid] = connection.pids();
  assert.match(readFileSync(`/proc/${pid}/environ`, "utf8"), /AWS_PROFILE=tools/);
});
