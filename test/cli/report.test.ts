import assert from "node:assert/strict";
import test from "node:test";
import { CommandError, UsageError } from "../../src/cli/failures.ts";
import { describeFailure } from "../../src/cli/report.ts";
import { describeCut, describeUsage } from "../../src/cli/usage.ts";
import { BedrockError, type ConverseResponse, CredentialsError } from "../../src/index.ts";

const table: [title: string, error: unknown, expected: string][] = [
  ["a failure of a command", new CommandError("It broke."), "error: It broke.\n"],
  ["wrong use with a hint", new UsageError("No.", { hint: "Yes." }), "error: No.\nhint: Yes.\n"],
  [
    "an error of the service goes by its AWS name",
    new BedrockError("Slow down.", { code: "ThrottlingException", hint: "Wait." }),
    "ThrottlingException: Slow down.\nhint: Wait.\n",
  ],
  ["an error without a hint", new CredentialsError("None."), "CredentialsError: None.\n"],
  ["what is no error", "thrown", "error: thrown\n"],
];

for (const [title, error, expected] of table) {
  test(`${title} is told in its words`, () => assert.equal(describeFailure(error), expected));
}

test("the usage line tells what the service told", () => {
  const usage = { inputTokens: 12, outputTokens: 3, totalTokens: 15, cacheReadInputTokens: 0 };
  const response = { usage, stopReason: "end_turn" } as ConverseResponse;
  assert.equal(describeUsage(response), "12 tokens in, 3 tokens out, stop reason end_turn\n");
  const single = { usage: { inputTokens: 1, outputTokens: 1 }, stopReason: "end_turn" };
  assert.equal(
    describeUsage(single as ConverseResponse),
    "1 token in, 1 token out, stop reason end_turn\n",
  );
  const bare = { stopReason: "tool_use" } as ConverseResponse;
  assert.equal(describeUsage(bare), "stop reason tool_use\n");
});

test("only an answer cut at its limit gets a note", () => {
  assert.equal(describeCut({ stopReason: "end_turn" } as ConverseResponse), "");
  assert.match(describeCut({ stopReason: "max_tokens" } as ConverseResponse), /--max-tokens/);
});
