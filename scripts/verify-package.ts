// What a user gets: packs the package, installs the tarball into an empty folder, type-checks every
// example against the installed types, and runs the quick start and the command from there.

import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const ROOT = resolve(".");

/** A bundle of `textOf` alone. */
const MOST_BYTES_OF_A_READER = 2000;
const folder = mkdtempSync(join(tmpdir(), "dcaf-package-"));

/** No AWS variable and an empty home: what works here works on a new machine. */
const environment = {
  PATH: process.env["PATH"],
  HOME: folder,
  npm_config_cache: join(folder, ".npm"),
  npm_config_userconfig:
    process.env["npm_config_userconfig"] ?? process.env["HOME"]?.concat("/.npmrc"),
  AWS_EC2_METADATA_DISABLED: "true",
};

function run(command: string, ...parameters: string[]): string {
  return execFileSync(command, parameters, {
    cwd: folder,
    env: environment,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function expect(condition: boolean, claim: string): void {
  if (!condition) throw new Error(`The package does not hold: ${claim}`);
  console.log(`ok  ${claim}`);
}

try {
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const report: unknown = JSON.parse(packed);
  const [entry] = (Array.isArray(report) ? report : Object.values(report as object)) as {
    filename: string;
    size: number;
    unpackedSize: number;
    files: { path: string }[];
  }[];
  if (entry === undefined) throw new Error("npm pack reported nothing.");
  console.log(
    `    ${entry.files.length} files, ${entry.size} bytes packed, ${entry.unpackedSize} bytes unpacked`,
  );
  expect(
    entry.files.every(({ path }) => !/^(test|bench|peers|\.ci|scripts)\//.test(path)),
    "it ships no tests, benchmarks or scripts",
  );

  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  run("npm", "install", "--omit=dev", "--no-audit", "--no-fund", join(folder, entry.filename));

  const version = run("npx", "--no-install", "dcaf", "--version").trim();
  const { version: expected } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  expect(version === expected, `the command runs and is version ${expected}`);

  const examples = join(folder, "node_modules", "dcaf", "examples");
  mkdirSync(join(folder, "examples"));
  for (const name of readdirSync(examples)) {
    copyFileSync(join(examples, name), join(folder, "examples", name));
  }
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        module: "nodenext",
        target: "es2023",
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        rewriteRelativeImportExtensions: true,
        types: ["node"],
        typeRoots: [join(ROOT, "node_modules", "@types")],
        outDir: "built",
        rootDir: "examples",
      },
      include: ["examples"],
    }),
  );
  run(process.execPath, join(ROOT, "node_modules", "typescript", "bin", "tsc"));
  expect(true, "every example compiles against the installed types");

  const renamed = run(
    process.execPath,
    "--input-type=module",
    "--eval",
    'const all = await import("dcaf"); console.log(Object.keys(all).filter((name) => typeof all[name] === "function" && /^[A-Z]/.test(name) && all[name].name !== name).join());',
  ).trim();
  expect(renamed === "", `every class has its own name${renamed}`);

  const { outputFiles } = await build({
    stdin: { contents: 'import { textOf } from "dcaf"; textOf();', resolveDir: folder },
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    packages: "bundle",
    write: false,
  });
  const [bundle] = outputFiles;
  expect(
    bundle !== undefined && bundle.contents.length < MOST_BYTES_OF_A_READER,
    `a bundle of one reader takes nothing else: ${bundle?.contents.length} bytes`,
  );

  const answer = run(process.execPath, join("built", "quick-start.js"));
  expect(/tokens/i.test(answer), "the quick start runs from the installed package");

  const connected = run(
    process.execPath,
    "--input-type=module",
    "--eval",
    `const { connectMcp } = await import("dcaf/mcp");
    const server = await connectMcp({ command: process.execPath, args: ["examples/mcp-server.mjs"] });
    console.log(server.tools.map(({ name }) => name).join());
    await server.close();`,
  ).trim();
  expect(connected === "read_note,delete_note", `an MCP server's tools are found: ${connected}`);

  const invoked = run(
    "npx",
    "--no-install",
    "dcaf",
    "invoke",
    "--local",
    "What is the capital of France?",
  );
  expect(invoked.includes("Paris"), "`dcaf invoke --local` answers");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
