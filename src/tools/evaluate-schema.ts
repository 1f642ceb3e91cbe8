// Holds a value to a schema that was read. A schema that several others lead to is held to a value once:
// without that, a tree whose nodes take one of two forms would cost twice as much for each level.

import { isRecord } from "../core/json.ts";
import { findFaults, jsonKindOf, type Validate } from "./schema-assertions.ts";
import { type Finding, findingsOfAlternatives, Outcome } from "./schema-findings.ts";
import type { CompiledSchema, SchemaNode } from "./schema-node.ts";
import { findRepeated } from "./schema-uniqueness.ts";

/** What is wrong with the value; nothing when it fits. The value must be no deeper than 64. */
export function evaluateSchema(
  { root, hasUnevaluated }: CompiledSchema,
  value: unknown,
  validate: Validate,
): Finding[] {
  return new Evaluation(validate, hasUnevaluated).evaluate(root, value).findings;
}

class Evaluation {
  readonly #validate: Validate;
  /** Whether it matters which members some schema has taken. */
  readonly #isTracking: boolean;
  readonly #known = new Map<SchemaNode, Map<unknown, Outcome>>();

  constructor(validate: Validate, isTracking: boolean) {
    this.#validate = validate;
    this.#isTracking = isTracking;
  }

  evaluate(node: SchemaNode, value: unknown): Outcome {
    if (!node.isShared) return this.#run(node, value);
    let known = this.#known.get(node);
    if (known === undefined) {
      known = new Map();
      this.#known.set(node, known);
    }
    let outcome = known.get(value);
    if (outcome === undefined) {
      outcome = this.#run(node, value);
      known.set(value, outcome);
    }
    return outcome;
  }

  #run(node: SchemaNode, value: unknown): Outcome {
    const outcome = new Outcome();
    if (node.isNever) outcome.add({ path: [], message: "is not allowed" });
    if (isNoJson(value)) {
      outcome.add({ path: [], message: `must be JSON, not ${typeof value}` });
      return outcome;
    }
    for (const fault of findFaults(this.#validate, node, value)) outcome.add(fault);
    const { pattern } = node;
    if (pattern !== undefined && typeof value === "string" && !pattern.expression.test(value)) {
      outcome.add({ path: [], message: `must match the pattern ${pattern.text}` });
    }
    this.#compose(node, value, outcome);
    if (Array.isArray(value)) this.#holdItems(node, value, outcome);
    else if (isRecord(value)) this.#holdMembers(node, value, outcome);
    return outcome;
  }

  #compose(node: SchemaNode, value: unknown, outcome: Outcome): void {
    for (const each of node.every) outcome.include(this.evaluate(each, value));
    if (node.anyOf !== undefined) {
      const outcomes = node.anyOf.map((each) => this.evaluate(each, value));
      this.#includeSome(outcomes, value, outcome);
    }
    if (node.oneOf !== undefined) {
      const outcomes = node.oneOf.map((each) => this.evaluate(each, value));
      this.#includeSome(outcomes, value, outcome);
      const fitting = outcomes.filter(({ fits }) => fits).length;
      if (fitting > 1) {
        const message = `must fit one of the forms allowed here; it fits ${fitting} of them`;
        outcome.add({ path: [], message });
      }
    }
    if (node.not !== undefined && this.evaluate(node.not, value).fits) {
      outcome.add({ path: [], message: "has a form that is not allowed" });
    }
    if (node.if === undefined) return;
    const condition = this.evaluate(node.if, value);
    if (condition.fits) outcome.include(condition);
    const next = condition.fits ? node.then : node.else;
    if (next !== undefined) outcome.include(this.evaluate(next, value));
  }

  #includeSome(outcomes: readonly Outcome[], value: unknown, outcome: Outcome): void {
    const fitting = outcomes.filter(({ fits }) => fits);
    for (const each of fitting) outcome.include(each);
    if (fitting.length > 0) return;
    for (const finding of findingsOfAlternatives(outcomes, jsonKindOf(value))) outcome.add(finding);
  }

  #holdMembers(node: SchemaNode, value: Record<string, unknown>, outcome: Outcome): void {
    for (const name of node.required) {
      if (!Object.hasOwn(value, name)) outcome.add({ path: [name], message: "is required" });
    }
    for (const [name, others] of node.dependentRequired) {
      if (!Object.hasOwn(value, name)) continue;
      for (const other of others.filter((each) => !Object.hasOwn(value, each))) {
        outcome.add({ path: [other], message: `is required beside “${name}”` });
      }
    }
    for (const [name, each] of node.dependentSchemas) {
      if (Object.hasOwn(value, name)) outcome.include(this.evaluate(each, value));
    }
    for (const name of Object.keys(value)) {
      if (outcome.isFull) return;
      this.#holdMember(node, name, value[name], outcome);
    }
  }

  #holdMember(node: SchemaNode, name: string, member: unknown, outcome: Outcome): void {
    const schemas = node.patternProperties.filter(([pattern]) => pattern.test(name));
    const held = schemas.map(([, each]) => each);
    const named = node.properties.get(name);
    if (named !== undefined) held.unshift(named);
    if (held.length === 0 && node.additionalProperties !== undefined) {
      held.push(node.additionalProperties);
    }
    if (held.length === 0 && node.unevaluatedProperties !== undefined && !outcome.taken.has(name)) {
      held.push(node.unevaluatedProperties);
    }
    for (const each of held) outcome.includePart(name, this.evaluate(each, member));
    if (this.#isTracking && held.length > 0) outcome.taken.add(name);
    if (node.propertyNames === undefined) return;
    for (const { message } of this.evaluate(node.propertyNames, name).findings) {
      outcome.add({ path: [name], message: `its name ${message}` });
    }
  }

  #holdItems(node: SchemaNode, value: readonly unknown[], outcome: Outcome): void {
    const repeated = node.uniqueItems ? findRepeated(value) : undefined;
    if (repeated !== undefined) {
      const { index, earlier } = repeated;
      outcome.add({ path: [index], message: `must differ from item ${earlier}` });
    }
    if (node.contains !== undefined) this.#holdContained(node, node.contains, value, outcome);
    if (node.prefixItems.length === 0 && !node.items && !node.unevaluatedItems) return;
    for (const [index, item] of value.entries()) {
      if (outcome.isFull) return;
      const placed = node.prefixItems[index] ?? node.items;
      const schema = placed ?? (outcome.taken.has(index) ? undefined : node.unevaluatedItems);
      if (schema === undefined) continue;
      outcome.includePart(index, this.evaluate(schema, item));
      if (this.#isTracking) outcome.taken.add(index);
    }
  }

  #holdContained(
    { minContains, maxContains }: SchemaNode,
    schema: SchemaNode,
    value: readonly unknown[],
    outcome: Outcome,
  ): void {
    let count = 0;
    for (const [index, item] of value.entries()) {
      if (!this.evaluate(schema, item).fits) continue;
      if (this.#isTracking) outcome.taken.add(index);
      count += 1;
    }
    const items = (limit: number): string => (limit === 1 ? "1 item" : `${limit} items`);
    if (count < minContains) {
      const message = `must have at least ${items(minContains)} of a certain form; it has ${count}`;
      outcome.add({ path: [], message });
    }
    if (count > maxContains) {
      const message = `must have at most ${items(maxContains)} of a certain form; it has ${count}`;
      outcome.add({ path: [], message });
    }
  }
}

/** What no JSON text can hold. */
function isNoJson(value: unknown): boolean {
  return !["string", "number", "boolean", "object"].includes(typeof value);
}
