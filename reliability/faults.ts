// `npm run faults`: plays every fault against the client and prints the table. `-- --write` puts it
// into docs/reliability.md; names of rows measure only these. Exit status 1 when a row misses its goal.

import { RECORDED_ROWS } from "./recorded-peers.ts";
import type { Finding } from "./row.ts";
import { MEASURES, measureRow } from "./rows/all.ts";
import { toTable, writeTable } from "./table.ts";

/** Rows that do nothing but wait, and may do so while others are at work. */
const WAITING_ROWS = ["retry-after-4", "retry-after-20"];

async function measureAll(names: readonly string[]): Promise<Map<string, Finding>> {
  const findings = new Map<string, Finding>();
  const measure = async (name: string): Promise<void> => {
    const startedAt = performance.now();
    const finding = await measureRow(name, "full");
    findings.set(name, finding);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stderr.write(`${finding.isMet ? "ok    " : "MISSED"} ${name} (${seconds} s)\n`);
  };
  const waiting = names.filter((name) => WAITING_ROWS.includes(name)).map(measure);
  for (const name of names) if (!WAITING_ROWS.includes(name)) await measure(name);
  await Promise.all(waiting);
  return findings;
}

function today(): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long" });
  return `measured ${format.format(new Date())} on Node ${process.versions.node}`;
}

async function main(words: readonly string[]): Promise<void> {
  const [writes, chosen] = [words.includes("--write"), words.filter((word) => word !== "--write")];
  const unknown = chosen.find((name) => MEASURES[name] === undefined);
  if (unknown !== undefined) {
    throw new Error(`No row ${unknown}; there are: ${Object.keys(MEASURES).join(", ")}.`);
  }
  if (writes && chosen.length > 0) throw new Error("--write takes the whole table, not some rows.");
  const names = chosen.length > 0 ? chosen : RECORDED_ROWS.map(({ name }) => name);
  const findings = await measureAll(names);
  const table = toTable(findings, today());
  process.stdout.write(`\n${table}`);
  if (writes) writeTable(table);
  const missed = [...findings].filter(([, { isMet }]) => !isMet).map(([name]) => name);
  if (missed.length > 0) {
    process.stderr.write(`\nMissed: ${missed.join(", ")}.\n`);
    process.exitCode = 1;
  }
}

await main(process.argv.slice(2));
