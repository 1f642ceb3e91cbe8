import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { PasteBuffer } from "../../src/cli/chat/paste.ts";

const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

function type(buffer: PasteBuffer, ...chunks: string[]): string {
  return chunks.map((chunk) => buffer.accept(chunk)).join("");
}

test("typed keys pass as they are", () => {
  const keys = "héllo\r\x03\x1b[A\x1b[D\t";
  assert.equal(type(new PasteBuffer(), keys), keys);
});

test("a paste of one line is typed in, without the line end that would submit it", () => {
  const buffer = new PasteBuffer();
  assert.equal(type(buffer, `a ${pasted("one\tline\r")} b\r`), "a one\tline b\r");
});

test("a paste of several lines is a label until the line is submitted", () => {
  const buffer = new PasteBuffer();
  const line = type(buffer, `see ${pasted("1\r\n2\r3\n")} and ${pasted("$&\nb")}`);
  assert.equal(line, "see [paste 1: 3 lines] and [paste 2: 2 lines]");
  assert.equal(buffer.expand(line), "see 1\n2\n3 and $&\nb");
  assert.equal(buffer.expand("[paste 3: 2 lines]"), "[paste 3: 2 lines]");
});

test("a paste can press no key", () => {
  const buffer = new PasteBuffer();
  assert.equal(type(buffer, pasted("a\x03\x04\x1b[Ab")), "a[Ab");
});

test("it does not matter how the terminal cuts what it sends", () => {
  const whole = `ab\x1b[A${pasted("1\r2")}c${pasted("x")}\r`;
  const expected = type(new PasteBuffer(), whole);
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 8 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const chunks = places.slice(1).map((end, index) => whole.slice(places[index], end));
      assert.equal(type(new PasteBuffer(), ...chunks), expected);
    }),
  );
});
