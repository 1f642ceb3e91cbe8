// The picture of a run: bars for the rows that people ask about, and curves for growth.

import { CLIENTS, type ClientName } from "../clients/client.ts";
import type { Curve, Point } from "../growth.ts";
import type { MeasuredRow } from "../rows/row.ts";
import { median } from "../statistics.ts";
import { formatValue } from "./figures.ts";
import { bar, drawing, line, polyline, text } from "./svg.ts";

const ROWS_SHOWN = [
  "invoke-1",
  "history-200",
  "paced-stream",
  "bulk-stream",
  "memory",
  "cold-start",
];

const WIDTH = 900;
const COLUMN = WIDTH / 2;
const MARGIN = 16;
const BAR_HEIGHT = 14;
const BAR_STEP = 20;
const LABEL_WIDTH = 120;
const VALUE_WIDTH = 70;
const CURVE_HEIGHT = 240;

/** Draws a run. */
export function toChart(
  rows: readonly MeasuredRow[],
  curves: readonly Curve[],
  clients: readonly ClientName[],
): string {
  const shown = ROWS_SHOWN.flatMap((id) => rows.filter((row) => row.id === id));
  const blockHeight = clients.length * BAR_STEP + 44;
  const blocks = shown.map((row, index) =>
    drawBars(row, clients, (index % 2) * COLUMN, Math.floor(index / 2) * blockHeight),
  );
  const barsHeight = Math.ceil(shown.length / 2) * blockHeight;
  const lines = curves.map((curve, index) => drawCurve(curve, index * COLUMN, barsHeight));
  const height = barsHeight + (curves.length > 0 ? CURVE_HEIGHT : 0);
  return drawing(WIDTH, height, "Cost of clients of Amazon Bedrock, less is better", [
    ...blocks.flat(),
    ...lines.flat(),
  ]);
}

function classOf(name: ClientName): string {
  return name === "floor" || name === "dcaf" ? name : "other";
}

function plain(title: string): string {
  return title.replaceAll("`", "");
}

function drawBars(
  row: MeasuredRow,
  clients: readonly ClientName[],
  left: number,
  top: number,
): string[] {
  const values = clients.map((name) => median(row.samples.get(name) ?? []));
  const most = Math.max(...values.filter(Number.isFinite));
  const widest = COLUMN - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH;
  const shapes = [text(left + MARGIN, top + 22, plain(row.title), "title")];
  for (const [index, name] of clients.entries()) {
    const value = values[index] ?? Number.NaN;
    const y = top + 34 + index * BAR_STEP;
    const x = left + MARGIN + LABEL_WIDTH;
    shapes.push(text(x - 8, y + 11, plain(CLIENTS[name].title), "end"));
    if (!Number.isFinite(value)) {
      shapes.push(text(x, y + 11, "not measured", "small"));
      continue;
    }
    const share = most > 0 ? Math.max(0, value) / most : 0;
    const width = Math.max(1, share * widest);
    shapes.push(bar(x, y, [width, BAR_HEIGHT], classOf(name)));
    shapes.push(text(x + width + 6, y + 11, formatValue(value, row.unit), "small"));
  }
  return shapes;
}

function drawCurve(curve: Curve, left: number, top: number): string[] {
  const all = [...curve.points.values()].flat();
  const [start, end] = [left + MARGIN + 60, left + COLUMN - MARGIN - LABEL_WIDTH];
  const toX = scale(
    all.map(({ size }) => size),
    [start, end],
  );
  const toY = scale(
    all.map(({ cost }) => cost),
    [top + CURVE_HEIGHT - 40, top + 40],
  );
  const shapes = [text(left + MARGIN, top + 22, plain(curve.title), "title")];
  for (const decade of decadesOf(all.map(({ cost }) => cost))) {
    const y = toY(decade);
    shapes.push(line([start, y], [end, y]));
    shapes.push(text(left + MARGIN + 54, y + 4, formatValue(decade, "µs"), "small end"));
  }
  for (const decade of decadesOf(all.map(({ size }) => size))) {
    shapes.push(
      text(toX(decade), top + CURVE_HEIGHT - 20, decade.toLocaleString("en-US"), "small middle"),
    );
  }
  for (const [name, points] of curve.points) shapes.push(...drawLine(name, points, toX, toY));
  const middle = (start + end) / 2;
  shapes.push(text(middle, top + CURVE_HEIGHT - 4, curve.axis, "small middle"));
  return shapes;
}

function drawLine(
  name: ClientName,
  points: readonly Point[],
  toX: (size: number) => number,
  toY: (cost: number) => number,
): string[] {
  const last = points.at(-1);
  if (last === undefined) return [];
  return [
    polyline(
      points.map(({ size, cost }) => [toX(size), toY(cost)] as const),
      classOf(name),
    ),
    text(toX(last.size) + 6, toY(last.cost) + 4, plain(CLIENTS[name].title), "small"),
  ];
}

/** Logarithmic, for sizes and costs alike span decades. */
function scale(values: readonly number[], [start, end]: readonly [number, number]) {
  const [least, most] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const span = most - least || 1;
  return (value: number): number => start + ((Math.log(value) - least) / span) * (end - start);
}

function decadesOf(values: readonly number[]): number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const decades: number[] = [];
  for (let decade = 1; decade <= most; decade *= 10) if (decade >= least) decades.push(decade);
  return decades;
}
