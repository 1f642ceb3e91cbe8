import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import * as zm from "zod/mini";
import type { InferOutput, InputSchema } from "../../src/tools/infer-schema.ts";
import { resolveSchema } from "../../src/tools/resolve-schema.ts";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function typed<const Schema extends InputSchema>(schema: Schema): InferOutput<Schema>;
function same<A>() {
  return { as<B>(..._: Same<A, B> extends true ? [] : [A, "is not", B]) {} };
}
const z1 = typed(
  z.object({ a: z.string(), b: z.number().optional(), t: z.string().transform((s) => s.length) }),
);
same<typeof z1>().as<{ a: string; b?: number | undefined; t: number }>();
const zm1 = typed(zm.object({ a: zm.string() }));
same<typeof zm1>().as<{ a: string }>();
const v1 = typed(v.object({ a: v.string(), b: v.optional(v.number()) }));
same<typeof v1>().as<{ a: string; b?: number | undefined }>();
const v2 = typed(toStandardJsonSchema(v.object({ a: v.string() })));
same<typeof v2>().as<{ a: string }>();
const a1 = typed(type({ a: "string", "b?": "number", c: type("string").pipe((s) => s.length) }));
same<typeof a1>().as<{ a: string; b?: number; c: number }>();
const j = typed({
  type: "object",
  properties: {
    a: { type: "string" },
    b: { type: ["integer", "null"] },
    l: { type: "array", items: { enum: ["x", 1] } },
  },
  required: ["a", "l"],
});
same<typeof j>().as<{ a: string; b?: number | null; l: ("x" | 1)[] }>();
const r = resolveSchema({ type: "object", properties: { a: { type: "string" } } }, "x");
same<typeof r>().as<import("../../src/tools/schema.ts").ResolvedSchema<{ a?: string }>>();
