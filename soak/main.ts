// `npm run soak -- [--quick] [--seed <number>] [part …]`: runs the parts one after the other, prints
// their figures as one table, and exits with 1 when a goal is missed or a part fails.

import { parseArgs } from "node:util";
import { runChild } from "./child.ts";
import type { Figure } from "./figure.ts";
import { PARTS, type SoakOptions } from "./parts.ts";

interface Row extends Figure {
  readonly part: string;
}

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean" }, seed: { type: "string" } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => PARTS[name] === undefined);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (unknown !== undefined || !Number.isInteger(seed)) {
  const what = unknown === undefined ? "--seed takes a whole number" : `no part ${unknown}`;
  console.error(`soak: ${what}. Parts: ${Object.keys(PARTS).join(", ")}.`);
  process.exit(2);
}

const options: SoakOptions = { isQuick: values.quick === true, seed };
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
console.log(
  `seed ${seed}, ${options.isQuick ? "quick" : "whole"}, Node ${process.versions.node}\n`,
);

const rows: Row[] = [];
for (const name of names) {
  const startedAt = performance.now();
  process.stderr.write(`${name} … `);
  for (const figure of await runPart(name)) rows.push({ part: name, ...figure });
  process.stderr.write(`${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
}
printTable(rows);
const missed = rows.filter(({ isMet }) => isMet === false);
console.log(
  `\n${missed.length === 0 ? "Every goal is met." : `${missed.length} goals are missed.`}`,
);
process.exitCode = missed.length === 0 ? 0 : 1;

async function runPart(name: string): Promise<readonly Figure[]> {
  try {
    const [figures] = await runChild("run-part", [name, JSON.stringify(options)]);
    return figures as Figure[];
  } catch (error) {
    const value = error instanceof Error ? error.message : String(error);
    return [{ name: "the part runs to its end", value, goal: "it does", isMet: false }];
  }
}

function printTable(all: readonly Row[]): void {
  const lines = all.map(({ part, name, value, goal, isMet }) => [
    part,
    name,
    value,
    goal ?? "",
    isMet === undefined ? "" : isMet ? "met" : "MISSED",
  ]);
  const table = [["part", "figure", "value", "goal", "verdict"], ...lines];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  table.splice(1, 0, rule);
  for (const line of table) {
    console.log(`| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  }
}
