// Writing results to stdout and remarks to stderr, so that neither can steer a terminal.

import { once } from "node:events";
import { escapeControls, removeControls } from "./controls.ts";

/**
 * Writes text as a result and waits until stdout can take more. On a terminal, controls are left out;
 * a file or a pipe gets all there is.
 */
export async function writeResult(text: string, signal?: AbortSignal): Promise<void> {
  await write(process.stdout.isTTY ? removeControls(text) : text, signal);
}

/** Like `writeResult`, for a value as `toJson` on lines of its own; on a terminal, controls are escaped. */
export async function writeJson(
  value: unknown,
  indent: number,
  signal: AbortSignal,
): Promise<void> {
  const text = `${toJson(value, indent)}\n`;
  await write(process.stdout.isTTY ? escapeControls(text) : text, signal);
}

/** Writes whole lines to stderr, with controls escaped. Everything for people but prompts goes here. */
export function writeRemark(text: string): void {
  // Also into a pipe: what is kept of stderr is looked at in terminals later.
  process.stderr.write(escapeControls(text));
}

async function write(text: string, signal: AbortSignal | undefined): Promise<void> {
  if (process.stdout.write(text)) return;
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
