// The few shapes that a chart is drawn with. Colours are classes, so that a chart is read on light and on
// dark paper.

/**
 * Where the chart says what stands for whom. What holds on any paper names its element too: a class
 * alone would lose to the colours of dark paper, which come later.
 */
export const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2937 }
  .title { font-weight: 600; font-size: 13px }
  .small { font-size: 11px; fill: #6b7280 }
  .end { text-anchor: end }
  .middle { text-anchor: middle }
  .floor { fill: #9ca3af; stroke: #9ca3af }
  .dcaf { fill: #2563eb; stroke: #2563eb }
  .other { fill: #d6c6a8; stroke: #b89d6b }
  polyline.line { fill: none; stroke-width: 2 }
  rect.bar { stroke: none }
  .grid { stroke: #e5e7eb }
  @media (prefers-color-scheme: dark) {
    text { fill: #e5e7eb }
    .small { fill: #9ca3af }
    .floor { fill: #6b7280; stroke: #6b7280 }
    .dcaf { fill: #60a5fa; stroke: #60a5fa }
    .other { fill: #7c6a45; stroke: #a38b56 }
    .grid { stroke: #374151 }
  }`;

/** One text, its baseline at the place. */
export function text(x: number, y: number, words: string, classes = ""): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${round(x)}" y="${round(y)}" class="${classes}">${escaped}</text>`;
}

/** One bar. */
export function bar(x: number, y: number, size: [number, number], classes: string): string {
  const [width, height] = size;
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" rx="2" class="bar ${classes}"/>`;
}

/** A line through points. */
export function polyline(points: readonly (readonly [number, number])[], classes: string): string {
  const list = points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
  return `<polyline points="${list}" class="line ${classes}"/>`;
}

/** A straight line. */
export function line(from: readonly [number, number], to: readonly [number, number]): string {
  return `<line x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}" class="grid"/>`;
}

/** A whole drawing. */
export function drawing(width: number, height: number, title: string, shapes: string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">\n<style>${STYLE}\n</style>\n${shapes.join("\n")}\n</svg>\n`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
