// What the tests ask of a drawing without a library: whether it is well-formed, and which declaration
// of its style sheet wins.

import assert from "node:assert/strict";

/** An element as it stands in a drawing. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text inside, its entities resolved. */
  text: string;
}

const TOKEN = /<(\/?)([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/** Parses the part of XML that drawings need, strictly. Fails where it is not well-formed. */
export function readXml(source: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(source);
    assert.ok(token !== null, `No XML: ${source.slice(at, at + 80)}`);
    const [, closing, name = "", attributes = "", empty, text] = token;
    const inner = open.at(-1);
    if (text !== undefined) {
      const resolved = resolveEntities(text);
      if (inner === undefined)
        assert.equal(resolved.trim(), "", "There is text outside of the root.");
      else inner.text += resolved;
    } else if (closing === "/") {
      assert.equal(open.pop()?.name, name);
    } else {
      assert.ok(inner !== undefined || elements.length === 0, "There are two roots.");
      const element = { name, attributes: readAttributes(attributes), text: "" };
      elements.push(element);
      if (empty === "") open.push(element);
    }
  }
  assert.deepEqual(open, []);
  return elements;
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = "", value = ""] of source.matchAll(/([\w:-]+)="([^"]*)"/g)) {
    assert.ok(!Object.hasOwn(attributes, name), `${name} stands there twice.`);
    attributes[name] = resolveEntities(value);
  }
  return attributes;
}

function resolveEntities(text: string): string {
  assert.doesNotMatch(text, /&(?!(?:amp|lt|gt|quot);)/);
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

/** What a property of an element is by the style sheet; on dark paper the rules of `@media` apply. */
export function styleOf(
  sheet: string,
  { name, attributes }: Element,
  property: string,
  isDark: boolean,
): string | undefined {
  const media = /@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}/;
  const rules = sheet.replace(media, isDark ? "$1" : "");
  const classes = attributes["class"]?.split(" ") ?? [];
  let winner: { weight: number; value: string } | undefined;
  for (const [, selector = "", body = ""] of rules.matchAll(/([\w.-]+)\s*\{([^{}]*)\}/g)) {
    const [element = "", ...wanted] = selector.split(".");
    if (element !== "" && element !== name) continue;
    if (!wanted.every((one) => classes.includes(one))) continue;
    const weight = wanted.length * 10 + (element === "" ? 0 : 1);
    const value = new RegExp(`(?:^|[;\\s])${property}:\\s*([^;]+?)\\s*(?:;|$)`).exec(body)?.[1];
    if (value !== undefined && weight >= (winner?.weight ?? 0)) winner = { weight, value };
  }
  return winner?.value;
}
