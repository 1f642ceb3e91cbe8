// How an agent introduces itself to another one.

import { assertKnownOptions } from "../core/options.ts";
import { type DefinedTool, defineTool, type ToolExecution } from "../tools/define-tool.ts";

/** What an agent is called as a tool. */
export interface AgentToolOptions {
  /** 1 to 64 of `[a-zA-Z0-9_-]`. */
  readonly name: string;
  /** What the agent does and when to ask it: the model above reads it. */
  readonly description: string;
  /** Milliseconds until a call is given up; `0` waits for ever. @default 0: its own waits have limits */
  readonly timeoutMs?: number | undefined;
  /** Whether a person has to agree to each call. @default false */
  readonly requiresApproval?: boolean | undefined;
  /** Whether a call runs by itself. @default false */
  readonly sequential?: boolean | undefined;
}

const NAMES = ["name", "description", "timeoutMs", "requiresApproval", "sequential"] as const;

/** Makes the tool. Throws `TypeError`. */
export function defineAgentTool(
  options: AgentToolOptions,
  execute: (input: { prompt: string }, execution: ToolExecution<unknown>) => Promise<string>,
): DefinedTool<{ prompt: string }, unknown> {
  assertKnownOptions(options, NAMES, "asTool");
  return defineTool({
    timeoutMs: 0,
    ...(options as AgentToolOptions),
    inputSchema: {
      type: "object",
      properties: {
        prompt: {
          type: "string",
          description: "What to do, with everything that has to be known for it.",
        },
      },
      required: ["prompt"],
    },
    execute,
  });
}
