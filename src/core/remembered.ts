// A pure function that is asked the same few things over and over.

import { BoundedMap } from "./bounded-map.ts";

/** A longer key is none that comes again, and not worth its memory. */
const MAX_KEY_LENGTH = 2048;

/** The same function, which keeps its last `limit` results. They are shared: nobody may change them. */
export function remembered<Value>(
  limit: number,
  make: (key: string) => Value,
): (key: string) => Value {
  const known = new BoundedMap<string, { readonly value: Value }>(limit);
  return (key) => {
    const entry = known.get(key);
    if (entry !== undefined) return entry.value;
    const value = make(key);
    if (key.length <= MAX_KEY_LENGTH) known.set(key, { value });
    return value;
  };
}
