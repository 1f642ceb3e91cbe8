// A request on its way to the wire, while it is fitted to its model. The lists and objects at its top
// belong to us; what is deeper may be the caller's and is replaced, never written to.

import { isRecord, type UnknownRecord } from "../core/json.ts";
import type { ReportChange } from "../core/request-change.ts";
import type { ModelTraits } from "../models/model-traits.ts";
import type { ConverseBody } from "./converse-options.ts";

/** What the steps of fitting pass on to each other. */
export interface RequestDraft {
  readonly body: ConverseBody;
  readonly traits: ModelTraits;
  readonly report: ReportChange;
  /** Whether `maxTokens` is the caller's own, and not our default. */
  readonly hasOwnMaxTokens: boolean;
}

/** The model's own fields; empty where there are none. */
export function fieldsOf({ body }: RequestDraft): UnknownRecord {
  const fields: unknown = body.additionalModelRequestFields;
  return isRecord(fields) ? fields : {};
}

/** Sets one of the model's own fields, or takes it away when `value` is undefined. */
export function setField(draft: RequestDraft, name: string, value: unknown): void {
  const { [name]: _, ...rest } = fieldsOf(draft);
  const fields = value === undefined ? rest : { ...rest, [name]: value };
  if (Object.keys(fields).length === 0) delete draft.body.additionalModelRequestFields;
  else
    draft.body.additionalModelRequestFields =
      fields as ConverseBody["additionalModelRequestFields"];
}

/** Appends an instruction for what cannot be asked in a field. */
export function instruct({ body }: RequestDraft, text: string): void {
  body.system = [...(body.system ?? []), { text }];
}
