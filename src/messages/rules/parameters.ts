// Rules on everything beside the conversation: the model id, prompts, paths into the answer.

import { isRecord } from "../../core/json.ts";
import type { RequestRule } from "./request-rule.ts";
import { listOf, recordOf, textOf } from "./view.ts";
import { notAnObject } from "./wording.ts";

/** The forms of `modelId` in the service model, each anchored. */
const MODEL_ID_FORMS: readonly RegExp[] = [
  /^[a-zA-Z0-9-:.]+$/,
  /^([0-9a-zA-Z][_-]?)+$/,
  /^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}::foundation-model\/[a-z0-9-]{1,63}[.][a-z0-9-]{1,63}([.:]?[a-z0-9-]{1,63})$/,
  /^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:custom-model\/[a-z0-9-]{1,63}[.][a-z0-9-]{1,63}\/[a-z0-9]{12}$/,
  /^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:(imported-model|provisioned-model|custom-model-deployment)\/[a-z0-9]{12}$/,
  /^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:((application-)?inference-profile|(default-)?prompt-router)\/[a-zA-Z0-9-:.]+$/,
  /^arn:aws:sagemaker:[a-z0-9-]+:[0-9]{12}:endpoint\/[a-zA-Z0-9-]+$/,
];

const PROMPT_ARN =
  /^arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:prompt\/[0-9a-zA-Z]{10}(:[0-9]{1,5})?$/;

/** What a prompt brings along itself. */
const PROMPT_FIELDS = [
  "additionalModelRequestFields",
  "inferenceConfig",
  "system",
  "toolConfig",
] as const;

const JSON_POINTER = /^(\/([^~/]|~[01])*)+$/;

export const PARAMETER_RULES: readonly RequestRule[] = [
  {
    id: "model-id",
    reference: "https://github.com/aws/aws-sdk-js-v3/issues/6424",
    repair: "Check the spelling of the model id or ARN.",
    // New kinds of resources bring new forms.
    isOpen: true,
    check({ modelId }, report) {
      if (modelId === undefined || MODEL_ID_FORMS.some((form) => form.test(modelId))) return;
      if (isPromptArn(modelId)) return;
      report("modelId", "The provided model identifier is invalid.");
    },
  },
  {
    id: "prompt-fields",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_RequestSyntax",
    repair: "Set it in the prompt instead.",
    check({ modelId, body }, report) {
      if (!isPromptArn(modelId)) return;
      for (const field of PROMPT_FIELDS) {
        if (body[field] == null) continue;
        report(
          field,
          `The ${field} field can't be set when the modelId is a prompt. Remove the field and try again.`,
        );
      }
    },
  },
  {
    id: "response-field-path",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#bedrock-runtime_Converse-request-additionalModelResponseFieldPaths",
    repair: "Write a JSON Pointer, such as /stop_sequence.",
    check({ body }, report) {
      for (const [index, path] of listOf(body["additionalModelResponseFieldPaths"]).entries()) {
        if (typeof path !== "string" || path === "" || JSON_POINTER.test(path)) continue;
        const at = `additionalModelResponseFieldPaths.${index}`;
        report(at, `The value at ${at} is not a valid JSON Pointer.`);
      }
    },
  },
  {
    id: "output-schema-json",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_JsonSchemaDefinition.html",
    repair: "Pass the schema as JSON text.",
    check({ outputConfig }, report) {
      const format = recordOf(outputConfig["textFormat"]);
      const schema = recordOf(recordOf(format["structure"])["jsonSchema"])["schema"];
      if (typeof schema !== "string" || isJsonObject(schema)) return;
      const path = "outputConfig.textFormat.structure.jsonSchema.schema";
      report(path, notAnObject(path));
    },
  },
];

/** Whether a model id names a prompt of Prompt management, which brings its own messages. */
export function isPromptArn(modelId: unknown): boolean {
  return PROMPT_ARN.test(textOf(modelId) ?? "");
}

function isJsonObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}
