// Which way the schemas of one lead to each other. A schema that leads to itself without going into a
// part of the value would never be done; one that several lead to is held to a value once only.

import {
  type CompiledSchema,
  type SchemaNode,
  schemasOfParts,
  schemasOfSameValue,
} from "./schema-node.ts";

/** As many schemas may lead to each other for one and the same value. With 64 levels of value, far from the end of the stack. */
const MAX_CHAIN = 32;

/**
 * Reads off how the schemas of one lead to each other, and marks those that several others lead to.
 * Throws `TypeError`, opening with `where`, where a schema leads back to itself for the same value, or
 * through more than 32 others.
 */
export function linkSchema(root: SchemaNode, where: string): CompiledSchema {
  const nodes = reach(root);
  assertTerminates(nodes, where);
  const hasUnevaluated = nodes.some(
    (node) => node.unevaluatedProperties !== undefined || node.unevaluatedItems !== undefined,
  );
  return { root, hasUnevaluated };
}

function assertTerminates(nodes: readonly SchemaNode[], where: string): void {
  const open = new Map<SchemaNode, number>();
  const chains = new Map<SchemaNode, number>();
  for (const node of nodes) {
    for (const next of schemasOfSameValue(node)) open.set(next, (open.get(next) ?? 0) + 1);
  }
  const ready = nodes.filter((node) => !open.has(node));
  for (const node of ready) {
    const chain = (chains.get(node) ?? 0) + 1;
    if (chain > MAX_CHAIN) {
      throw new TypeError(
        `${join(where, node.place)}: reached through more than ${MAX_CHAIN} schemas for one and the same value. Refer to it more directly.`,
      );
    }
    for (const next of schemasOfSameValue(node)) {
      chains.set(next, Math.max(chains.get(next) ?? 0, chain));
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  const endless = findInCircle(nodes.filter((node) => (open.get(node) ?? 0) > 0));
  if (endless === undefined) return;
  throw new TypeError(
    `${join(where, endless.place)}: leads back to itself for one and the same value, so that no check would end. Put a property or an item in between.`,
  );
}

/** Of schemas in circles, and of those that are led to from there, one in a circle. */
function findInCircle(nodes: readonly SchemaNode[]): SchemaNode | undefined {
  const before = new Map<SchemaNode, SchemaNode>();
  for (const node of nodes) {
    for (const next of schemasOfSameValue(node)) before.set(next, node);
  }
  const seen = new Set<SchemaNode>();
  let node = nodes[0];
  while (node !== undefined && !seen.has(node)) {
    seen.add(node);
    node = before.get(node);
  }
  return node;
}

/** All schemas that can be met from the first. */
function reach(root: SchemaNode): SchemaNode[] {
  const users = new Map<SchemaNode, number>([[root, 1]]);
  const nodes = [root];
  for (const node of nodes) {
    for (const next of [...schemasOfSameValue(node), ...schemasOfParts(node)]) {
      const count = users.get(next);
      if (count === undefined) nodes.push(next);
      users.set(next, (count ?? 0) + 1);
    }
  }
  for (const [node, count] of users) node.isShared = count > 1;
  return nodes;
}

function join(where: string, place: string): string {
  return place === "" ? where : `${where}.${place}`;
}
