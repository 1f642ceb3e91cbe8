// The clients of the comparison: the floor and ours at work, and of the others what can be said without
// installing them.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { CLIENTS, type ClientName, isClientName, type Target } from "../../bench/clients/client.ts";
import { create as createDcaf } from "../../bench/clients/dcaf.ts";
import { create as createFloor } from "../../bench/clients/floor.ts";
import { type Conversation, turnsOf } from "../../bench/conversations.ts";
import { textOf, WHOLE_PIECES } from "../../bench/server/answers.ts";
import { answerJson, beginStream, scriptedServer, textFrames } from "../helpers/scripted-server.ts";
import { BenchServer } from "./bench-server.ts";

const FOLDER = "bench/clients";
const NAMES = Object.keys(CLIENTS) as ClientName[];
const CONVERSATIONS: readonly Conversation[] = [
  { kind: "hello" },
  { kind: "history", messages: 200 },
  { kind: "image", bytes: 5000 },
];

const server = await BenchServer.start();
after(() => server.stop());

/** Where both clients find `url`; ours as a package whose build leads back to the source. */
function targetFor(context: TestContext, url: string): Target {
  const dcafFolder = mkdtempSync(join(tmpdir(), "dcaf-package-"));
  context.after(() => rmSync(dcafFolder, { recursive: true, force: true }));
  const source = JSON.stringify(pathToFileURL("src/index.ts").href);
  mkdirSync(join(dcafFolder, "dist"));
  writeFileSync(join(dcafFolder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(dcafFolder, "dist", "index.js"),
    `export { BedrockLLM, textOf } from ${source};`,
  );
  return {
    url,
    modelId: "us.anthropic.claude-haiku-4-5-20251001-v1:0",
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDTEST", secretAccessKey: "secret", sessionToken: "token" },
    dcafFolder,
  };
}

async function createBoth(target: Target) {
  return { floor: createFloor(target), dcaf: await createDcaf(target) };
}

test("both ask for whole answers over one connection; ours has their text, the floor has none", async (context) => {
  const { floor, dcaf } = await createBoth(targetFor(context, server.addresses.http1));
  const turns = turnsOf({ kind: "hello" });
  const asks: [() => Promise<string>, string][] = [
    [() => floor.invoke(floor.prepare(turns)), ""],
    [() => dcaf.invoke(dcaf.prepare(turns)), textOf(WHOLE_PIECES)],
  ];
  for (const [ask, text] of asks) {
    const before = await server.connections();
    assert.deepEqual([await ask(), await ask(), await ask()], [text, text, text]);
    assert.equal((await server.connections()) - before, 1);
  }
});

test("both tell the first piece of a stream once, and read the stream to its end", async (context) => {
  const { floor, dcaf } = await createBoth(targetFor(context, server.addresses.http1));
  const turns = turnsOf({ kind: "hello" });
  for (const answer of [
    { events: 50, everyMs: 0 },
    { events: 10, everyMs: 2 },
  ]) {
    await server.answerWith(answer);
    let told = 0;
    const onFirst = () => {
      told += 1;
    };
    assert.equal(await floor.stream(floor.prepare(turns), onFirst), "");
    assert.equal(told, 1);
    assert.equal(await dcaf.stream(dcaf.prepare(turns), onFirst), textOf(answer.events));
    assert.equal(told, 2);
    assert.equal(await dcaf.stream(dcaf.prepare(turns)), textOf(answer.events));
  }
});

for (const conversation of CONVERSATIONS) {
  test(`floor and dcaf ask the same of a conversation of kind ${conversation.kind}`, async (context) => {
    const { url, requests } = await scriptedServer(context, (request, response) => {
      if (!request.path.endsWith("-stream")) return answerJson(response, "ok");
      beginStream(response);
      response.end(Buffer.concat(textFrames(["ok"])));
    });
    const { floor, dcaf } = await createBoth(targetFor(context, url));
    const turns = turnsOf(conversation);
    await floor.invoke(floor.prepare(turns));
    await dcaf.invoke(dcaf.prepare(turns));
    await floor.stream(floor.prepare(turns));
    await dcaf.stream(dcaf.prepare(turns));
    const [whole, ourWhole, streamed, ourStreamed] = requests.map(
      ({ method, path, headers, body }) => ({
        method,
        path,
        type: headers["content-type"],
        body: JSON.parse(body) as unknown,
      }),
    );
    assert.equal(requests.length, 4);
    assert.deepEqual(ourWhole, whole);
    assert.deepEqual(ourStreamed, streamed);
    assert.match(whole?.path ?? "", /\/converse$/);
    assert.match(streamed?.path ?? "", /\/converse-stream$/);
  });
}

test("a server that hangs up fails the floor", async (context) => {
  const { url } = await scriptedServer(context, (_, response) => void response.destroy());
  const floor = createFloor(targetFor(context, url));
  const body = floor.prepare(turnsOf({ kind: "hello" }));
  await assert.rejects(floor.invoke(body), { code: "ECONNRESET" });
  await assert.rejects(floor.stream(body), { code: "ECONNRESET" });
});

test("a history begins and ends with the user, and takes turns between", () => {
  for (const messages of [1, 11, 200, 2001]) {
    const roles = turnsOf({ kind: "history", messages }).map(({ role }) => role);
    assert.equal(roles.at(0), "user");
    assert.equal(roles.at(-1), "user");
    assert.ok(roles.every((role, index) => role !== roles[index + 1]));
    assert.equal(roles.length, messages | 1);
  }
});

test("a word from outside is the name of a client, or it is none", () => {
  assert.ok(NAMES.every(isClientName));
  for (const word of ["", "DCAF", "toString", "__proto__", "aws"])
    assert.equal(isClientName(word), false);
});

test("every client has a file of its own that makes it, and a title of its own", () => {
  for (const { file } of Object.values(CLIENTS)) {
    const path = join(FOLDER, `${file}.ts`);
    assert.ok(existsSync(path), path);
    assert.match(readFileSync(path, "utf8"), /^export (?:async )?function create\(/m, path);
  }
  const entries = Object.values(CLIENTS);
  assert.equal(new Set(entries.map(({ file }) => file)).size, NAMES.length);
  assert.equal(new Set(entries.map(({ title }) => title)).size, NAMES.length);
});

/** What the comparison itself is made with: the codec of its server, and the bundler of a row. */
const TOOLS = ["@smithy/core", "esbuild"];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const readManifest = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Manifest;
const { devDependencies: listed, dependencies } = readManifest("bench/package.json");

test("the packages listed are those that the clients name and the tools, and no others", () => {
  const named = Object.values(CLIENTS).flatMap(({ packages }) => packages);
  const wanted = new Set([...named.filter((name) => name !== "dcaf"), ...TOOLS]);
  assert.deepEqual(Object.keys(listed).sort(), [...wanted].sort());
  assert.equal(dependencies, undefined);
});

test("each is pinned to one version, but for the codec, which is the one we ship with", () => {
  for (const [name, version] of Object.entries(listed)) {
    if (name !== "@smithy/core") assert.match(version, /^\d+\.\d+\.\d+$/, name);
  }
  const own = readManifest("package.json");
  assert.equal(listed["@smithy/core"], own.dependencies?.["@smithy/core"]);
  assert.equal(listed["esbuild"], own.devDependencies["esbuild"]);
});

test("a client imports no package that is not listed", () => {
  for (const file of readdirSync(FOLDER)) {
    const source = readFileSync(join(FOLDER, file), "utf8");
    for (const [, specifier = ""] of source.matchAll(/\bfrom "([^".][^"]*)"/g)) {
      if (specifier.startsWith("node:") || specifier === "dcaf") continue;
      const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
      assert.ok(Object.hasOwn(listed, name), `${file} imports ${name}`);
    }
  }
});
