// How hard a model tries: `outputConfig.effort`, or the field of Claude's own that came before it.

import { isRecord } from "../core/json.ts";
import { fieldsOf, type RequestDraft, setField } from "./request-draft.ts";

const EFFORTS: readonly string[] = ["low", "medium", "high", "xhigh", "max"];

/** No more than this without thinking. */
const MOST_WITHOUT_THINKING = "high";

/** A place where an effort may stand. */
interface EffortPlace {
  readonly path: string;
  readonly read: (draft: RequestDraft) => unknown;
  /** Undefined takes it away. */
  readonly write: (draft: RequestDraft, effort: string | undefined) => void;
}

const PLACES: readonly EffortPlace[] = [
  {
    path: "outputConfig.effort",
    read: ({ body }) => body.outputConfig?.effort,
    write: ({ body }, effort) => {
      const { effort: _, ...rest } = body.outputConfig ?? {};
      if (effort !== undefined) body.outputConfig = { ...rest, effort };
      else if (Object.keys(rest).length > 0) body.outputConfig = rest;
      else delete body.outputConfig;
    },
  },
  {
    path: "additionalModelRequestFields.output_config.effort",
    read: (draft) => ownConfigOf(draft)["effort"],
    write: (draft, effort) => {
      const { effort: _, ...rest } = ownConfigOf(draft);
      const own = effort === undefined ? rest : { ...rest, effort };
      setField(draft, "output_config", Object.keys(own).length === 0 ? undefined : own);
    },
  },
];

function ownConfigOf(draft: RequestDraft): Record<string, unknown> {
  const own = fieldsOf(draft)["output_config"];
  return isRecord(own) ? own : {};
}

/** The effort that is asked for, wherever it stands. */
export function readEffort(draft: RequestDraft): string | undefined {
  for (const { read } of PLACES) {
    const effort = read(draft);
    if (typeof effort === "string") return effort;
  }
  return undefined;
}

/** Asks for an effort where Converse has a place for it. */
export function setEffort({ body }: RequestDraft, effort: string): void {
  body.outputConfig = { ...body.outputConfig, effort };
}

/** Lowers an effort to the highest the model takes, and leaves it out where it takes none. */
export function fitEffort(draft: RequestDraft, isThinkingOff: boolean): void {
  const { efforts } = draft.traits;
  if (efforts === undefined) return;
  for (const { path, read, write } of PLACES) {
    const effort = read(draft);
    if (typeof effort !== "string") continue;
    const fitting = fittingEffort(effort, efforts, isThinkingOff);
    if (fitting === effort) continue;
    write(draft, fitting);
    draft.report({
      path,
      rule: "effort-refused",
      message:
        fitting === undefined
          ? "The model knows no such levels of effort: the effort is left out."
          : `The model takes no effort “${effort}”: it is asked for “${fitting}”.`,
      kind: "warning",
    });
  }
}

function fittingEffort(
  effort: string,
  accepted: readonly string[],
  isThinkingOff: boolean,
): string | undefined {
  const rank = EFFORTS.indexOf(effort);
  // A level we have not heard of is the service's to judge.
  if (rank < 0 && accepted.length > 0) return effort;
  const ceiling = isThinkingOff ? EFFORTS.indexOf(MOST_WITHOUT_THINKING) : rank;
  return EFFORTS.filter(
    (level, index) => index <= Math.min(rank, ceiling) && accepted.includes(level),
  ).at(-1);
}
