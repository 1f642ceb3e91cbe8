// What people decide about calls that wait, held against what really waits. Nothing is changed until all
// of it has been found good.

import { ApprovalError } from "../core/errors.ts";
import type { JsonValue } from "../core/json.ts";
import { isRecord } from "../core/json.ts";
import { assertKnownOptions, kindOf, readString } from "../core/options.ts";
import { checkInput } from "../tools/check-call.ts";
import { toErrorContent } from "../tools/result-content.ts";
import type { AnyTool } from "../tools/tool-set.ts";
import type { AgentSettings } from "./agent-options.ts";
import type { AgentState } from "./agent-result.ts";
import { finishCall } from "./decide-calls.ts";
import { readJsonInput } from "./json-input.ts";
import { findPending } from "./pending-approvals.ts";
import { type CallRecord, type RunState, replaceInput } from "./run-state.ts";
import type { OpenedState } from "./state-seal.ts";
import { approvalsBelow, subAgentOf } from "./sub-agent.ts";
import { digestOfTool } from "./tool-digest.ts";

/** Yes, as it was shown or with other input; or no, with a reason for the model. */
export type ApprovalDecision =
  | { readonly approve: true; readonly input?: JsonValue | undefined }
  | { readonly approve: false; readonly reason?: string | undefined };

/** By the `toolUseId` of what waits. What is left out goes on waiting. */
export type ApprovalDecisions = Readonly<Record<string, ApprovalDecision>>;

const WHERE = "resume";
const ASK_AGAIN = "Resume without decisions to be asked again.";

/**
 * Holds decisions against what waits in `state`, and returns what carries them out. Throws `TypeError`
 * for what is no decision, and `ApprovalError` for one that may not be taken. Changes nothing.
 */
export async function planDecisions(
  state: RunState,
  given: unknown,
  settings: AgentSettings,
): Promise<() => void> {
  const changes: (() => void)[] = [];
  const decisions = readDecisions(given);
  for (const [call, inner] of groupByCall(decisions, state)) {
    const record = state.calls.find(({ toolUseId }) => toolUseId === call);
    if (inner.own !== undefined && record?.phase === "waiting") {
      changes.push(await toChange(state, record, inner.own, settings));
    } else if (inner.own === undefined && record?.phase === "paused") {
      const carryOut = await planOfChild(record, inner.below, settings);
      changes.push(() => {
        record.childState = carryOut();
        record.phase = "cleared";
      });
    } else throw unknownCall(call, state);
  }
  return () => {
    for (const change of changes) change();
  };
}

/**
 * Plans and carries out, once for each state: it is the state that is decided on, with all that wait in
 * it. Throws as `planDecisions` does, and `ApprovalError` for one that has expired or was decided on before.
 */
export async function applyDecisions(
  { state, seal: { nonce, expiresAt } }: OpenedState,
  given: unknown,
  settings: AgentSettings,
): Promise<void> {
  const carryOut = await planDecisions(state, given, settings);
  if (given === undefined || Object.keys(given as object).length === 0) return;
  if (Date.now() >= expiresAt) {
    throw new ApprovalError("The approval has expired.", { reason: "expired", hint: ASK_AGAIN });
  }
  if (!(await settings.approvals.store.claim(nonce, expiresAt))) {
    throw new ApprovalError("This state was decided on before.", {
      reason: "replayed",
      hint: `Go on from the state of the result that resume returned then. If that was lost: ${ASK_AGAIN}`,
    });
  }
  carryOut();
}

/** For one call: a decision on itself, or on what waits below it. */
interface CallDecisions {
  readonly own: ApprovalDecision | undefined;
  readonly below: ApprovalDecisions;
}

/** An id with a slash is that of a call of an agent which is a tool, unless a call has it as its own. */
function groupByCall(
  decisions: ReadonlyMap<string, ApprovalDecision>,
  { calls }: RunState,
): Map<string, CallDecisions> {
  const groups = new Map<string, CallDecisions>();
  for (const [id, decision] of decisions) {
    const parent = calls.find(
      ({ phase, toolUseId }) => phase === "paused" && id.startsWith(`${toolUseId}/`),
    );
    if (parent === undefined) {
      groups.set(id, { own: decision, below: {} });
      continue;
    }
    const inner = id.slice(parent.toolUseId.length + 1);
    const below = groups.get(parent.toolUseId)?.below ?? {};
    groups.set(parent.toolUseId, { own: undefined, below: { ...below, [inner]: decision } });
  }
  return groups;
}

async function planOfChild(
  { name, childState }: CallRecord,
  decisions: ApprovalDecisions,
  { tools, approvals }: AgentSettings,
): Promise<() => AgentState> {
  const agent = subAgentOf(tools.find(name));
  if (agent === undefined || childState === undefined) throw toolChanged(name);
  return await agent.plan(childState, decisions, approvalsBelow(approvals));
}

function toolChanged(name: string): ApprovalError {
  return new ApprovalError(`The tool “${name}” is not what was shown any more.`, {
    reason: "tool_changed",
    hint: "Reject the call; the model can ask again.",
  });
}

function readDecisions(given: unknown): Map<string, ApprovalDecision> {
  if (given === undefined) return new Map();
  if (!isRecord(given)) {
    throw new TypeError(
      `${WHERE}: decisions must be { [toolUseId]: { approve } }; got ${kindOf(given)}.`,
    );
  }
  return new Map(
    Object.entries(given).map(([toolUseId, decision]) => [toolUseId, readDecision(decision)]),
  );
}

function readDecision(decision: unknown): ApprovalDecision {
  const where = `${WHERE}: a decision`;
  assertKnownOptions(decision, ["approve", "reason", "input"], where);
  const { approve, reason, input } = decision;
  if (approve === true) {
    if (reason !== undefined) throw new TypeError(`${where} with approve: true takes no reason.`);
    return { approve, input: input as JsonValue | undefined };
  }
  if (approve !== false) {
    throw new TypeError(`${where} must have approve: true or false; got ${kindOf(approve)}.`);
  }
  if (input !== undefined) throw new TypeError(`${where} with approve: false takes no input.`);
  return { approve, reason: readString(reason, `${where}: reason`) };
}

/** What the decision does, once all others have been found good too. */
async function toChange(
  state: RunState,
  record: CallRecord,
  decision: ApprovalDecision,
  { tools }: AgentSettings,
): Promise<() => void> {
  if (!decision.approve) {
    const reason = decision.reason === undefined ? "" : ` ${decision.reason}`;
    return () => finishCall(record, toErrorContent(`Rejected by a person, and not run.${reason}`));
  }
  const tool = tools.find(record.name);
  if (tool === undefined || digestOfTool(tool) !== record.toolDigest) {
    throw toolChanged(record.name);
  }
  const { input } = decision;
  if (input === undefined) {
    return () => {
      record.phase = "cleared";
    };
  }
  const edited = readEdited(tool, input);
  await assertInput(tool, edited);
  return () => {
    record.input = edited;
    record.phase = "edited";
    replaceInput(state, record.toolUseId, edited);
  };
}

function readEdited({ name }: AnyTool, input: unknown): JsonValue {
  const what = `The changed input of “${name}”`;
  try {
    return readJsonInput(input, what);
  } catch {
    throw new ApprovalError(`${what} must be JSON.`, { reason: "invalid_input" });
  }
}

async function assertInput(tool: AnyTool, input: JsonValue): Promise<void> {
  const { refusal } = await checkInput(tool, input);
  if (refusal === undefined) return;
  throw new ApprovalError(`The changed input of “${tool.name}” is not accepted. ${refusal}`, {
    reason: "invalid_input",
  });
}

function unknownCall(toolUseId: string, { calls }: RunState): ApprovalError {
  const ids = findPending(calls, 0).map((pending) => pending.toolUseId);
  const what = ids.length === 0 ? "No call of this state waits." : `What waits: ${ids.join(", ")}.`;
  return new ApprovalError(`No call “${toolUseId.slice(0, 64)}” waits for a decision. ${what}`, {
    reason: "unknown_call",
  });
}
