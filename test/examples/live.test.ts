// The examples on Amazon Bedrock, unchanged, with the credentials of whoever runs this. Costs a few
// cents, and so runs only when DCAF_LIVE_TEST=1 asks for it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EXAMPLE_NAMES, runExample } from "./run-example.ts";

const isWanted = process.env["DCAF_LIVE_TEST"] === "1";

/** The caller's own, less what would make a child speak the test runner's protocol. */
const VARIABLES = { ...process.env, NODE_TEST_CONTEXT: undefined };

/** What some examples need besides credentials. */
const NEEDED_VARIABLES: ReadonlyMap<string, string> = new Map([
  ["api-key", "AWS_BEARER_TOKEN_BEDROCK"],
  ["aws-profile", "AWS_PROFILE"],
  ["credentials-provider", "AWS_ACCESS_KEY_ID"],
]);

describe("each example runs on AWS", {
  skip: isWanted ? false : "set DCAF_LIVE_TEST=1 to run it",
}, () => {
  for (const name of EXAMPLE_NAMES) {
    const needed = NEEDED_VARIABLES.get(name);
    const isMissing = needed !== undefined && process.env[needed] === undefined;
    test(name, { skip: isMissing && `${needed} is not set` }, async () => {
      const args = name === "quick-start" ? ["--aws"] : [];
      const { status, stdout, stderr } = await runExample(name, VARIABLES, { args });
      assert.equal(status, 0, stderr);
      assert.notEqual(stdout, "");
    });
  }
});
