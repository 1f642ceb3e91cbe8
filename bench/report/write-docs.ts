// Puts a run into the documents: everything between two marks is replaced, and nothing else.

import { readFileSync, writeFileSync } from "node:fs";

const PERFORMANCE = "docs/performance.md";
const CHART = "docs/performance.svg";
const README = "README.md";

/** What is written. */
export interface Report {
  /** The tables and what they were made with. */
  readonly figures: string;
  readonly chart: string;
  /** One line, for the README. */
  readonly claim: string;
}

/** Writes the report. Throws where a mark is missing. */
export function writeDocs({ figures, chart, claim }: Report): void {
  replaceBetweenMarks(PERFORMANCE, "figures", `\n${figures}\n`);
  replaceBetweenMarks(README, "performance", claim);
  writeFileSync(CHART, chart);
}

function replaceBetweenMarks(file: string, name: string, content: string): void {
  const text = readFileSync(file, "utf8");
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (start < 0 || end < start) throw new Error(`${file} has no marks ${opening} … ${closing}.`);
  const before = text.slice(0, start + opening.length);
  writeFileSync(file, `${before}${content}${text.slice(end)}`);
}
