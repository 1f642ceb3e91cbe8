// The report is written into documents of its own folder here: its paths are relative.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { writeDocs } from "../../bench/report/write-docs.ts";

const PERFORMANCE = "docs/performance.md";
const README = "README.md";
const CHART = "docs/performance.svg";
const REPORT = { figures: "| new |", chart: "<svg/>\n", claim: "a claim" };

interface Documents {
  readonly performance: string;
  readonly readme: string;
}

/** Goes to a folder with these documents, and back after the test. */
function enterFolder(context: TestContext, documents: Partial<Documents> = {}): void {
  const folder = mkdtempSync(join(tmpdir(), "dcaf-docs-"));
  const before = process.cwd();
  process.chdir(folder);
  context.after(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });
  mkdirSync("docs");
  write(documents);
}

function write({ performance, readme }: Partial<Documents>): void {
  writeFileSync(PERFORMANCE, performance ?? "# P\n\n<!-- figures -->\n<!-- /figures -->\n\nend\n");
  writeFileSync(README, readme ?? "Fast: <!-- performance -->old<!-- /performance -->. More.\n");
}

const read = (file: string): string => readFileSync(file, "utf8");

test("figures and claim stand between their marks, the chart in a file of its own", (context) => {
  enterFolder(context);
  writeDocs(REPORT);
  assert.equal(read(PERFORMANCE), "# P\n\n<!-- figures -->\n| new |\n<!-- /figures -->\n\nend\n");
  assert.equal(read(README), "Fast: <!-- performance -->a claim<!-- /performance -->. More.\n");
  assert.equal(read(CHART), "<svg/>\n");
});

test("writing the same again changes nothing, writing another leaves nothing of the first", (context) => {
  enterFolder(context);
  const all = () => [PERFORMANCE, README, CHART].map(read);
  writeDocs(REPORT);
  const once = all();
  writeDocs(REPORT);
  assert.deepEqual(all(), once);
  writeDocs({ figures: "F", chart: "C", claim: "" });
  assert.doesNotMatch(all().join(""), /new|svg|claim/);
});

test("nothing outside of the marks changes, and what is written is no pattern", (context) => {
  enterFolder(context);
  const piece = fc.array(fc.constantFrom("$&", "$1", "$'", "$$", "|", "\n", "é", "<!--", " x"));
  const text = piece.map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, text, text, (before, after, old, content) => {
      const around = (name: string, inner: string) =>
        `${before}<!-- ${name} -->${inner}<!-- /${name} -->${after}`;
      write({ performance: around("figures", old), readme: around("performance", old) });
      writeDocs({ figures: content, chart: content, claim: content });
      assert.equal(read(PERFORMANCE), around("figures", `\n${content}\n`));
      assert.equal(read(README), around("performance", content));
      assert.equal(read(CHART), content);
    }),
    { numRuns: 50 },
  );
});

test("our own documents have the marks", (context) => {
  const own = { performance: read(PERFORMANCE), readme: read(README) };
  enterFolder(context, own);
  writeDocs(REPORT);
  assert.match(read(PERFORMANCE), /<!-- figures -->\n\| new \|\n<!-- \/figures -->/);
  assert.match(read(README), /<!-- performance -->a claim<!-- \/performance -->/);
});

const NO_MARKS = ["", "<!-- figures -->", "<!-- /figures -->", "<!-- /figures --><!-- figures -->"];

for (const marks of NO_MARKS) {
  test(`a document with “${marks}” for marks is told by its name and left as it is`, (context) => {
    enterFolder(context, { performance: marks });
    assert.throws(
      () => writeDocs(REPORT),
      /^Error: docs\/performance\.md has no marks <!-- figures/,
    );
    assert.equal(read(PERFORMANCE), marks);
    const readme = marks.replaceAll("figures", "performance");
    write({ readme });
    assert.throws(() => writeDocs(REPORT), /^Error: README\.md has no marks <!-- performance/);
    assert.equal(read(README), readme);
  });
}
