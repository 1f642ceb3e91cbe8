// Whether the items of a list differ, in one pass: comparing each with each takes minutes where a model
// writes a long list.

/** The first item that is the same as an earlier one, and that one; numbers by value, members in any order. */
export function findRepeated(
  list: readonly unknown[],
): { readonly index: number; readonly earlier: number } | undefined {
  const known = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const text = toCanonicalText(item);
    const earlier = known.get(text);
    if (earlier !== undefined) return { index, earlier };
    known.set(text, index);
  }
  return undefined;
}

function toCanonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonicalText).join()}]`;
  if (typeof value !== "object" || value === null) {
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${toCanonicalText(member)}`,
  );
  return `{${members.sort().join()}}`;
}
