// The table as Markdown, and its place in docs/reliability.md: between `<!-- faults -->` and
// `<!-- /faults -->`.

import { readFileSync, writeFileSync } from "node:fs";
import { PEERS, RECORDED, RECORDED_ROWS } from "./recorded-peers.ts";
import type { Finding } from "./row.ts";

/** The page that holds the table. */
export const PAGE_URL: URL = new URL("../docs/reliability.md", import.meta.url);

const PLACE = /(?<=^<!-- faults -->\n)[\s\S]*?(?=^<!-- \/faults -->$)/m;

/** The table of the rows that were measured, by their names; `measuredOn` says when and where. */
export function toTable(findings: ReadonlyMap<string, Finding>, measuredOn: string): string {
  const rows = RECORDED_ROWS.flatMap(({ name, fault, peers }) => {
    const finding = findings.get(name);
    if (finding === undefined) return [];
    const ours = finding.isMet ? finding.ours : `**misses its goal:** ${finding.ours}`;
    return [`| ${[fault, ours, ...peers].map(toCell).join(" | ")} |`];
  });
  const lines = [
    `| Fault | dcaf | ${PEERS.join(" | ")} |`,
    `| --- | --- | ${PEERS.map(() => "---").join(" | ")} |`,
    ...rows,
  ];
  return `${lines.join("\n")}\n\ndcaf: ${measuredOn}. The others: ${RECORDED}.\n`;
}

/** Puts a table into the page. Throws where the page has no place for it. */
export function writeTable(table: string): void {
  const page = readFileSync(PAGE_URL, "utf8");
  if (!PLACE.test(page)) throw new Error("docs/reliability.md has lost the place of its table.");
  writeFileSync(
    PAGE_URL,
    page.replace(PLACE, () => `\n${table}\n`),
  );
}

/** The rows of the page's table: what stands in their first two cells. */
export function readTable(): { readonly fault: string; readonly ours: string }[] {
  const table = PLACE.exec(readFileSync(PAGE_URL, "utf8"))?.[0] ?? "";
  return table
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2)
    .map((line) => {
      const [, fault = "", ours = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return { fault, ours };
    });
}

/** Escapes what would end a cell or begin something else. */
function toCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ");
}
