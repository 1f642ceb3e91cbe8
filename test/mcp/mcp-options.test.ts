// What `connectMcp` refuses before it starts anything, in words that hold no secret.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connectMcp } from "../../src/mcp/index.ts";
import { readMcpOptions } from "../../src/mcp/mcp-options.ts";
import { scriptedOptions } from "./scripted.ts";

const refused: [options: unknown, message: string][] = [
  ["npx", "connectMcp: expected an object of options, got a string."],
  [{}, "connectMcp: give either command, for a process, or url, for a server elsewhere."],
  [
    { command: "a", url: "https://a" },
    "connectMcp: give either command, for a process, or url, for a server elsewhere.",
  ],
  [{ command: "a", headers: {} }, "connectMcp: headers goes with url."],
  [{ url: "https://a", env: {} }, "connectMcp: env goes with command."],
  [{ comand: "a" }, "connectMcp: “comand” is not a known option. Did you mean “command”?"],
  [
    { command: "a", allowedTools: [] },
    "connectMcp: “allowedTools” is not a known option. Did you mean “includeTools”?",
  ],
  [
    { command: "a", restart: { maxRetries: 1 } },
    "connectMcp: restart: “maxRetries” is not a known option. Did you mean “maxRestarts”?",
  ],
  [{ command: "" }, "command must be a non-empty string; got an empty string."],
  [{ command: "a\0" }, "command must not hold a NUL character."],
  [{ command: "a", args: "b" }, "args must be a list; got a string."],
  [{ command: "a", args: [1] }, "args[0] must be a string; got a number."],
  [{ command: "a", args: ["secret\0"] }, "args must not hold a NUL character."],
  [{ command: "a", env: [] }, "env must be an object; got a list."],
  [{ command: "a", env: { TOKEN: undefined } }, "env.TOKEN must be a string; got undefined."],
  [{ command: "a", env: { TOKEN: "secret\0" } }, "env.TOKEN must not hold a NUL character."],
  [
    { command: "a", env: { "A=secret": "b" } },
    "env holds a name that no variable can have: empty, or with “=”.",
  ],
  [{ command: "a", type: "http" }, "type must be one of stdio; got “http”."],
  [{ url: "https://a", type: "sse" }, "type must be one of http; got “sse”."],
  [{ command: "a", stderr: "pipe" }, "stderr must be one of ignore, inherit; got “pipe”."],
  [{ url: 7 }, "url must be a string or a URL; got a number."],
  [{ url: "secret" }, "url must be an address such as https://host/mcp."],
  [{ url: "file:///secret" }, "url must begin with https:// or http://."],
  [{ url: "https://user:secret@a" }, "url must not hold a user name or password; use headers."],
  [
    { url: "http://mcp.example/mcp" },
    "url must begin with https://, for http shows headers and arguments to everybody on the way. Only this machine (localhost, 127.0.0.1, ::1) may do without, and hosts named in the option insecureHosts.",
  ],
  [
    { url: "https://a", headers: new Headers() },
    "connectMcp: headers must be an object of names and texts; got an object.",
  ],
  [
    { url: "https://a", headers: { "sec ret": "b" } },
    "connectMcp: headers holds a name that no header can have.",
  ],
  [
    { url: "https://a", headers: { Authorization: "secret\n" } },
    "connectMcp: headers.Authorization holds a character that no header can carry: look for a line end.",
  ],
  [
    { url: "https://a", headers: { Authorization: 7 } },
    "connectMcp: headers.Authorization must be a string; got a number.",
  ],
  [
    { url: "https://a", headers: { "Mcp-Session-Id": "secret" } },
    "connectMcp: headers must not hold Mcp-Session-Id, which is set for each request.",
  ],
  [{ url: "https://a", fetch: {} }, "fetch must be a function; got an object."],
  [{ command: "a", name: "" }, "name must be a non-empty string; got an empty string."],
  [{ command: "a", includeTools: "read" }, "includeTools must be a list; got a string."],
  [
    { command: "a", requiresApproval: "always" },
    "requiresApproval must be true, false or a function; got a string.",
  ],
  [{ command: "a", timeoutMs: -1 }, "timeoutMs must be a number from 0 to 2147483647; got -1."],
  [
    { command: "a", startTimeoutMs: 0 },
    "startTimeoutMs must be a number from 1 to 2147483647; got 0.",
  ],
  [
    { command: "a", restart: { maxRestarts: 1.5 } },
    "restart.maxRestarts must be a whole number from 0 to 1000; got 1.5.",
  ],
  [
    { command: "a", logger: console.log },
    "logger must have the methods debug, info, warn and error.",
  ],
  [{ command: "a", signal: {} }, "signal must be an AbortSignal; got an object."],
];

test("options that make no sense are refused, and named", async () => {
  for (const [options, message] of refused) {
    await assert.rejects(connectMcp(options as never), { name: "TypeError", message });
    assert.ok(!message.includes("secret"));
  }
});

test("what is not given has its default", () => {
  const { target, signal, logger, ...rest } = readMcpOptions({ command: "/usr/bin/some-server" });
  assert.deepEqual(rest, {
    name: "some-server",
    toolNamePrefix: undefined,
    includeTools: ["*"],
    excludeTools: [],
    requiresApproval: undefined,
    timeoutMs: 60_000,
    startTimeoutMs: 10_000,
    restart: { maxRestarts: 5, baseDelayMs: 500, maxDelayMs: 30_000 },
  });
  assert.deepEqual([target.kind, signal, logger], ["stdio", undefined, undefined]);
  assert.equal(readMcpOptions({ url: "https://mcp.example:8443/a?b" }).name, "mcp.example:8443");
});

test("http is for this machine and for the hosts that are named", () => {
  for (const host of ["localhost:1", "127.0.0.1", "127.1.2.3:80", "[::1]:8080"]) {
    assert.equal(readMcpOptions({ url: `http://${host}/mcp`, type: "http" }).target.kind, "http");
  }
  const insecureHosts = ["tools"];
  assert.equal(readMcpOptions({ url: new URL("http://tools/mcp"), insecureHosts }).name, "tools");
  assert.throws(() => readMcpOptions({ url: "http://other/mcp", insecureHosts }), TypeError);
  assert.throws(() => readMcpOptions({ url: "http://127.0.0.1.example/mcp" }), TypeError);
});

test("a signal that has fired starts nothing", async () => {
  const reason = new Error("not now");
  const options = { ...scriptedOptions(), command: "/nowhere", signal: AbortSignal.abort(reason) };
  await assert.rejects(connectMcp(options), { name: "AbortError", cause: reason });
});
