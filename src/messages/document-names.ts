// Names of documents: legal, and unique over the whole history. Each depends only on the documents
// before it, so that a history that grows keeps its names, and a cached prompt with them.

const MAX_LENGTH = 200;

/** A pair of surrogates counts as one character here. */
const REFUSED = /[^a-zA-Z0-9\s()[\]_-]/gu;

/** Gives out the names of one history, in its order. */
export class DocumentNames {
  /** In lower case, for Bedrock compares them so. */
  readonly #taken = new Set<string>();
  /** The last copy of each name, so that a thousand of one name are not counted a thousand times. */
  readonly #copies = new Map<string, number>();
  #count = 0;

  /** The name for the next document; the given one when it is legal and not taken. */
  toName(given: unknown, format: unknown): string {
    this.#count += 1;
    const legal = toLegalName(given, format) ?? `document-${this.#count}`;
    let name = legal;
    let copy = this.#copies.get(legal) ?? 1;
    while (this.#taken.has(name.toLowerCase())) {
      copy += 1;
      const suffix = `-${copy}`;
      name = legal.slice(0, MAX_LENGTH - suffix.length).trimEnd() + suffix;
    }
    this.#copies.set(legal, copy);
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

/** Undefined when nothing readable is left. */
function toLegalName(given: unknown, format: unknown): string | undefined {
  if (typeof given !== "string") return undefined;
  const extension = typeof format === "string" ? `.${format}` : undefined;
  const hasExtension = extension !== undefined && given.toLowerCase().endsWith(extension);
  const base = hasExtension ? given.slice(0, -extension.length) : given;
  const replaced = base.replace(REFUSED, "-");
  const legal = replaced.replace(/\s+/g, " ").trim().slice(0, MAX_LENGTH).trimEnd();
  const isReadable = replaced === base || /[a-zA-Z0-9]/.test(legal);
  return legal !== "" && isReadable ? legal : undefined;
}
