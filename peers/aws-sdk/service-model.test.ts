// The shapes `checkRequest` holds a request against have the members and types of the service model
// that the AWS SDK was generated from.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ConverseStreamRequest$ } from "@aws-sdk/client-bedrock-runtime";
import { NormalizedSchema } from "@smithy/core/schema";
import type { Shape } from "../../src/messages/rules/shapes.ts";
import { CONVERSE_REQUEST } from "../../src/messages/rules/wire.ts";

test("every member of the service model is known, with its type, and no other", () => {
  assert.deepEqual(
    describeShape(CONVERSE_REQUEST),
    describeSchema(NormalizedSchema.of(ConverseStreamRequest$)),
  );
});

/** A shape as plain data, without lengths and patterns, which the SDK does not carry. */
function describeShape(shape: Shape): unknown {
  switch (shape.kind) {
    case "list":
      return [describeShape(shape.of)];
    case "map":
      return { map: describeShape(shape.of) };
    case "structure":
      return describeMembers(shape.members, describeShape);
    case "union":
      return { [shape.name]: describeMembers(shape.members, describeShape) };
    default:
      return shape.kind;
  }
}

function describeSchema(schema: NormalizedSchema): unknown {
  if (schema.isListSchema()) return [describeSchema(schema.getValueSchema())];
  if (schema.isMapSchema()) return { map: describeSchema(schema.getValueSchema()) };
  if (schema.isStructSchema()) {
    const members = describeMembers(Object.entries(schema.getMemberSchemas()), describeSchema);
    return schema.isUnionSchema() ? { [schema.getName() ?? ""]: members } : members;
  }
  if (schema.isBlobSchema()) return "bytes";
  if (schema.isBooleanSchema()) return "boolean";
  if (schema.isNumericSchema()) return "number";
  if (schema.isDocumentSchema()) return "json";
  return schema.isStringSchema() ? "text" : "?";
}

function describeMembers<Member>(
  members: Iterable<[string, Member]>,
  describe: (member: Member) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Array.from(members, ([name, member]) => [name, describe(member)]));
}
