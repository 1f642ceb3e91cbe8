import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CLIENTS, type ClientName } from "../../bench/clients/client.ts";
import type { Curve, Point } from "../../bench/growth.ts";
import { toChart } from "../../bench/report/chart.ts";
import { createRows } from "../../bench/rows/all.ts";
import type { MeasuredRow } from "../../bench/rows/row.ts";
import { measured } from "./measured.ts";
import { type Element, readXml, styleOf } from "./svg-check.ts";

const ALL = Object.keys(CLIENTS) as ClientName[];
const ROWS = createRows();

function curve(cost: (size: number) => number, more: Partial<Curve> = {}): Curve {
  const points: Point[] = [1, 100, 1000, 10_000].map((size) => ({ size, cost: cost(size) }));
  const names: ClientName[] = ["floor", "dcaf", "aws-sdk-http1"];
  return {
    title: "growth",
    axis: "messages",
    points: new Map(names.map((n) => [n, points])),
    ...more,
  };
}

/** Draws, and fails where the drawing is no XML, holds no number where one belongs, or leaves its frame. */
function draw(
  rows: readonly MeasuredRow[],
  curves: readonly Curve[],
  clients: readonly ClientName[],
): { elements: Element[]; words: string[] } {
  const chart = toChart(rows, curves, clients);
  assert.doesNotMatch(chart, /NaN|Infinity|undefined|null|\[object/);
  const elements = readXml(chart);
  const [, , width = 0, height = 0] =
    elements[0]?.attributes["viewBox"]?.split(" ").map(Number) ?? [];
  for (const { name, attributes } of elements) {
    const { x = "0", y = "0", x1 = "0", x2 = "0", y1 = "0", y2 = "0", points = "" } = attributes;
    const corners = points
      .split(" ")
      .filter(Boolean)
      .map((point) => point.split(","));
    const across = [x, x1, x2, ...corners.map(([one = ""]) => one)].map(Number);
    const down = [y, y1, y2, ...corners.map(([, other = ""]) => other)].map(Number);
    assert.ok(
      across.every((place) => place >= 0 && place <= width),
      `${name} at ${across}`,
    );
    assert.ok(
      down.every((place) => place >= 0 && place <= height),
      `${name} at ${down}`,
    );
    if (name === "rect") assert.ok(Number(x) + Number(attributes["width"]) <= width);
  }
  return {
    elements,
    words: elements.filter(({ name }) => name === "text").map(({ text }) => text),
  };
}

const named = (elements: readonly Element[], name: string) =>
  elements.filter((element) => element.name === name);

test("any figures make a drawing that is well-formed and within its frame", () => {
  const figure = fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constant(0));
  const samples = fc.dictionary(fc.constantFrom(...ALL), fc.array(figure, { maxLength: 4 }));
  const rows = fc
    .array(samples, { minLength: ROWS.length, maxLength: ROWS.length })
    .map((list) =>
      ROWS.map(({ id, title, unit }, index) => measured(id, list[index] ?? {}, { title, unit })),
    );
  const cost = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
  const curves = fc.array(
    fc.record({ factor: cost, power: fc.double({ min: 0, max: 2, noNaN: true }) }),
    { maxLength: 2 },
  );
  fc.assert(
    fc.property(rows, curves, fc.subarray(ALL, { minLength: 1 }), (list, growths, clients) => {
      const drawn = growths.map(({ factor, power }) => curve((size) => factor * size ** power));
      draw(list, drawn, clients);
    }),
  );
});

test("each client has a bar in each row shown, the longest for the most", () => {
  const rows = ["invoke-1", "memory"].map((id) =>
    measured(id, { floor: [1], dcaf: [2, 2], strands: [8] }),
  );
  const { elements, words } = draw(rows, [], ["floor", "dcaf", "strands"]);
  const bars = named(elements, "rect").map(({ attributes }) => Number(attributes["width"]));
  assert.equal(bars.length, 6);
  const [floor = 0, ours = 0, most = 0] = bars;
  assert.ok(Math.abs(floor * 8 - most) < 1 && Math.abs(ours * 4 - most) < 1, `${bars}`);
  for (const word of ["row invoke-1", "row memory", "bare node:http", "dcaf", "Strands", "8 µs"]) {
    assert.ok(words.includes(word), word);
  }
});

test("a row that nobody asks about is not drawn", () => {
  assert.ok(
    !draw([measured("packages", { dcaf: [3] })], [], ["dcaf"]).words.includes("row packages"),
  );
});

test("a client without figures says so, and has no bar", () => {
  const rows = [measured("invoke-1", { dcaf: [2], floor: [] })];
  const { elements, words } = draw(rows, [], ["floor", "dcaf", "ai-sdk"]);
  assert.equal(words.filter((word) => word === "not measured").length, 2);
  assert.equal(named(elements, "rect").length, 1);
});

test("one client is enough, also with all figures at nothing, and no row at all", () => {
  const { words } = draw([measured("invoke-1", { dcaf: [0] })], [], ["dcaf"]);
  assert.ok(words.includes("0 µs"));
  draw([measured("invoke-1", {})], [], ["dcaf"]);
  assert.deepEqual(draw([], [], ["dcaf"]).words, []);
});

test("titles are written as they are, whatever is in them, without the marks of code", () => {
  const title = '`a` < b & "c" > d';
  const { words } = draw(
    [measured("invoke-1", { dcaf: [1] }, { title })],
    [curve((size) => size, { title, axis: "<&>" })],
    ["dcaf"],
  );
  assert.equal(words.filter((word) => word === 'a < b & "c" > d').length, 2);
  assert.ok(words.includes("<&>"));
});

test("a curve has a line and a name for each client, and says what its sizes are", () => {
  const { elements, words } = draw([], [curve((size) => 3 * size ** 1.25)], ALL);
  assert.equal(named(elements, "polyline").length, 3);
  for (const word of ["dcaf", "AWS SDK, HTTP/1.1", "messages", "10,000"]) {
    assert.ok(words.includes(word), word);
  }
});

test("a curve of nobody is a title alone", () => {
  const { elements, words } = draw([], [curve(Number, { points: new Map() })], ["strands"]);
  assert.deepEqual(named(elements, "polyline"), []);
  assert.deepEqual(words, ["growth", "messages"]);
});

for (const [paper, isDark] of [
  ["light", false],
  ["dark", true],
] as const) {
  test(`on ${paper} paper a curve is no area, and a bar has no border`, () => {
    const { elements } = draw([measured("invoke-1", { dcaf: [2] })], [curve(Number)], ALL);
    const sheet = named(elements, "style")[0]?.text ?? "";
    for (const element of named(elements, "polyline")) {
      assert.equal(styleOf(sheet, element, "fill", isDark), "none");
      assert.match(styleOf(sheet, element, "stroke", isDark) ?? "", /^#/);
    }
    for (const element of named(elements, "rect")) {
      assert.equal(styleOf(sheet, element, "stroke", isDark), "none");
      assert.match(styleOf(sheet, element, "fill", isDark) ?? "", /^#/);
    }
  });
}
