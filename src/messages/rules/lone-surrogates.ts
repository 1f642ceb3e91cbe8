// Finding halves of surrogate pairs, which have no form in UTF-8. Every text of a request is looked
// at, the names of members and what is inside JSON values too; bytes are not.

/** How deep the quick look goes, and how many segments of a path are told. */
const MAX_DEPTH = 100;

interface Place {
  readonly parent: Place | undefined;
  readonly segment: string;
  readonly depth: number;
}

/** So many objects are looked at before it is remembered which: few requests have more. */
const UNREMEMBERED = 10_000;

/** The paths of all texts that are not well-formed UTF-16; a path ends after a hundred segments. */
export function loneSurrogatesIn(value: unknown): readonly string[] {
  return new QuickLook().isWellFormed(value, MAX_DEPTH) ? [] : collect(value);
}

/** Whether there is anything to collect; most often there is not. */
class QuickLook {
  #objects = 0;
  /** What is well-formed to its end. Objects that stand at many places would take for ever. */
  readonly #clean = new Set<object>();

  /** False also for what is nested too deep to be looked at by calls within calls. */
  isWellFormed(value: unknown, depth: number): boolean {
    if (typeof value === "string") return value.isWellFormed();
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return true;
    if (depth === 0) return false;
    const remembers = ++this.#objects > UNREMEMBERED;
    if (remembers && this.#clean.has(value)) return true;
    if (!this.#hasWellFormedItems(value, depth)) return false;
    if (remembers) this.#clean.add(value);
    return true;
  }

  #hasWellFormedItems(value: object, depth: number): boolean {
    if (Array.isArray(value)) {
      for (const item of value) {
        if (!this.isWellFormed(item, depth - 1)) return false;
      }
      return true;
    }
    for (const name in value) {
      if (!Object.hasOwn(value, name)) continue;
      if (!name.isWellFormed()) return false;
      if (!this.isWellFormed((value as Record<string, unknown>)[name], depth - 1)) return false;
    }
    return true;
  }
}

function collect(request: unknown): string[] {
  const paths: string[] = [];
  const seen = new Set<object>();
  const waiting: [value: unknown, place: Place | undefined][] = [[request, undefined]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, place] = next;
    if (typeof value === "string" && !value.isWellFormed()) paths.push(pathOf(place));
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) continue;
    // What contains itself cannot be sent either, but that is for JSON to say.
    if (seen.has(value)) continue;
    seen.add(value);
    // Last in is first out, and paths are told in the order of the request.
    for (const [name, item] of Object.entries(value).reverse()) {
      const at = below(place, name);
      waiting.push([item, at]);
      if (!Array.isArray(value) && !name.isWellFormed()) waiting.push([name, at]);
    }
  }
  return paths;
}

function below(parent: Place | undefined, segment: string): Place {
  const depth = (parent?.depth ?? 0) + 1;
  return parent !== undefined && depth > MAX_DEPTH ? parent : { parent, segment, depth };
}

function pathOf(place: Place | undefined): string {
  const segments: string[] = [];
  for (let at = place; at !== undefined; at = at.parent) segments.push(at.segment);
  return segments.reverse().join(".").toWellFormed();
}
