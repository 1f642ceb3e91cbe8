// A home folder of its own for a test, with AWS files when asked for.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** Makes an empty home, removed after the test; returns an environment that points to it. */
export function temporaryHome(
  context: TestContext,
  files: { config?: string; credentials?: string } = {},
): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), "dcaf-home-"));
  context.after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, ".aws"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, ".aws", name), text);
  return { HOME: home, AWS_EC2_METADATA_DISABLED: "true" };
}
