// `npm run work`: counts the work of a call, an event and the start, and exits with 1 when there is more
// of it than there was. Counts are the same on a slow machine and on a busy one; times are not.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { text as readText } from "node:stream/consumers";
import { build } from "esbuild";
import { cleanEnvironment, programOf } from "../processes.ts";
import { Session } from "../session.ts";
import type { CountedWork } from "./measure.ts";

/** A count and the band that it has to stay in. Whoever needs less lowers the band. */
interface Check {
  readonly name: string;
  readonly count: number;
  readonly least: number;
  readonly most: number;
}

const EVENTS = 2000;

/** Engines allocate differently: the bands are those of this major version of Node. */
const NODE_MAJOR = 20;

/** Bytes allocated, and how far a run may be from them: compilers decide a little anew each time. */
const EXPECTED_BYTES = { call: 43_000, message: 1165, event: 1072 };
const TOLERANCE = 0.1;

/** What `import "dcaf"` may read: its own file, and what it shares with the other entry points. */
const MOST_IMPORTED_BYTES = 600_000;
const MOST_IMPORTED_FILES = 4;

/** Programs of this folder as plain JavaScript: a loader of TypeScript allocates on its own behalf. */
async function compile(...programs: readonly string[]): Promise<void> {
  await build({
    entryPoints: programs.map((program) => resolve("bench", program)),
    outbase: resolve("bench"),
    outdir: programOf("."),
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
}

async function countAllocations(session: Session): Promise<CountedWork> {
  await session.server.answerWith({ events: EVENTS, everyMs: 0 });
  const flags = ["--expose-gc", "--min-semi-space-size=512", "--max-semi-space-size=512"];
  const target = JSON.stringify(session.targetOf("dcaf"));
  const args = [...flags, programOf("work/measure.js"), target, String(EVENTS)];
  const child = spawn(process.execPath, args, {
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await Promise.all([readText(child.stdout), once(child, "exit")]);
  return JSON.parse(said) as CountedWork;
}

/** The files that `entry` imports at once. Throws for a package among them: none may be needed so early. */
function importedFiles(entry: string, files: Set<string> = new Set()): Set<string> {
  if (files.has(entry)) return files;
  files.add(entry);
  const imports = /^(?:import|export)\b[^;]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"/gm;
  for (const [, from, alone] of readFileSync(entry, "utf8").matchAll(imports)) {
    const specifier = from ?? alone ?? "";
    if (specifier.startsWith("node:")) continue;
    const file = join(dirname(entry), specifier);
    if (!specifier.startsWith(".") || !existsSync(file)) {
      throw new Error(`${entry} imports ${specifier} before it is needed.`);
    }
    importedFiles(file, files);
  }
  return files;
}

function around(name: string, count: number, expected: number): Check {
  return { name, count, least: expected * (1 - TOLERANCE), most: expected * (1 + TOLERANCE) };
}

async function countAll(): Promise<Check[]> {
  const files = [...importedFiles(resolve("dist/index.js"))];
  let importedBytes = 0;
  for (const file of files) importedBytes += statSync(file).size;
  const session = await Session.start({
    clients: ["dcaf"],
    isQuick: true,
    dcafFolder: resolve("."),
    folder: resolve("."),
  });
  try {
    const counted = await countAllocations(session);
    const connections = await session.server.connections();
    return [
      around("bytes allocated by a call", counted.bytesPerCall, EXPECTED_BYTES.call),
      around("… for each message more", counted.bytesPerMessage, EXPECTED_BYTES.message),
      around("… for each event of a stream", counted.bytesPerEvent, EXPECTED_BYTES.event),
      { name: "collections meanwhile", count: counted.collections, least: 0, most: 0 },
      { name: "connections of thousands of calls", count: connections, least: 1, most: 1 },
      {
        name: "bytes imported at start",
        count: importedBytes,
        least: 0,
        most: MOST_IMPORTED_BYTES,
      },
      { name: "files imported at start", count: files.length, least: 1, most: MOST_IMPORTED_FILES },
    ];
  } finally {
    session.stop();
  }
}

await compile("server/serve.ts", "work/measure.ts");
const checks = await countAll();
const isJudged = Number(process.versions.node.split(".")[0]) === NODE_MAJOR;
let missed = 0;
for (const { name, count, least, most } of checks) {
  const isMet = count >= least && count <= most;
  if (!isMet) missed += 1;
  const band = least === most ? `${most}` : `${Math.round(least)}–${Math.round(most)}`;
  console.log(`${isMet ? "ok    " : "MISSED"} ${name}: ${Math.round(count)} (${band})`);
}
if (!isJudged) console.log(`Not judged: the bands are those of Node ${NODE_MAJOR}.`);
if (missed > 0 && isJudged) process.exitCode = 1;
