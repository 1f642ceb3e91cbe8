import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A folder that lasts as long as the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "dcaf-cli-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
