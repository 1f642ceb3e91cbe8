// A JSON Schema once it has been read: its subschemas by what they apply to, references followed. Maps
// and lists throughout, so that no name of a property is ever looked up on an object.

import type { JsonValue } from "../core/json.ts";
import type { Finding } from "./schema-findings.ts";

/** A JSON object as it is written out. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** One schema, with what it says of a value and of the value's parts. */
export interface SchemaNode {
  /** Where it stands in the whole, such as `properties.city`; the whole is `""`. */
  readonly place: string;
  /** Whether it is the schema `false`. */
  isNever: boolean;
  /** Whether several others lead to it, so that one value may come to it more than once. */
  isShared: boolean;
  /** The keywords that speak of the value itself, if there are any. */
  assertions: JsonObject | undefined;
  /** What breaking one of them is told as, kept: a long `enum` is put into words once. */
  readonly findings: Map<string, Finding>;
  pattern: { readonly text: string; readonly expression: RegExp } | undefined;

  /** Schemas that must all fit the value: `$ref` and `allOf`. */
  every: SchemaNode[];
  anyOf: SchemaNode[] | undefined;
  oneOf: SchemaNode[] | undefined;
  not: SchemaNode | undefined;
  if: SchemaNode | undefined;
  then: SchemaNode | undefined;
  else: SchemaNode | undefined;

  required: readonly string[];
  dependentRequired: ReadonlyMap<string, readonly string[]>;
  dependentSchemas: ReadonlyMap<string, SchemaNode>;
  properties: ReadonlyMap<string, SchemaNode>;
  patternProperties: readonly (readonly [RegExp, SchemaNode])[];
  additionalProperties: SchemaNode | undefined;
  unevaluatedProperties: SchemaNode | undefined;
  propertyNames: SchemaNode | undefined;

  prefixItems: readonly SchemaNode[];
  /** For the items after those of `prefixItems`. */
  items: SchemaNode | undefined;
  unevaluatedItems: SchemaNode | undefined;
  contains: SchemaNode | undefined;
  minContains: number;
  maxContains: number;
  uniqueItems: boolean;
}

/** A whole schema that was read. */
export interface CompiledSchema {
  readonly root: SchemaNode;
  /** Whether any of it speaks of members that no other schema has taken. */
  readonly hasUnevaluated: boolean;
}

/** A schema that takes every value, to be filled. */
export function createNode(place: string): SchemaNode {
  return {
    place,
    isNever: false,
    isShared: false,
    assertions: undefined,
    findings: new Map(),
    pattern: undefined,
    every: [],
    anyOf: undefined,
    oneOf: undefined,
    not: undefined,
    if: undefined,
    // biome-ignore lint/suspicious/noThenProperty: the keyword is called so
    then: undefined,
    else: undefined,
    required: [],
    dependentRequired: new Map(),
    dependentSchemas: new Map(),
    properties: new Map(),
    patternProperties: [],
    additionalProperties: undefined,
    unevaluatedProperties: undefined,
    propertyNames: undefined,
    prefixItems: [],
    items: undefined,
    unevaluatedItems: undefined,
    contains: undefined,
    minContains: 1,
    maxContains: Number.POSITIVE_INFINITY,
    uniqueItems: false,
  };
}

/** The schemas that are held to the same value as this one, not to a part of it. */
export function schemasOfSameValue(node: SchemaNode): SchemaNode[] {
  const { every, anyOf = [], oneOf = [], dependentSchemas } = node;
  const single = [node.not, node.if, node.then, node.else].filter((each) => each !== undefined);
  return [...every, ...anyOf, ...oneOf, ...single, ...dependentSchemas.values()];
}

/** The schemas that are held to parts of the value. */
export function schemasOfParts(node: SchemaNode): SchemaNode[] {
  const { properties, patternProperties, prefixItems } = node;
  const single = [
    node.additionalProperties,
    node.unevaluatedProperties,
    node.propertyNames,
    node.items,
    node.unevaluatedItems,
    node.contains,
  ].filter((each) => each !== undefined);
  return [
    ...properties.values(),
    ...patternProperties.map(([, each]) => each),
    ...prefixItems,
    ...single,
  ];
}
