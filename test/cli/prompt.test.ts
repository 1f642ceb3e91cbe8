import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import test from "node:test";
import { UsageError } from "../../src/cli/failures.ts";
import { type PromptInput, readPrompt } from "../../src/cli/prompt.ts";

const never = new AbortController().signal;

const table: [title: string, words: string[], piped: string, expected: string][] = [
  ["words are joined", ["Why", "is it?"], "", "Why is it?"],
  ["a pipe alone is the prompt, without its last line end", [], "a\nb\r\n\n", "a\nb"],
  ["both are parted by a blank line", ["Sum up:"], "text\n", "Sum up:\n\ntext"],
  ["a blank pipe counts as none", ["Hi"], " \n", "Hi"],
  ["a byte order mark is no part of it", [], "\ufeffé", "é"],
];

for (const [title, words, piped, expected] of table) {
  test(title, async () => {
    assert.equal(await readPrompt(words, Readable.from([Buffer.from(piped)]), never), expected);
  });
}

test("characters cut between chunks come together", async () => {
  const bytes = Buffer.from("é😀");
  const input = Readable.from([...bytes].map((byte) => Buffer.of(byte)));
  assert.equal(await readPrompt([], input, never), "é😀");
});

test("without words a terminal is not read, and that is wrong use", async () => {
  const terminal: PromptInput = Object.assign(new PassThrough(), { isTTY: true });
  await assert.rejects(readPrompt([], terminal, never), UsageError);
  await assert.rejects(readPrompt([" "], Readable.from([]), never), UsageError);
  assert.equal(await readPrompt(["Hi"], terminal, never), "Hi");
});

test("waiting for the pipe ends with the signal", async () => {
  const controller = new AbortController();
  const reading = readPrompt(["Hi"], new PassThrough(), controller.signal);
  controller.abort();
  await assert.rejects(reading, { name: "AbortError" });
});
