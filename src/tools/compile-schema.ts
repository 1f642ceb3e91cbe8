// Reads a JSON Schema into nodes: every keyword of the drafts from 04 to 2020-12 that says something of
// values. What can never be checked is found here, before any value is there.

import { isRecord, type JsonValue } from "../core/json.ts";
import { linkSchema } from "./schema-graph.ts";
import {
  type CompiledSchema,
  createNode,
  type JsonObject,
  type SchemaNode,
} from "./schema-node.ts";
import { compilePattern } from "./schema-patterns.ts";
import { type Resource, SchemaReferences } from "./schema-references.ts";
import { assertKeywordShapes } from "./schema-shapes.ts";

/** What a leaf says, held against the value as it stands there. */
const ASSERTIONS = [
  "type",
  "const",
  "enum",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
];

/** Formats that are held to; any other says something to the reader alone. */
const FORMATS = new Set([
  "date",
  "time",
  "date-time",
  "duration",
  "uri",
  "uri-reference",
  "uri-template",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "regex",
  "uuid",
  "json-pointer",
  "relative-json-pointer",
]);

/**
 * Reads a schema, which must be JSON no deeper than 100. `dialect` is its `$schema`, 2020-12 unless it
 * names another. Throws `TypeError`, opening with `where`, for keywords of the wrong shape, patterns
 * that are none, and references that lead out of the schema, to nothing, or round in circles.
 */
export function compileSchema(schema: JsonObject, dialect: unknown, where: string): CompiledSchema {
  const compiler = new Compiler(where, typeof dialect === "string" ? dialect : "");
  return linkSchema(compiler.compile(schema), where);
}

class Compiler {
  readonly #where: string;
  /** Until draft-07, what stands beside a `$ref` says nothing. */
  readonly #hasLonelyReferences: boolean;
  readonly #references: SchemaReferences;
  readonly #nodes = new Map<JsonValue, SchemaNode>();

  constructor(where: string, dialect: string) {
    this.#where = where;
    this.#hasLonelyReferences = /\bdraft-0[3-7]\b/.test(dialect);
    const idKeyword = /\bdraft-0[34]\b/.test(dialect) ? "id" : "$id";
    this.#references = new SchemaReferences(where, idKeyword);
  }

  compile(schema: JsonObject): SchemaNode {
    const root = this.#visit(schema, "", this.#references.createResource(schema));
    // What a reference leads to may hold references itself, if it stood where no schema is looked for.
    for (const reference of this.#references.met) {
      const { schema: target, place } = this.#references.resolve(reference);
      const node = this.#nodes.get(target) ?? this.#visit(target, place, reference.resource);
      reference.from.every.push(node);
    }
    return root;
  }

  #visit(schema: JsonValue, place: string, outer: Resource): SchemaNode {
    const node = createNode(place);
    if (!isRecord(schema)) {
      node.isNever = schema === false;
      return node;
    }
    this.#nodes.set(schema as JsonObject, node);
    this.#read(schema as JsonObject, node, outer);
    return node;
  }

  #read(schema: JsonObject, node: SchemaNode, outer: Resource): void {
    assertKeywordShapes(schema, join(this.#where, node.place));
    const isLonely = this.#hasLonelyReferences && schema["$ref"] !== undefined;
    const resource = isLonely ? outer : this.#references.enter(schema, node.place, outer);
    const inner: Visitor = {
      one: (keyword) => {
        const value = schema[keyword];
        if (value === undefined) return undefined;
        return this.#visit(value, join(node.place, keyword), resource);
      },
      list: (keyword) => {
        const value = schema[keyword];
        if (!Array.isArray(value)) return undefined;
        return value.map((each, index) =>
          this.#visit(each, join(node.place, `${keyword}.${index}`), resource),
        );
      },
      map: (keyword) => {
        const value = schema[keyword];
        if (!isRecord(value)) return [];
        return Object.entries(value as JsonObject)
          .filter(([, each]) => !Array.isArray(each))
          .map(([name, each]) => [
            name,
            this.#visit(each, join(node.place, `${keyword}.${name}`), resource),
          ]);
      },
    };
    inner.map("$defs");
    inner.map("definitions");
    this.#references.note(schema, node, resource);
    if (isLonely) return;
    readAssertions(schema, node);
    readCompositions(node, inner);
    this.#readMembers(schema, node, inner);
    readItems(schema, node, inner);
    if (typeof schema["pattern"] === "string") {
      const at = join(this.#where, join(node.place, "pattern"));
      node.pattern = { text: schema["pattern"], expression: compilePattern(schema["pattern"], at) };
    }
  }

  #readMembers(schema: JsonObject, node: SchemaNode, inner: Visitor): void {
    const at = join(this.#where, join(node.place, "patternProperties"));
    node.required = textsOf(schema["required"]);
    node.properties = new Map(inner.map("properties"));
    node.patternProperties = inner
      .map("patternProperties")
      .map(([pattern, each]) => [compilePattern(pattern, at), each]);
    node.additionalProperties = inner.one("additionalProperties");
    node.unevaluatedProperties = inner.one("unevaluatedProperties");
    node.propertyNames = inner.one("propertyNames");
    node.dependentSchemas = new Map([
      ...inner.map("dependencies"),
      ...inner.map("dependentSchemas"),
    ]);
    node.dependentRequired = new Map([
      ...namesBeside(schema["dependencies"]),
      ...namesBeside(schema["dependentRequired"]),
    ]);
  }
}

/** Reads what one schema holds of others, by keyword. */
interface Visitor {
  readonly one: (keyword: string) => SchemaNode | undefined;
  readonly list: (keyword: string) => SchemaNode[] | undefined;
  readonly map: (keyword: string) => [name: string, node: SchemaNode][];
}

function readAssertions(schema: JsonObject, node: SchemaNode): void {
  const entries = Object.entries(schema).filter(
    ([keyword, value]) =>
      ASSERTIONS.includes(keyword) || (keyword === "format" && FORMATS.has(value as string)),
  );
  if (entries.length > 0) node.assertions = Object.fromEntries(entries);
}

function readCompositions(node: SchemaNode, inner: Visitor): void {
  node.every.push(...(inner.list("allOf") ?? []));
  node.anyOf = inner.list("anyOf");
  node.oneOf = inner.list("oneOf");
  node.not = inner.one("not");
  node.if = inner.one("if");
  if (node.if === undefined) return;
  // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
  node.then = inner.one("then");
  node.else = inner.one("else");
}

/** Before 2020-12 the list of schemas was in `items`, and what came after in `additionalItems`. */
function readItems(schema: JsonObject, node: SchemaNode, inner: Visitor): void {
  const isList = Array.isArray(schema["items"]);
  node.prefixItems = inner.list("prefixItems") ?? inner.list("items") ?? [];
  node.items = isList ? inner.one("additionalItems") : inner.one("items");
  node.unevaluatedItems = inner.one("unevaluatedItems");
  node.contains = inner.one("contains");
  node.minContains = Number(schema["minContains"] ?? 1);
  node.maxContains = Number(schema["maxContains"] ?? Number.POSITIVE_INFINITY);
  node.uniqueItems = schema["uniqueItems"] === true;
}

function namesBeside(value: JsonValue | undefined): [string, readonly string[]][] {
  if (!isRecord(value)) return [];
  return Object.entries(value as JsonObject)
    .filter(([, names]) => Array.isArray(names))
    .map(([name, names]) => [name, textsOf(names)]);
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function join(place: string, name: string): string {
  return place === "" ? name : `${place}.${name}`;
}
