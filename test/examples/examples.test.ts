import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startLocalBedrock } from "../../src/local/index.ts";
import type { Expectation } from "./expectation.ts";
import { EXPECTATIONS } from "./expectations.ts";
import { EXAMPLE_NAMES, offlineVariables, runExample, withTemporaryFolder } from "./run-example.ts";

/** Have tests of their own. */
const TESTED_APART = ["quick-start", "agent-approval"];

test("every example has an expectation and every expectation an example", () => {
  const expected = [...Object.keys(EXPECTATIONS), ...TESTED_APART];
  assert.deepEqual(expected.sort(), [...EXAMPLE_NAMES].sort());
});

// Each is a process; more at once than there are processors would only get in each other's way.
describe("each example prints and sends what it says", { concurrency: 2 }, () => {
  for (const [name, expectations] of Object.entries(EXPECTATIONS)) {
    for (const [index, expectation] of expectations.entries()) {
      test(`${name}, run ${index + 1}`, () =>
        withTemporaryFolder((folder) => runAndCheck(name, expectation, folder)));
    }
  }
});

async function runAndCheck(name: string, expectation: Expectation, folder: string): Promise<void> {
  await expectation.prepare?.(folder);
  const local = await startLocalBedrock(expectation.endpoint);
  try {
    const variables = {
      ...offlineVariables(folder, local.url),
      AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
      ...expectation.variables,
    };
    const { status, stdout, stderr } = await runExample(name, variables, { folder });
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assertInOrder(stdout, expectation.prints);
    assert.equal(local.lastError, undefined);
    assert.equal(local.requests.length, expectation.requests ?? 1);
    expectation.check?.(local.requests);
  } finally {
    await local.close();
  }
}

function assertInOrder(text: string, parts: Expectation["prints"]): void {
  let rest = text;
  for (const part of parts) {
    const index = typeof part === "string" ? rest.indexOf(part) : rest.search(part);
    assert.ok(index >= 0, `missing ${part} in:\n${text}`);
    const length = typeof part === "string" ? part.length : (part.exec(rest)?.[0].length ?? 0);
    rest = rest.slice(index + length);
  }
}
