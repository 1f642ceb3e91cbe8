// Writing results to stdout.

import { once } from "node:events";

/** What may stand in a line but would steer a terminal: all controls but tab and line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Writes a result and waits until stdout can take more. On a terminal, controls are left out, so that
 * a model's words cannot move the cursor or set the clipboard.
 */
export async function writeResult(text: string, signal?: AbortSignal): Promise<void> {
  const shown = process.stdout.isTTY ? text.replace(CONTROLS, "") : text;
  if (process.stdout.write(shown)) return;
  await once(process.stdout, "drain", signal === undefined ? {} : { signal });
}

/** A value as JSON with bytes in base64, as they stand on the wire. */
export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(
    value,
    function (this: Record<string, unknown>, key, member: unknown) {
      // A Buffer has turned itself into an object by now; its owner still holds the bytes.
      const original = this[key];
      return original instanceof Uint8Array ? Buffer.from(original).toString("base64") : member;
    },
    indent,
  );
}
