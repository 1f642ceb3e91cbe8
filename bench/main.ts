// `npm run bench -- [--quick] [--write] [--clients a,b] [row …]`: measures dcaf beside other clients and
// beside bare `node:http`, prints the table, and puts it into docs/performance.md where asked to.

import { parseArgs } from "node:util";
import { CLIENTS, type ClientName, isClientName } from "./clients/client.ts";
import { type Curve, measureGrowth, measureKeptMemory } from "./growth.ts";
import { prepare } from "./prepare.ts";
import { toChart } from "./report/chart.ts";
import { toClaim } from "./report/claim.ts";
import { judge } from "./report/goals.ts";
import { describeRun } from "./report/machine.ts";
import { toGoalTable, toGrowthTable, toKeptLine, toTable } from "./report/table.ts";
import { writeDocs } from "./report/write-docs.ts";
import { createRows } from "./rows/all.ts";
import type { MeasuredRow, Row } from "./rows/row.ts";
import { Session } from "./session.ts";

/** Beside the rows of the table. */
const GROWTH = "growth";

interface Arguments {
  readonly isQuick: boolean;
  readonly writes: boolean;
  readonly clients: readonly ClientName[];
  readonly rows: readonly Row[];
  readonly growth: boolean;
}

/** Reads the command line; throws what to tell whoever wrote it. */
function readArguments(): Arguments {
  const { values, positionals } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      clients: { type: "string" },
    },
    allowPositionals: true,
  });
  const names = values.clients?.split(",") ?? Object.keys(CLIENTS);
  const clients = names.map((name) => {
    if (isClientName(name)) return name;
    throw new TypeError(
      `There is no client “${name}”; there are ${Object.keys(CLIENTS).join(", ")}.`,
    );
  });
  const all = createRows();
  const ids = [...all.map(({ id }) => id), GROWTH];
  const unknown = positionals.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new TypeError(`There is no row “${unknown}”; there are ${ids.join(", ")}.`);
  }
  const isPart = positionals.length > 0 || values.clients !== undefined || values.quick;
  if (values.write && isPart) throw new TypeError("--write takes a whole run, not a part of one.");
  const isWanted = (id: string): boolean => positionals.length === 0 || positionals.includes(id);
  const rows = all.filter(({ id }) => isWanted(id));
  return { isQuick: values.quick, writes: values.write, clients, rows, growth: isWanted(GROWTH) };
}

async function measureRows(session: Session, rows: readonly Row[]): Promise<MeasuredRow[]> {
  const measured: MeasuredRow[] = [];
  for (const { id, title, unit, measure } of rows) {
    const samples = await timed(id, () => measure(session));
    measured.push({ id, title, unit, samples });
    session.endRow();
  }
  return measured;
}

async function timed<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  const startedAt = performance.now();
  const value = await work();
  process.stderr.write(`${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  return value;
}

/** What a run has found beside its rows. */
interface Growth {
  readonly curves: readonly Curve[];
  readonly keptBytes: number;
}

function toFigures(
  rows: readonly MeasuredRow[],
  growth: Growth | undefined,
  clients: readonly ClientName[],
): string {
  const parts = rows.length === 0 ? [] : [toTable(rows, clients), toGoalTable(judge(rows))];
  if (growth !== undefined) parts.push(toGrowthTable(growth.curves), toKeptLine(growth.keptBytes));
  return parts.join("\n\n");
}

async function main(): Promise<void> {
  const run = readArguments();
  const { clients, isQuick } = run;
  const { folder, dcafFolder, version, remove } = prepare();
  const session = await Session.start({ clients, isQuick, dcafFolder, folder });
  try {
    const rows = await measureRows(session, run.rows);
    const growth = run.growth
      ? await timed(GROWTH, async () => ({
          curves: await measureGrowth(session),
          keptBytes: await measureKeptMemory(session),
        }))
      : undefined;
    const figures = `${describeRun(clients, version)}\n\n${toFigures(rows, growth, clients)}`;
    console.log(figures);
    if (!run.writes) return;
    const chart = toChart(rows, growth?.curves ?? [], clients);
    writeDocs({ figures, chart, claim: toClaim(rows) });
  } finally {
    session.stop();
    remove();
  }
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
}
