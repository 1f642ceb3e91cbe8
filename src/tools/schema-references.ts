// Where the references of a schema lead. They stay within the schema: nothing is ever fetched.

import { isRecord, type JsonValue } from "../core/json.ts";
import type { JsonObject, SchemaNode } from "./schema-node.ts";

/** A schema that references start from: the whole, or a part with an `$id` of its own. */
export interface Resource {
  readonly root: JsonObject;
  readonly anchors: Map<string, { readonly schema: JsonObject; readonly place: string }>;
}

/** A reference that was met: the node it stands in, and what it says. */
export interface Reference {
  readonly from: SchemaNode;
  readonly keyword: string;
  readonly text: string;
  readonly resource: Resource;
}

const KEYWORDS = ["$ref", "$recursiveRef", "$dynamicRef"];

/** Collects the references of one schema, and follows them once all of it was read. */
export class SchemaReferences {
  readonly #where: string;
  readonly #idKeyword: string;
  #resources = 0;
  /** What was met so far. What a reference leads to may hold more. */
  readonly met: Reference[] = [];

  /** `idKeyword` is `id` in draft-04, `$id` since. */
  constructor(where: string, idKeyword: string) {
    this.#where = where;
    this.#idKeyword = idKeyword;
  }

  createResource(root: JsonObject): Resource {
    this.#resources += 1;
    return { root, anchors: new Map() };
  }

  /** The resource that a schema belongs to, itself where it is one; keeps its names. */
  enter(schema: JsonObject, place: string, outer: Resource): Resource {
    const id = schema[this.#idKeyword];
    const isFragment = typeof id === "string" && id.startsWith("#");
    const isOwn = typeof id === "string" && !isFragment && schema !== outer.root;
    const resource = isOwn ? this.createResource(schema) : outer;
    const names = [schema["$anchor"], schema["$dynamicAnchor"], isFragment ? id.slice(1) : ""];
    for (const name of names) {
      if (typeof name === "string" && name !== "") resource.anchors.set(name, { schema, place });
    }
    return resource;
  }

  /** Keeps the references of a schema. */
  note(schema: JsonObject, from: SchemaNode, resource: Resource): void {
    for (const keyword of KEYWORDS) {
      const text = schema[keyword];
      if (typeof text === "string") this.met.push({ from, keyword, text, resource });
    }
  }

  /** What a reference leads to. Throws `TypeError` where that is no schema. */
  resolve(reference: Reference): { readonly schema: JsonValue; readonly place: string } {
    const { from, keyword, text, resource } = reference;
    const at = [this.#where, from.place, keyword].filter((part) => part !== "").join(".");
    const shown = `“${text.slice(0, 100)}”`;
    if (!text.startsWith("#")) {
      throw new TypeError(
        `${at}: ${shown} leads out of the schema, and nothing is fetched. Put what it means into $defs and write “#/$defs/<name>”.`,
      );
    }
    if (keyword !== "$ref" && this.#resources > 1) {
      throw new TypeError(
        `${at}: not followed in a schema whose parts have an $id of their own. Write $ref instead.`,
      );
    }
    const anchor = decode(text.slice(1));
    const named = anchor === undefined ? undefined : resource.anchors.get(anchor);
    const target = named ?? follow(text, resource.root);
    if (target === undefined) throw new TypeError(`${at}: ${shown} leads to no schema.`);
    return target;
  }
}

/** Where a JSON pointer leads. */
export function follow(
  reference: string,
  root: JsonObject,
): { readonly schema: JsonValue; readonly place: string } | undefined {
  if (reference !== "#" && !reference.startsWith("#/")) return undefined;
  let schema: JsonValue = root;
  const names: string[] = [];
  for (const part of reference.split("/").slice(1)) {
    const name = decode(part)?.replaceAll("~1", "/").replaceAll("~0", "~");
    if (name === undefined || typeof schema !== "object" || schema === null) return undefined;
    if (!Object.hasOwn(schema, name)) return undefined;
    schema = (schema as JsonObject)[name] as JsonValue;
    names.push(name);
  }
  const isSchema = isRecord(schema) || typeof schema === "boolean";
  return isSchema ? { schema, place: names.join(".") } : undefined;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
