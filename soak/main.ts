// `npm run soak -- [--quick] [--seed <number>] [part …]`: runs the parts one after the other, prints
// their figures as one table, and exits with 1 when a goal is missed or a part fails, with 2 when it
// was asked for something that there is not.

import { parseArgs } from "node:util";
import { runChild } from "./child.ts";
import type { Figure } from "./figure.ts";
import { PARTS, type SoakOptions } from "./parts.ts";
import { countMissed, formatTable, type Row } from "./table.ts";

/** Reads the command line; throws what to tell whoever wrote it. */
function readArguments(): { names: readonly string[]; options: SoakOptions } {
  const { values, positionals } = parseArgs({
    options: { quick: { type: "boolean" }, seed: { type: "string" } },
    allowPositionals: true,
  });
  const known = Object.keys(PARTS);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`There is no part “${unknown}”; there are ${known.join(", ")}.`);
  }
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  if (!Number.isInteger(seed) || seed < 0) throw new TypeError("--seed takes a whole number.");
  const names = positionals.length > 0 ? positionals : known;
  return { names, options: { isQuick: values.quick === true, seed } };
}

async function runPart(name: string, options: SoakOptions): Promise<readonly Figure[]> {
  try {
    const [figures] = await runChild("run-part", [name, JSON.stringify(options)]);
    return figures as Figure[];
  } catch (error) {
    const value = error instanceof Error ? error.message : String(error);
    return [{ name: "the part runs to its end", value, goal: "it does", isMet: false }];
  }
}

async function main(): Promise<number> {
  const { names, options } = readArguments();
  const length = options.isQuick ? "quick" : "whole";
  console.log(`seed ${options.seed}, ${length}, Node ${process.versions.node}\n`);
  const rows: Row[] = [];
  for (const name of names) {
    const startedAt = performance.now();
    for (const figure of await runPart(name, options)) rows.push({ part: name, ...figure });
    console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  console.log(formatTable(rows));
  const missed = countMissed(rows);
  console.log(missed === 0 ? "\nEvery goal is met." : `\nGoals missed: ${missed}.`);
  return missed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`soak: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
