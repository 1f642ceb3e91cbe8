// An MCP server in plain JSON-RPC over standard input and output, which misbehaves as its one argument says
// and notes what happens to it in a file.

import { spawn } from "node:child_process";
import { appendFileSync, closeSync, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const script = JSON.parse(process.argv[2] ?? "{}");

const note = (text) => script.log && appendFileSync(script.log, `${text}\n`);
const starts =
  script.log && existsSync(script.log)
    ? (readFileSync(script.log, "utf8").match(/^start/gm)?.length ?? 0)
    : 0;
note(`start ${process.pid}`);

const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const anything = { type: "object" };
const defaults = [
  "echo",
  "environment",
  "reply",
  "die",
  "hang",
  "progress",
  "bad-json",
  "huge-line",
  "chatter",
  "stdout-flood",
  "stderr-flood",
  "close-stdout",
  "stop-reading",
  "change",
  "child",
  "ask-me",
  "deep",
].map((name) => ({ name, description: `Does ${name}.`, inputSchema: anything }));

let tools = (starts > 0 && script.toolsAfterRestart) || script.tools || defaults;

if (script.crashesFrom !== undefined && starts >= script.crashesFrom) process.exit(3);
if (script.banner) process.stdout.write("Welcome to the server!\n{ port: 1 }\n");
if (script.ignoresSignals)
  for (const name of ["SIGTERM", "SIGINT"]) process.on(name, () => note(name));
if (script.ignoresEnd || script.ignoresSignals) setInterval(() => {}, 1000);

const text = (value) => ({ content: [{ type: "text", text: value }] });

const calls = {
  echo: (input) => text(JSON.stringify(input)),
  environment: () =>
    text(
      JSON.stringify({
        env: process.env,
        argv: process.argv,
        pid: process.pid,
        cwd: process.cwd(),
      }),
    ),
  reply: (input) => input.result,
  die: () => void process.kill(process.pid, "SIGKILL"),
  hang: () => undefined,
  progress: ({ steps = 3 }, _id, token) => {
    for (let step = 1; step <= steps; step++) {
      const params = {
        progressToken: token,
        progress: step,
        total: steps,
        message: `step ${step}`,
      };
      send({ method: "notifications/progress", params });
    }
    return text("done");
  },
  "bad-json": (_input, id) => void process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{\n`),
  "huge-line": () =>
    void process.stdout.write(`{"jsonrpc":"2.0","x":"${"x".repeat(11 * 1024 * 1024)}`),
  chatter: () => {
    process.stdout.write('Working on it …\n{"level":"info"}\n');
    return text("done");
  },
  "stdout-flood": () => {
    const lines = "noise\n".repeat(1000);
    const write = () => {
      while (process.stdout.write(lines));
      process.stdout.once("drain", write);
    };
    write();
  },
  "stderr-flood": () => {
    for (let written = 0; written < 64; written++) process.stderr.write("e".repeat(1024 * 1024));
    return text("done");
  },
  "close-stdout": () => closeSync(1),
  "stop-reading": () => void process.stdin.pause(),
  change: (input) => {
    tools = input.tools;
    if (input.tells !== false) send({ method: "notifications/tools/list_changed" });
    return text("changed");
  },
  child: () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      stdio: "ignore",
    });
    return text(String(child.pid));
  },
  "ask-me": (_input, id) => {
    asked = id;
    send({
      id: "q1",
      method: "elicitation/create",
      params: { message: "?", requestedSchema: anything },
    });
    send({ id: "q2", method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } });
  },
  deep: (_input, id) =>
    void process.stdout.write(
      `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":${"[".repeat(100_000)}${"]".repeat(100_000)}}}\n`,
    ),
};

let asked;
const answers = [];

function listTools(params) {
  if (script.tools === "nothing") return {};
  if (script.tools === "circle") return { tools: [], nextCursor: "1" };
  if (script.tools === "endless") return { tools: [], nextCursor: String(Math.random()) };
  const from = Number(params?.cursor ?? 0);
  const to = from + (script.pageSize ?? Number.POSITIVE_INFINITY);
  return { tools: tools.slice(from, to), ...(to < tools.length ? { nextCursor: String(to) } : {}) };
}

function handle({ id, method, params, result, error }) {
  if (method === undefined) {
    answers.push({ id, code: error?.code, result });
    if (answers.length === 2) send({ id: asked, result: text(JSON.stringify(answers)) });
    return;
  }
  if (script.silent) return;
  if (method === "initialize") {
    note(`initialize ${JSON.stringify(params.capabilities)}`);
    const { protocolVersion } = params;
    const capabilities = { tools: { listChanged: true } };
    const serverInfo = { name: "scripted", version: "1" };
    return send({ id, result: { protocolVersion, capabilities, serverInfo } });
  }
  if (method === "tools/list") {
    if (tools === "refused") return send({ id, error: { code: -32000, message: "Not now." } });
    return send({ id, result: listTools(params) });
  }
  if (method === "tools/call") {
    note(`call ${params.name}`);
    const answer = calls[params.name](params.arguments, id, params._meta?.progressToken);
    if (answer !== undefined) send({ id, result: answer });
    return;
  }
  if (method === "notifications/cancelled") note(`cancelled ${JSON.stringify(params)}`);
  if (id === undefined) return;
  if (script.diesOfTheUnknown) process.exit(4);
  send({ id, error: { code: -32601, message: "Method not found" } });
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => handle(JSON.parse(line)));
lines.on("close", () => note("end"));
