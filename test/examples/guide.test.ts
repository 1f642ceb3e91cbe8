import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { AGENT_URL, GUIDE_URL, withCode } from "../../scripts/guide-code.ts";
import { hintFor } from "../../src/core/service-errors.ts";
import * as dcaf from "../../src/index.ts";
import { EXAMPLE_NAMES } from "./run-example.ts";

const guide = readFileSync(GUIDE_URL, "utf8");
const agent = readFileSync(AGENT_URL, "utf8");
const prose = withoutCode(guide);

function withoutCode(page: string): string {
  return page.replace(/```ts\n[\s\S]*?```/g, "");
}
const source = (path: string) =>
  readFileSync(new URL(`../../src/${path}`, import.meta.url), "utf8");

/** First cells of the rows that begin with `code`, between two headings or to the end. */
function firstCells(heading: string): string[] {
  const section = guide.slice(guide.indexOf(`\n${heading}\n`)).split(/\n##? /)[1] ?? "";
  return [...section.matchAll(/^\| `"?([^`"]+)"?` \|/gm)].map((match) => match[1] ?? "");
}

test("the code of both pages is that of the examples", () => {
  for (const page of [guide, agent]) {
    assert.equal(page, withCode(page), "run: npm run guide");
  }
});

test("the guide or the page on agents shows every example", () => {
  const missing = EXAMPLE_NAMES.filter((name) => !`${guide}${agent}`.includes(`${name}.ts`));
  assert.deepEqual(missing, []);
});

test("the links of both pages lead somewhere", () => {
  for (const page of [guide, agent]) {
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    for (const [, target = ""] of withoutCode(page).matchAll(/\]\(([^)]+)\)/g)) {
      const [path = "", anchor] = target.split("#");
      if (target.startsWith("#")) assert.ok(anchors.includes(target.slice(1)), target);
      else if (!target.startsWith("https:")) {
        assert.ok(existsSync(new URL(path, GUIDE_URL)), target);
        assert.ok(anchor === undefined || path !== "", target);
      }
    }
  }
});

test("the page on agents names every option, every event and every reason to stop", () => {
  const options: Record<keyof Required<Omit<dcaf.AgentOptions, keyof dcaf.InvokeOptions>>, 0> = {
    llm: 0,
    toolFunctions: 0,
    maxTurns: 0,
    budget: 0,
    stopWhen: 0,
    hooks: 0,
    prepareTurn: 0,
    approvals: 0,
    maxParallelCalls: 0,
    turnRetry: 0,
    logger: 0,
  };
  const tool: Record<keyof Required<dcaf.ToolDefinition<object>>, 0> = {
    name: 0,
    description: 0,
    inputSchema: 0,
    execute: 0,
    requiresApproval: 0,
    timeoutMs: 0,
    sequential: 0,
    idempotent: 0,
  };
  const events: Record<dcaf.AgentEvent["type"], 0> = {
    turn_start: 0,
    text_delta: 0,
    reasoning_delta: 0,
    tool_input_delta: 0,
    tool_call_start: 0,
    tool_progress: 0,
    tool_call_end: 0,
    approval_required: 0,
    turn_retry: 0,
    turn_end: 0,
    run_end: 0,
  };
  const reasons = ["max_turns", "token_budget", "cost_budget", "stop_when", "aborted"];
  const refusals: Record<dcaf.ApprovalErrorReason, 0> = {
    altered: 0,
    replayed: 0,
    expired: 0,
    unknown_call: 0,
    invalid_input: 0,
    tool_changed: 0,
  };
  const names = [options, tool, events, refusals].flatMap((each) => Object.keys(each));
  const text = withoutCode(agent);
  assert.deepEqual(
    [...names, ...reasons].filter((name) => !new RegExp(`\\b${name}\\b`).test(text)),
    [],
  );
});

test("the guide's policies allow both kinds of call, on models and on profiles", () => {
  const policies = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => json);
  assert.equal(policies.length, 2);
  for (const policy of policies) {
    const { Statement: statements } = JSON.parse(policy) as {
      Statement: { Action: string[]; Resource: string | string[] }[];
    };
    for (const { Action: actions } of statements) {
      assert.deepEqual(actions, ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]);
    }
    const resources = statements.flatMap(({ Resource: resource }) => resource);
    assert.ok(resources.some((resource) => resource.includes("::foundation-model/")));
    assert.ok(resources.some((resource) => resource.includes(":inference-profile/")));
  }
});

test("the guide's tables of errors are complete", () => {
  const known = source("core/service-errors.ts").matchAll(/^ {4}(\w+): (?=\{)/gm);
  const classes = Object.values(dcaf).filter(
    (value) => typeof value === "function" && value.prototype instanceof dcaf.BedrockError,
  );
  const names = [...known].map((match) => match[1] ?? "");
  assert.ok(names.every((name) => hintFor(name) !== undefined));
  const expected = [...names, ...classes.map((one) => (one as { name: string }).name)];
  assert.deepEqual(firstCells("## Errors").sort(), expected.sort());
});

test("the guide names every option of a client and of a call", () => {
  const client: Record<keyof Required<dcaf.BedrockLLMOptions>, 0> = {
    region: 0,
    profile: 0,
    credentials: 0,
    apiKey: 0,
    endpoint: 0,
    insecureHosts: 0,
    modelId: 0,
    baseModelId: 0,
    timeouts: 0,
    retry: 0,
    cache: 0,
    checkRequests: 0,
    maxConnections: 0,
    logger: 0,
    agent: 0,
    useFipsEndpoint: 0,
    useDualstackEndpoint: 0,
  };
  const call: Record<keyof Required<dcaf.InvokeOptions>, 0> = {
    modelId: 0,
    baseModelId: 0,
    messages: 0,
    systemPrompt: 0,
    maxTokens: 0,
    temperature: 0,
    topP: 0,
    stopSequences: 0,
    tools: 0,
    toolChoice: 0,
    performanceConfig: 0,
    additionalModelRequestFields: 0,
    additionalModelResponseFieldPaths: 0,
    guardrailConfig: 0,
    requestMetadata: 0,
    promptVariables: 0,
    serviceTier: 0,
    outputConfig: 0,
    signal: 0,
    timeouts: 0,
    retry: 0,
  };
  const names = [...Object.keys(client), ...Object.keys(call)];
  assert.deepEqual(
    names.filter((name) => !new RegExp(`\\b${name}\\b`).test(guide)),
    [],
  );
});

test("the guide names the variables that are read, and no others", () => {
  const pattern = /\b(?:AWS|BOTO3|BEDROCK)_[A-Z_0-9]+\b/g;
  const files = ["client/client-options.ts", "aws/credentials.ts", "aws/shared-config.ts"];
  const read = new Set(files.flatMap((file) => source(file).match(pattern) ?? []));
  const named = new Set(prose.match(pattern));
  assert.deepEqual(
    [...named].filter((name) => !read.has(name)),
    [],
  );
  const options = new Set(source("client/client-options.ts").match(pattern));
  assert.deepEqual(
    [...options].filter((name) => !named.has(name)),
    [],
  );
});

test("the guide's models are those of the catalogue", () => {
  const rows = [...guide.matchAll(/^\| `"(fast|general|complex)"` \| `([^`]+)` \|/gm)];
  assert.equal(rows.length, 3);
  for (const [, alias = "", id] of rows) assert.equal(dcaf.findModel(alias)?.id, id);
  const known = [...guide.matchAll(/^\| `(us\.[^`]+)` \| (\w+) \|$/gm)];
  assert.equal(known.length, 4);
  for (const [, id = "", status] of known) assert.equal(dcaf.findModel(id)?.status, status);
});
