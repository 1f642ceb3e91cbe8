// Parameters that a model does not take, taken away before it refuses them.

import { isRecord, type UnknownRecord } from "../core/json.ts";
import { fieldsOf, type RequestDraft, setField } from "./request-draft.ts";

/** How the sampling parameters are called among Claude's own fields. */
const SAMPLING_FIELDS = ["temperature", "top_p", "top_k"] as const;
const SAMPLING_PARAMETERS = ["temperature", "topP"] as const;

/** Leaves out what the model refuses, and holds `maxTokens` below its maximum. */
export function fitParameters(draft: RequestDraft): void {
  fitSampling(draft);
  fitMaxTokens(draft);
  for (const path of draft.traits.refusedParameters ?? []) leaveOut(draft, path);
}

function fitSampling(draft: RequestDraft): void {
  const { sampling } = draft.traits;
  if (sampling === "none") {
    const { inferenceConfig = {} } = draft.body;
    for (const name of SAMPLING_PARAMETERS) {
      if (inferenceConfig[name] !== undefined) dropSampling(draft, `inferenceConfig.${name}`);
    }
    if (draft.body.additionalModelRequestFields === undefined) return;
    for (const name of SAMPLING_FIELDS) dropSampling(draft, `additionalModelRequestFields.${name}`);
  }
  if (sampling !== "one") return;
  const { inferenceConfig = {} } = draft.body;
  const fields = fieldsOf(draft);
  const temperature = inferenceConfig.temperature ?? fields["temperature"];
  if (temperature === undefined) return;
  for (const path of ["inferenceConfig.topP", "additionalModelRequestFields.top_p"]) {
    remove(draft, path, {
      rule: "sampling-exclusive",
      message: "The model takes temperature or topP, not both: topP is left out.",
    });
  }
}

function dropSampling(draft: RequestDraft, path: string): void {
  const name = path.slice(path.lastIndexOf(".") + 1);
  remove(draft, path, {
    rule: "sampling-refused",
    message: `The model takes no sampling parameters: ${name} is left out.`,
  });
}

function fitMaxTokens({ body, traits, report, hasOwnMaxTokens }: RequestDraft): void {
  const { maxOutput } = traits;
  const given = body.inferenceConfig?.maxTokens;
  if (maxOutput === undefined || given === undefined || given <= maxOutput) return;
  body.inferenceConfig = { ...body.inferenceConfig, maxTokens: maxOutput };
  report({
    path: "inferenceConfig.maxTokens",
    rule: "max-tokens-ceiling",
    message: `The model answers with at most ${maxOutput} tokens: maxTokens is lowered to that.`,
    kind: hasOwnMaxTokens ? "warning" : "repair",
  });
}

function leaveOut(draft: RequestDraft, path: string): void {
  remove(draft, path, {
    rule: "parameter-refused",
    message: `The model has refused ${path}: it is left out.`,
  });
}

/** Takes a parameter away, by its path on the wire, and says so; nothing when it is not there. */
export function remove(
  draft: RequestDraft,
  path: string,
  why: { readonly rule: string; readonly message: string },
): void {
  const [section = "", name] = path.split(".", 2);
  const body = draft.body as UnknownRecord;
  const holder = body[section];
  if (name === undefined) {
    if (holder === undefined) return;
    delete body[section];
  } else if (section === "additionalModelRequestFields") {
    if (fieldsOf(draft)[name] === undefined) return;
    setField(draft, name, undefined);
  } else {
    if (!isRecord(holder) || holder[name] === undefined) return;
    const { [name]: _, ...rest } = holder;
    body[section] = rest;
  }
  draft.report({ path, ...why, kind: "warning" });
}
