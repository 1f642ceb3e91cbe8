// Imports only go down: this test reads every import of the source and holds it to the table of
// rooms, and it holds the table in AGENTS.md to this one.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

/** What each room may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  aws: ["core"],
  transport: ["core", "aws"],
  models: ["core"],
  messages: ["core", "models"],
  converse: ["core", "aws", "models", "messages"],
  tools: ["core"],
  client: ["core", "aws", "transport", "models", "messages", "converse", "tools"],
  agent: ["core", "models", "messages", "tools", "client"],
  mcp: ["core", "tools"],
  local: ["core", "aws", "models", "messages"],
  cli: ["index.ts", "local/index.ts"],
  "index.ts": ["core", "aws", "models", "messages", "converse", "tools", "client", "agent"],
};

/** Packages, and the one place that may import each. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@aws-sdk/credential-provider-node": ["src/aws/credentials-chain.ts"],
  "@cfworker/json-schema": ["src/tools/json-schema-check.ts"],
  "@modelcontextprotocol/client": ["src/mcp"],
  "@modelcontextprotocol/client/stdio": ["src/mcp"],
  "@smithy/core/config": ["src/aws/shared-config.ts"],
  "https-proxy-agent": ["src/transport/proxy-agent.ts"],
  "proxy-from-env": ["src/transport/agent.ts"],
  commander: ["src/cli"],
  dotenv: ["src/cli"],
};

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly lazy: boolean;
}

const SOURCE = resolve("src");

function sourceFiles(folder = SOURCE): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const pattern = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)"([^"]+)"/g;
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    specifier: match[1] ?? "",
    lazy: match[0].includes("("),
  }));
}

function roomOf(file: string): string {
  const path = relative(SOURCE, file);
  return path.includes("/") ? (path.split("/")[0] ?? "") : path;
}

const imports = sourceFiles().flatMap(importsOf);

test("the imports were found", () => {
  assert.ok(imports.length > 200, `${imports.length} imports`);
});

test("imports between rooms only go down", () => {
  for (const { from, specifier } of imports) {
    if (!specifier.startsWith(".")) continue;
    const target = resolve(dirname(from), specifier);
    const [room, targetRoom] = [roomOf(from), roomOf(target)];
    if (room === targetRoom) continue;
    const allowed = MAY_IMPORT[room] ?? assert.fail(`${room} is not in the table of rooms`);
    const path = relative(SOURCE, target);
    assert.ok(
      allowed.includes(targetRoom) || allowed.includes(path),
      `${relative(SOURCE, from)} may not import ${path}`,
    );
  }
});

test("of aws, the local endpoint uses the frames and nothing else", () => {
  for (const { from, specifier } of imports) {
    if (roomOf(from) !== "local" || !specifier.includes("/aws/")) continue;
    assert.match(specifier, /\/aws\/event-stream(-headers)?\.ts$/, from);
  }
});

test("of messages, the local endpoint uses the rules and never the repairs", () => {
  for (const { from, specifier } of imports) {
    if (roomOf(from) !== "local" || !specifier.includes("/messages/")) continue;
    assert.match(specifier, /\/messages\/(rules\/[a-z-]+|check-request)\.ts$/, from);
  }
});

test("of the client, an agent knows the options of a call and nothing else", () => {
  for (const { from, specifier } of imports) {
    if (roomOf(from) !== "agent" || !specifier.includes("/client/")) continue;
    assert.match(specifier, /\/client\/request-options\.ts$/, from);
  }
});

test("packages are imported where they belong, and only when they are needed", () => {
  for (const { from, specifier, lazy } of imports) {
    if (specifier.startsWith(".") || specifier.startsWith("node:")) continue;
    const places = PACKAGES[specifier] ?? assert.fail(`${from} imports ${specifier}`);
    const path = relative(resolve("."), from);
    assert.ok(
      places.some((place) => path.startsWith(place)),
      `${path} imports ${specifier}`,
    );
    assert.ok(
      lazy || isTypeImport(from, specifier) || specifier === "commander",
      `${path} imports ${specifier} before it is needed`,
    );
  }
});

function isTypeImport(file: string, specifier: string): boolean {
  return new RegExp(`import type [^;]*from "${specifier}"`).test(readFileSync(file, "utf8"));
}

test("no file imports itself in a circle", () => {
  const graph = new Map<string, string[]>();
  for (const { from, specifier } of imports) {
    if (!specifier.startsWith(".") || isTypeImport(from, specifier)) continue;
    graph.set(from, [...(graph.get(from) ?? []), resolve(dirname(from), specifier)]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(
      !path.includes(file),
      `a circle: ${[...path, file].map((each) => relative(SOURCE, each)).join(" → ")}`,
    );
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
});

test("there is no room for odds and ends, and no file without a purpose", () => {
  for (const file of sourceFiles()) {
    assert.doesNotMatch(relative(SOURCE, file), /(^|\/)(utils?|common|helpers?|misc)(\/|\.|-)/);
    assert.match(
      readFileSync(file, "utf8"),
      /^(#!.*\n)?(\/\/|\/\*\*) /,
      `${file} opens with what it does`,
    );
  }
});

test("the table in AGENTS.md is this one", () => {
  const text = readFileSync("AGENTS.md", "utf8");
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    if (room === "index.ts") continue;
    const row = text.split("\n").find((line) => line.startsWith(`| \`${room}\` `));
    assert.ok(row !== undefined, `${room} is missing`);
    const rooms = row.split("|")[2]?.trim();
    assert.equal(rooms, allowed.length === 0 ? "nothing" : allowed.join(", "), room);
  }
});
