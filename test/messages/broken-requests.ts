// Requests that break one rule each, with where and how Bedrock says so.

import type { UnknownRecord } from "../../src/core/json.ts";
import type { RequestContext } from "../../src/messages/rules/view.ts";
import { BROKEN_CONVERSATIONS } from "./broken-conversations.ts";
import { BROKEN_MEDIA } from "./broken-media.ts";
import { BROKEN_MODEL_MESSAGES } from "./broken-model-messages.ts";
import { BROKEN_MODEL_PARAMETERS } from "./broken-model-parameters.ts";
import { BROKEN_MODEL_THINKING } from "./broken-model-thinking.ts";
import { BROKEN_TOOLS } from "./broken-tools.ts";
import { BROKEN_VALUES } from "./broken-values.ts";

/** One request, what is wrong with it in a word, and the only issues it has. */
export interface BrokenRequest {
  readonly title: string;
  readonly rule: string;
  readonly request: UnknownRecord;
  /** What the request does not say itself. */
  readonly context?: RequestContext;
  readonly issues: readonly (readonly [path: string, message: string])[];
}

/** Every example; each rule has at least one. */
export const BROKEN_REQUESTS: readonly BrokenRequest[] = [
  ...BROKEN_VALUES,
  ...BROKEN_CONVERSATIONS,
  ...BROKEN_TOOLS,
  ...BROKEN_MEDIA,
  ...BROKEN_MODEL_PARAMETERS,
  ...BROKEN_MODEL_THINKING,
  ...BROKEN_MODEL_MESSAGES,
];
