// Everything Bedrock refuses in a Converse request, as one table in the order in which Bedrock looks:
// first the service model, then the conversation, then what single models do not take.
// To add a rule, write it into the group it belongs to.

import { CACHE_POINT_RULES } from "./cache-points.ts";
import { CONVERSATION_RULES } from "./conversation.ts";
import { DOCUMENT_RULES } from "./documents.ts";
import { MEDIA_RULES } from "./media.ts";
import { MODEL_CONTENT_RULES } from "./model-content.ts";
import { MODEL_PARAMETER_RULES } from "./model-parameters.ts";
import { MODEL_SCHEMA_RULES } from "./model-schemas.ts";
import { MODEL_THINKING_RULES } from "./model-thinking.ts";
import { MODEL_TOOL_RULES } from "./model-tools.ts";
import { PARAMETER_RULES } from "./parameters.ts";
import type { RequestRule } from "./request-rule.ts";
import type { ShapeFaultKind } from "./shape-faults.ts";
import { ENCODING_RULES, TEXT_RULES } from "./texts.ts";
import { TOOL_CONFIG_RULES } from "./tool-config.ts";
import { TOOL_TURN_RULES } from "./tool-turns.ts";
import type { RequestView } from "./view.ts";

const SERVICE_MODEL =
  "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html";
const CONSTRAINT = "https://github.com/BerriAI/litellm/issues/24668";

/** Where a value misses the service model. One walk over the request finds all of them. */
const SHAPE_RULES: readonly RequestRule[] = [
  shapeRule("wrong-type", SERVICE_MODEL),
  constraintRule("missing-member", "https://github.com/maximhq/bifrost/pull/6732"),
  // New values come without notice.
  { ...constraintRule("unknown-value", SERVICE_MODEL), isOpen: true },
  constraintRule("text-pattern", CONSTRAINT),
  constraintRule("text-length", CONSTRAINT),
  constraintRule("number-range", "https://github.com/stdapi-ai/stdapi.ai/issues/224"),
  constraintRule("list-length", "https://github.com/genkit-ai/aws-bedrock-js-plugin/issues/43"),
  constraintRule("map-entries", SERVICE_MODEL),
  {
    ...shapeRule("empty-union", "https://github.com/maximhq/bifrost/issues/7072"),
    repair: "Set one of the keys. There are no URLs: fetch what is there and pass its bytes.",
  },
  shapeRule("several-union-members", SERVICE_MODEL),
];

/** Rules that have nothing to say of a request unless `concerns` says so. */
interface RuleGroup {
  readonly rules: readonly RequestRule[];
  readonly concerns: (view: RequestView) => boolean;
}

const always = (): boolean => true;
const hasFaults = ({ faults }: RequestView): boolean => faults.length > 0;
const hasTools = ({ body, blocksByName }: RequestView): boolean =>
  body["toolConfig"] != null || blocksByName.has("toolUse") || blocksByName.has("toolResult");
const hasDocuments = ({ blocksByName }: RequestView): boolean => blocksByName.has("document");
const hasMedia = ({ blocksByName }: RequestView): boolean =>
  ["image", "document", "video"].some((name) => blocksByName.has(name));
const hasCachePoints = ({ cachePoints }: RequestView): boolean => cachePoints.length > 0;
const hasSchemas = ({ body }: RequestView): boolean =>
  body["toolConfig"] != null || body["outputConfig"] != null;

/** The table, by what its rules are about: most requests are text, and most rules are not about text. */
export const RULE_GROUPS: readonly RuleGroup[] = [
  { rules: ENCODING_RULES, concerns: always },
  { rules: SHAPE_RULES, concerns: hasFaults },
  { rules: PARAMETER_RULES, concerns: always },
  { rules: CONVERSATION_RULES, concerns: always },
  { rules: TEXT_RULES, concerns: always },
  { rules: TOOL_CONFIG_RULES, concerns: hasTools },
  { rules: TOOL_TURN_RULES, concerns: hasTools },
  { rules: DOCUMENT_RULES, concerns: hasDocuments },
  { rules: MEDIA_RULES, concerns: hasMedia },
  { rules: CACHE_POINT_RULES, concerns: hasCachePoints },
  { rules: MODEL_PARAMETER_RULES, concerns: always },
  { rules: MODEL_THINKING_RULES, concerns: always },
  { rules: MODEL_TOOL_RULES, concerns: hasTools },
  { rules: MODEL_SCHEMA_RULES, concerns: hasSchemas },
  { rules: MODEL_CONTENT_RULES, concerns: always },
];

/** All rules. Ids are stable; the order is that of the issues `checkRequest` returns. */
export const REQUEST_RULES: readonly RequestRule[] = RULE_GROUPS.flatMap(({ rules }) => rules);

function shapeRule(id: ShapeFaultKind, reference: string): RequestRule {
  return {
    id,
    reference,
    check({ faults }, report) {
      for (const { kind, path, message } of faults) {
        if (kind === id) report(path, message);
      }
    },
  };
}

function constraintRule(id: ShapeFaultKind, reference: string): RequestRule {
  return { ...shapeRule(id, reference), isConstraint: true };
}
