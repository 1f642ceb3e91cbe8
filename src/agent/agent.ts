// The complete tool loop as an object: options read once, then a thin shell over the loop.

import type { Message } from "../core/content.ts";
import { isRecord } from "../core/json.ts";
import { kindOf } from "../core/options.ts";
import { type MessageInput, type MessagesInput, readMessages } from "../messages/message-input.ts";
import type { DefinedTool } from "../tools/define-tool.ts";
import {
  type AgentOptions,
  type AgentSettings,
  type ResumeOptions,
  type RunOptions,
  readAgentOptions,
  readRunOptions,
} from "./agent-options.ts";
import type { AgentResult, AgentState } from "./agent-result.ts";
import { AgentRun } from "./agent-run.ts";
import { type AgentToolOptions, defineAgentTool } from "./agent-tool.ts";
import { type ApprovalDecisions, applyDecisions, planDecisions } from "./decisions.ts";
import { createRunState, type RunState } from "./run-state.ts";
import { openState, sealState } from "./state-seal.ts";
import { toToolOutput, withSubAgent } from "./sub-agent.ts";

/** What a run is asked: the content of one user message, or messages. */
export type AgentPrompt = MessagesInput | NonNullable<MessageInput["content"]>;

/**
 * A model with tools, and the loop between them: it asks, runs the calls of each complete answer, hands
 * back the results, and ends. Safe for any number of runs at once; it keeps nothing of any.
 *
 * @example
 * const agent = new Agent({ llm, modelId: "general", tools: [getWeather] });
 * const result = await agent.run("What's the weather in NYC?");
 * console.log(result.text);
 */
export class Agent {
  readonly #settings: AgentSettings;

  /** Throws `TypeError` for whatever is wrong with the options or the tools. */
  constructor(options: AgentOptions) {
    this.#settings = readAgentOptions(options);
  }

  /** Runs to the end, or until a person has to decide. Rejects as `AgentRun.result` does. */
  async run(prompt: AgentPrompt, options: RunOptions = {}): Promise<AgentResult> {
    return await this.stream(prompt, options).result();
  }

  /** The same, told as it goes. It begins when it is first read. Throws `TypeError` for wrong options. */
  stream(prompt: AgentPrompt, options: RunOptions = {}): AgentRun {
    const { messages = [], ...rest } = readRunOptions(options, "run");
    const state = createRunState([...readMessages(messages), ...readPrompt(prompt)]);
    return new AgentRun({ settings: this.#settings, options: rest, open: async () => state });
  }

  /**
   * Goes on from a state: of a run that waits, with what people decided; of one that was cut off or
   * reached a limit, which it gets anew. A run that had its answer comes to it again. Rejects with `ApprovalError` for a decision or a state that may
   * not be taken, and with `TypeError` for what is none.
   */
  async resume(
    state: AgentState | string,
    decisions: ApprovalDecisions = {},
    options: ResumeOptions = {},
  ): Promise<AgentResult> {
    return await this.resumeStream(state, decisions, options).result();
  }

  /** The same, told as it goes. Of a turn that has begun, only what is still to come is told. */
  resumeStream(
    state: AgentState | string,
    decisions: ApprovalDecisions = {},
    options: ResumeOptions = {},
  ): AgentRun {
    const settings = this.#settings;
    const open = async (): Promise<RunState> => {
      const opened = openState(state, settings.approvals.keys);
      await applyDecisions(opened, decisions, settings);
      renewAllowance(opened.state);
      return opened.state;
    };
    return new AgentRun({ settings, options: readRunOptions(options, "resume"), open });
  }

  /**
   * This agent as a tool of another: its input is a prompt, its text the result, its events the progress
   * of the call. What it spends counts above, and where it waits for a person, so does the run above, whose
   * `approvals` hold for it too.
   * Throws `TypeError` for wrong options.
   */
  asTool(options: AgentToolOptions): DefinedTool<{ prompt: string }> {
    const settings = this.#settings;
    const tool = defineAgentTool(options, async ({ prompt }, { signal, context }) =>
      toToolOutput(await this.run(prompt, { signal, context })),
    );
    return withSubAgent(tool, {
      begin: (input, { onSpend, approvals, ...options }) => {
        const state = createRunState(readPrompt((input as { prompt: string }).prompt));
        const open = async () => state;
        return new AgentRun({ settings: { ...settings, approvals }, options, open, onSpend });
      },
      resume: (state, { onSpend, approvals, ...options }) => {
        const open = async () => openState(state, approvals.keys).state;
        return new AgentRun({ settings: { ...settings, approvals }, options, open, onSpend });
      },
      plan: async (given, decisions, approvals) => {
        const { state } = openState(given, approvals.keys);
        const carryOut = await planDecisions(state, decisions, { ...settings, approvals });
        return () => {
          carryOut();
          return sealState(state, approvals.keys[0], Date.now() + approvals.expiresInMs);
        };
      },
    });
  }
}

function readPrompt(prompt: unknown): Message[] {
  if (prompt === undefined || prompt === null) {
    throw new TypeError(`run: the prompt must be text, blocks or messages; got ${kindOf(prompt)}.`);
  }
  const isMessages =
    Array.isArray(prompt) && prompt.every((item) => isRecord(item) && "role" in item);
  return readMessages(isMessages ? prompt : [{ role: "user", content: prompt }]);
}

const LIMITS: readonly string[] = ["max_turns", "token_budget", "cost_budget"];

/** Whoever resumes a run that reached a limit means it to go on. */
function renewAllowance(state: RunState): void {
  if (!LIMITS.includes(state.stopReason)) return;
  const { turns, usage, usd } = state;
  state.spent = { turns, tokens: usage.totalTokens, usd: usd ?? 0 };
}
