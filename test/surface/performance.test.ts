// The README's line on performance says what the table says, which was written by one run.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const README = readFileSync("README.md", "utf8");
const DOCS = readFileSync("docs/performance.md", "utf8");

/** What was measured for a goal, as it stands in the table: `0.20 ×`. */
function shareIn(title: string): number {
  const line = DOCS.split("\n").find((one) =>
    one.startsWith(`| ${title}, over AWS SDK, HTTP/1.1 |`),
  );
  const measured = line?.split(" | ")[2] ?? "";
  return Number.parseFloat(measured);
}

test("the README quotes the shares of the table", () => {
  const claim = /<!-- performance -->(.*)<!-- \/performance -->/s.exec(README)?.[1] ?? "";
  const [call, event] = [...claim.matchAll(/(\d+) %/g)].map((match) => Number(match[1]));
  const ofCall = shareIn("`invoke`, one at a time, CPU per call");
  const ofEvent = shareIn("a stream of 500 events at once, CPU per event");
  assert.ok(Math.abs((call ?? Number.NaN) - 100 * ofCall) <= 0.51, `${call} % of ${ofCall}`);
  assert.ok(Math.abs((event ?? Number.NaN) - 100 * ofEvent) <= 0.51, `${event} % of ${ofEvent}`);
});

test("the chart that the page shows is there", () => {
  assert.match(DOCS, /!\[[^\]]+\]\(performance\.svg\)/);
  assert.match(readFileSync("docs/performance.svg", "utf8"), /^<svg [\s\S]*<\/svg>\n$/);
});
