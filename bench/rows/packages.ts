// What a user takes in: how much is installed, and how large a bundle of the smallest program is.

import { execFile } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { CLIENTS, type ClientName } from "../clients/client.ts";
import type { Session } from "../session.ts";
import { addSample, type Row, type Samples } from "./row.ts";

const run = promisify(execFile);

/** What `npm install` of one client has put down. */
interface Installed {
  readonly bytes: number;
  readonly packages: number;
}

/** Installs a client alone, into a folder of its own beside ours. */
async function install(name: ClientName, session: Session): Promise<Installed> {
  const { dcafFolder, folder } = session.options;
  if (name === "dcaf") return measureInstalled(resolve(dcafFolder, ".."));
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "package.json"), '{ "private": true, "type": "module" }\n');
  const versions = CLIENTS[name].packages.map((wanted) => `${wanted}@${versionOf(wanted)}`);
  const options = ["--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-engine-strict"];
  if (versions.length > 0) await run("npm", ["install", ...options, ...versions], { cwd: own });
  return measureInstalled(join(own, "node_modules"));
}

/** The version of a peer that takes part. */
export function versionOf(name: string): string {
  const path = resolve("bench/node_modules", name, "package.json");
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

function measureInstalled(folder: string): Installed {
  if (!existsSync(folder)) return { bytes: 0, packages: 0 };
  let [bytes, packages] = [0, 0];
  for (const entry of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const { size, isFile } = fileOf(join(folder, entry));
    if (isFile) bytes += size;
    if (/(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(entry)) packages += 1;
  }
  return { bytes, packages };
}

function fileOf(path: string): { size: number; isFile: boolean } {
  const status = lstatSync(path);
  return { size: status.size, isFile: status.isFile() };
}

/** Rows that read different things off the same work, which is done once for each client. */
function rowsOf<Value>(
  work: (name: ClientName, session: Session) => Promise<Value>,
  rows: readonly (Pick<Row, "id" | "title" | "unit"> & { read(value: Value): number })[],
): Row[] {
  let working: Map<ClientName, Promise<Value>> | undefined;
  return rows.map(({ id, title, unit, read }) => ({
    id,
    title,
    unit,
    async measure(session) {
      working ??= new Map(session.clients.map((name) => [name, work(name, session)]));
      const samples: Samples = new Map();
      for (const [name, value] of working) addSample(samples, name, read(await value));
      return samples;
    },
  }));
}

/** Both rows of one installation. */
export function installRows(): Row[] {
  return rowsOf(install, [
    { id: "install-size", title: "installed size", unit: "bytes", read: ({ bytes }) => bytes },
    {
      id: "packages",
      title: "installed packages",
      unit: "count",
      read: ({ packages }) => packages,
    },
  ]);
}

/** The smallest program with each client: it asks once and prints the answer. */
const HELLO: Readonly<Record<ClientName, string>> = {
  floor: `import { request } from "node:https";
    request("https://example.com", { method: "POST" }, (r) => r.pipe(process.stdout)).end("{}");`,
  dcaf: `import { BedrockLLM, textOf } from "dcaf";
    console.log(textOf(await new BedrockLLM().invoke({ modelId: "fast", messages: "Hello" })));`,
  "aws-sdk": `import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
    const messages = [{ role: "user", content: [{ text: "Hello" }] }];
    console.log(await new BedrockRuntimeClient().send(new ConverseCommand({ modelId: "m", messages })));`,
  "aws-sdk-http1": `import { BedrockRuntimeClient, ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
    import { NodeHttpHandler } from "@smithy/node-http-handler";
    const messages = [{ role: "user", content: [{ text: "Hello" }] }];
    const client = new BedrockRuntimeClient({ requestHandler: new NodeHttpHandler() });
    console.log(await client.send(new ConverseCommand({ modelId: "m", messages })));`,
  "ai-sdk": `import { generateText } from "ai";
    import { bedrock } from "@ai-sdk/amazon-bedrock";
    console.log((await generateText({ model: bedrock("m"), prompt: "Hello" })).text);`,
  langchain: `import { ChatBedrockConverse } from "@langchain/aws";
    console.log((await new ChatBedrockConverse({ model: "m" }).invoke("Hello")).text);`,
  strands: `import { Agent, BedrockModel } from "@strands-agents/sdk";
    console.log(await new Agent({ model: new BedrockModel() }).invoke("Hello"));`,
};

/** What the chain of credentials is made of; loaded by ours when needed, by others at start. */
const LEFT_OUT = ["@aws-sdk/credential-provider-node", "@aws-sdk/credential-providers"];

async function bundle(name: ClientName, session: Session): Promise<Uint8Array> {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    stdin: { contents: HELLO[name], resolveDir: resolve("bench"), loader: "js" },
    alias: { dcaf: resolve(session.options.dcafFolder, "dist/index.js") },
    bundle: true,
    minify: true,
    // What is imported only when needed is no part of the program's start.
    splitting: true,
    platform: "node",
    format: "esm",
    external: LEFT_OUT,
    outdir: "bundle",
    write: false,
    metafile: true,
    logLevel: "error",
  });
  const outputs = metafile.outputs;
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint !== undefined);
  const needed = new Set<string>();
  const need = (path: string): void => {
    if (needed.has(path)) return;
    needed.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement" && outputs[next] !== undefined) need(next);
    }
  };
  if (entry !== undefined) need(entry);
  const parts = outputFiles.filter((file) => [...needed].some((path) => file.path.endsWith(path)));
  return Buffer.concat(parts.map(({ contents }) => contents));
}

/** Both rows of one bundle: as it is, and as it is sent. */
export function bundleRows(): Row[] {
  return rowsOf(bundle, [
    {
      id: "bundle",
      title: "bundle of a hello program, minified, without the credential chain",
      unit: "bytes",
      read: ({ length }) => length,
    },
    {
      id: "bundle-gzip",
      title: "the same bundle, compressed",
      unit: "bytes",
      read: (bytes) => gzipSync(bytes, { level: 9 }).length,
    },
  ]);
}
