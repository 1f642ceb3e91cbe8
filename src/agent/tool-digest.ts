// What a tool is, in a few characters: an approval is for the tool that was shown.

import { createHash } from "node:crypto";
import type { JsonValue } from "../core/json.ts";
import type { AnyTool } from "../tools/tool-set.ts";
import { toCanonicalJson } from "./canonical-json.ts";

/** The same for the same name, description and schema, whatever order their members stand in. */
export function digestOfTool({ toolSpec }: AnyTool): string {
  const text = toCanonicalJson(toolSpec as unknown as JsonValue);
  return createHash("sha256").update(text).digest("base64url");
}
