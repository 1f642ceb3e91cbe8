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

/** Writes the report. Throws where a mark is missing, and then writes nothing. */
export function writeDocs({ figures, chart, claim }: Report): void {
  const performance = betweenMarks(PERFORMANCE, "figures", `\n${figures}\n`);
  const readme = betweenMarks(README, "performance", claim);
  writeFileSync(PERFORMANCE, performance);
  writeFileSync(README, readme);
  writeFileSync(CHART, chart);
}

/** The text of a file with other content between two marks. */
function betweenMarks(file: string, name: string, content: string): string {
  const text = readFileSync(file, "utf8");
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(opening), text.indexOf(closing)];
  if (start < 0 || end < start) throw new Error(`${file} has no marks ${opening} … ${closing}.`);
  return `${text.slice(0, start + opening.length)}${content}${text.slice(end)}`;
}
