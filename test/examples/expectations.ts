// What every example must print and send. The test fails for an example that is not listed here.

import type { Expectations } from "./expectation.ts";
import { CLIENTS } from "./expectations-clients.ts";
import { CONVERSATIONS } from "./expectations-conversations.ts";
import { FAILURES } from "./expectations-failures.ts";
import { TOOLS_AND_STREAMS } from "./expectations-tools-and-streams.ts";

/** All of them. */
export const EXPECTATIONS: Expectations = {
  ...CLIENTS,
  ...CONVERSATIONS,
  ...TOOLS_AND_STREAMS,
  ...FAILURES,
};
