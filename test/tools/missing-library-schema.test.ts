// What is said where a package that writes JSON Schema is not installed: a program in a folder of its
// own, with the libraries inside it and no node_modules in reach.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const PROGRAM = `
  import * as v from "valibot";
  import * as z from "zod";
  import * as mini from "zod/mini";
  import { toStandardJsonSchema } from "@valibot/to-json-schema";
  import { resolveSchema } from "./src/tools/resolve-schema.ts";
  const say = (schema) => {
    try {
      return resolveSchema(schema, "schema").jsonSchema.type;
    } catch (error) {
      return error.name + ": " + error.message;
    }
  };
  const valibot = v.object({ a: v.string() });
  const small = mini.object({ a: mini.string() });
  const all = [valibot, toStandardJsonSchema(valibot), small, mini.toJSONSchema(small, { io: "input" }), z.object({})];
  console.log(JSON.stringify(all.map(say)));
`;

test("a package that is not installed is named, and so is what works without it", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "dcaf-schema-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, "program.mjs");
  await build({
    stdin: { contents: PROGRAM, resolveDir: process.cwd() },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "silent",
  });
  const said = execFileSync(process.execPath, [outfile], { cwd: folder, encoding: "utf8" });
  assert.deepEqual(JSON.parse(said), [
    "TypeError: schema: the JSON Schema of a valibot schema comes from @valibot/to-json-schema. Run “npm install @valibot/to-json-schema”; or give toStandardJsonSchema(schema) of it.",
    "object",
    'TypeError: schema: this schema of zod offers no JSON Schema, and zod/v4/core cannot be loaded. Give z.toJSONSchema(schema, { io: "input" }) instead.',
    "object",
    "object",
  ]);
});
