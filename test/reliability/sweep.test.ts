// The answer cut at every byte, in every way, thinned out where connections are dear; and the answer
// left whole, for a sweep that refuses everything would prove nothing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ANSWER, ANSWER_FRAMES } from "../../reliability/answer.ts";
import { Bench } from "../../reliability/bench.ts";
import { nameOutcome, readAnswer, STREAM_READINGS } from "../../reliability/reading.ts";
import { WAYS } from "../../reliability/replies.ts";
import { measureRow } from "../../reliability/rows/all.ts";
import { saysAll, sweepScript } from "../../reliability/sweep.ts";

describe("an answer cut at any byte is never given as complete", () => {
  for (const name of ["sweep", "sweep-close-delimited"]) {
    test(name, async () => {
      const finding = await measureRow(name, "brief");
      assert.ok(finding.isMet, finding.ours);
    });
  }
});

describe("the same answer left whole is complete", () => {
  for (const isSecure of [false, true]) {
    for (const [way, { framing, ending }] of WAYS.entries()) {
      if (ending !== "clean") continue;
      test(`${framing}, ${isSecure ? "TLS" : "clear"}`, async (context) => {
        const bench = new Bench("brief");
        context.after(() => bench.close());
        const llm = bench.client(await bench.serve(sweepScript, { isSecure }));
        for (const reading of STREAM_READINGS) {
          const outcome = await readAnswer(llm, reading, { messages: `${way} ${ANSWER.length}` });
          assert.ok(outcome.kind === "success", nameOutcome(outcome));
          assert.ok(saysAll(outcome) && !outcome.usageMissing, reading);
          const events = reading === "iteration" ? ANSWER_FRAMES.length : 0;
          assert.equal(outcome.events.length, events);
        }
      });
    }
  }
});
