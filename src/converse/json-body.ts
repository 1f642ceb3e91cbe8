// The request body as JSON text, with bytes as base64. Bytes are written straight into the body: to
// put them through `JSON.stringify` as text would scan every character of them once more.

import { randomBytes } from "node:crypto";
import type { ContentBlock, Message, SystemContentBlock } from "../core/content.ts";
import type { ConverseRequest } from "../core/converse-request.ts";
import { isRecord } from "../core/json.ts";

/** Returns text where there are no bytes, else UTF-8. Throws `TypeError` on what is no JSON. */
export function encodeJsonBody(request: Omit<ConverseRequest, "modelId">): string | Buffer {
  try {
    return encode(request);
  } catch (error) {
    if (error instanceof TypeError && /BigInt/.test(error.message)) {
      throw new TypeError("The request holds a BigInt, for which JSON has no form.");
    }
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError("The request is nested too deeply, or in a circle.");
  }
}

function encode(request: Omit<ConverseRequest, "modelId">): string | Buffer {
  const taken = new TakenBytes();
  const replace = <Block extends ContentBlock | SystemContentBlock>(block: Block): Block =>
    taken.replaceIn(block);
  const replaceInMessage = (message: Message): Message => {
    const content = mapChanged(message.content, replace);
    return content === message.content ? message : { ...message, content };
  };
  const messages = request.messages && mapChanged(request.messages, replaceInMessage);
  const system = request.system && mapChanged(request.system, replace);
  const isAsGiven = messages === request.messages && system === request.system;
  const text = JSON.stringify(isAsGiven ? request : { ...request, messages, system });
  return taken.bytes.length === 0 ? text : taken.restoreIn(text);
}

/** Bytes taken out of a request, each replaced by a text that occurs nowhere else. */
class TakenBytes {
  readonly bytes: Uint8Array[] = [];
  #mark: string | undefined;

  replaceIn<Block extends ContentBlock | SystemContentBlock>(block: Block): Block {
    // Texts and calls are by far the most frequent blocks, and hold none.
    if (block.text !== undefined || ("toolUse" in block && block.toolUse !== undefined)) {
      return block;
    }
    return this.#replace(block) as Block;
  }

  #replace(value: unknown): unknown {
    if (isBytes(value)) {
      this.#mark ??= randomBytes(12).toString("hex");
      this.bytes.push(value);
      return `${this.#mark}${this.bytes.length - 1};`;
    }
    if (Array.isArray(value)) return mapChanged(value, (item) => this.#replace(item));
    if (!isRecord(value)) return value;
    // A member newer than our types, in the AWS SDK's form.
    const unknown = value["$unknown"];
    if (Array.isArray(unknown) && typeof unknown[0] === "string") {
      return { [unknown[0]]: this.#replace(unknown[1]) };
    }
    let copy: Record<string, unknown> | undefined;
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (typeof member !== "object" || member === null) continue;
      const replaced = this.#replace(member);
      if (replaced !== member) {
        copy ??= { ...value };
        copy[key] = replaced;
      }
    }
    return copy ?? value;
  }

  restoreIn(text: string): Buffer {
    const parts = text.split(new RegExp(`${this.#mark}(\\d+);`));
    let length = 0;
    for (const [index, part] of parts.entries()) {
      const bytes = index % 2 === 1 ? this.bytes[Number(part)] : undefined;
      length += bytes === undefined ? Buffer.byteLength(part) : Math.ceil(bytes.length / 3) * 4;
    }
    const body = Buffer.allocUnsafe(length);
    let offset = 0;
    for (const [index, part] of parts.entries()) {
      const bytes = index % 2 === 1 ? this.bytes[Number(part)] : undefined;
      offset +=
        bytes === undefined ? body.write(part, offset, "utf8") : writeBase64(bytes, body, offset);
    }
    return body;
  }
}

/** Bytes, also those of another realm. Throws `TypeError` for other binary data, which JSON loses. */
function isBytes(value: unknown): value is Uint8Array {
  if (value instanceof Uint8Array) return true;
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (ArrayBuffer.isView(value) && kind === "Uint8Array") return true;
  if (ArrayBuffer.isView(value) || /^(Shared)?ArrayBuffer$|^Blob$|^File$/.test(kind)) {
    throw new TypeError(`Bytes must be a Uint8Array; got a ${kind}.`);
  }
  return false;
}

/** A multiple of three, so that only the end is padded, and small enough to stay in a processor's cache. */
const BASE64_SLICE_BYTES = 48 * 1024;

/** Writes a slice after the other: the whole as one text would be as large once more. */
function writeBase64(bytes: Uint8Array, body: Buffer, start: number): number {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = start;
  for (let from = 0; from < source.length; from += BASE64_SLICE_BYTES) {
    const slice = source.toString("base64", from, from + BASE64_SLICE_BYTES);
    offset += body.write(slice, offset, "latin1");
  }
  return offset - start;
}

/** Like `map`, but the very same list when nothing changed. */
function mapChanged<Item>(items: Item[], change: (item: Item) => Item): Item[] {
  let changed: Item[] | undefined;
  let index = 0;
  for (const item of items) {
    const next = change(item);
    if (next !== item) {
      changed ??= [...items];
      changed[index] = next;
    }
    index += 1;
  }
  return changed ?? items;
}
