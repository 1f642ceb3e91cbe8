// Requests in which one value anywhere was replaced, for laws that hold of any input.

import fc from "fast-check";
import { BROKEN_REQUESTS } from "./broken-requests.ts";

/** More places than any example has; a higher number leaves the request as it was. */
const MAX_PLACES = 60;

/** Examples with megabytes in them would only be slow. */
const REQUESTS = BROKEN_REQUESTS.filter(({ rule }) => rule !== "media-size").map(
  ({ request }) => request,
);

const garbage = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    ...[undefined, Number.NaN, -1, 1.5, "", " ", "user", "\ud800", "x".repeat(300)],
    ...[Uint8Array.of(1), new Uint8Array(), new Array(2), new Date(0), Symbol("symbol"), 1n],
    ...[{ $unknown: ["hologram", {}] }, { text: "a", json: {} }, Object.create({ text: "a" })],
  ),
);

/** A broken request, spoiled in one place or not at all. */
export const spoiledRequest: fc.Arbitrary<unknown> = fc
  .tuple(fc.constantFrom(...REQUESTS), fc.nat(MAX_PLACES), garbage)
  .map(([request, place, value]) => spoil(request, place, value));

function spoil(request: unknown, place: number, garbage: unknown): unknown {
  let position = 0;
  const walk = (value: unknown): unknown => {
    if (position++ === place) return garbage;
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item)]));
  };
  return walk(request);
}
