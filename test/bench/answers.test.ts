// The answers of the fake Bedrock, read by our own reader: the frames are of Smithy's codec, so both
// are held against each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { streamedAnswer, textOf, WHOLE_PIECES, wholeAnswer } from "../../bench/server/answers.ts";
import { EventStreamDecoder, type EventStreamFrame } from "../../src/aws/event-stream.ts";
import { readEvent } from "../../src/converse/read-event.ts";
import { readConverseResponse } from "../../src/converse/read-response.ts";
import { ResponseBuilder } from "../../src/core/response-builder.ts";
import { textOf as readText } from "../../src/index.ts";

/** The frames in these bytes, which are whole. */
function decode(chunks: readonly Buffer[]): EventStreamFrame[] {
  const frames: EventStreamFrame[] = [];
  const decoder = new EventStreamDecoder((frame) => frames.push(frame));
  for (const chunk of chunks) decoder.push(chunk);
  assert.equal(decoder.atBoundary, true);
  return frames;
}

const eventsIn = (frames: readonly EventStreamFrame[]) =>
  frames.map((frame) => readEvent(frame, (text) => text));

test("a streamed answer of so many pieces is the text of so many, however it is cut", () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 150 }), cuts, (events, sizes) => {
      const bytes = Buffer.concat(streamedAnswer(events));
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; ) {
        const size = sizes[chunks.length % sizes.length] ?? 1;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const builder = new ResponseBuilder();
      for (const event of eventsIn(decode(chunks))) builder.add(event);
      const { output, stopReason } = builder.build();
      assert.deepEqual(
        [builder.stopped, builder.metered, builder.isMeteredTwice],
        [true, true, false],
      );
      assert.deepEqual(output.message, {
        role: "assistant",
        content: events === 0 ? [] : [{ text: textOf(events) }],
      });
      assert.equal(stopReason, "end_turn");
    }),
    { numRuns: 40 },
  );
});

test("the events stand in Bedrock's order, a frame each, and their padding is not read", () => {
  const events = streamedAnswer(3).flatMap((frame) => eventsIn(decode([frame])));
  assert.deepEqual(
    events.flatMap((event) => Object.keys(event)),
    [
      "messageStart",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockDelta",
      "contentBlockStop",
      "messageStop",
      "metadata",
    ],
  );
  assert.deepEqual(
    events.filter((event) => Object.values(event).some((members) => Object.hasOwn(members, "p"))),
    [],
  );
});

test("the padding has many lengths, as Bedrock's has", () => {
  const lengths = decode(streamedAnswer(100)).map(({ payload }) => {
    const { p } = JSON.parse(payload.toString("utf8")) as { p: string };
    return p.length;
  });
  assert.ok(new Set(lengths).size > 20);
  assert.ok(Math.min(...lengths) > 0);
});

test("no piece of text is empty, and more pieces go on where fewer end", () => {
  for (let events = 0; events < 100; events += 1) {
    assert.ok(textOf(events + 1).startsWith(textOf(events)));
    assert.ok(textOf(events + 1).length > textOf(events).length);
  }
  assert.equal(textOf(0), "");
});

test("the whole answer is a Converse response with the text of its pieces", () => {
  const response = readConverseResponse(wholeAnswer());
  assert.equal(readText(response), textOf(WHOLE_PIECES));
  assert.equal(response.stopReason, "end_turn");
  const { inputTokens, outputTokens, totalTokens } = response.usage;
  assert.equal(inputTokens + outputTokens, totalTokens);
});

test("a whole answer and a streamed one cost the same", () => {
  const builder = new ResponseBuilder();
  for (const event of eventsIn(decode(streamedAnswer(WHOLE_PIECES)))) builder.add(event);
  const { output, usage } = builder.build();
  const whole = readConverseResponse(wholeAnswer());
  assert.deepEqual([output, usage], [whole.output, whole.usage]);
});
