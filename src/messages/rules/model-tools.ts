// Rules of single models on tools: offering, forcing, calling and answering them.

import type { RequestRule } from "./request-rule.ts";
import { clientResultsOf } from "./tool-turns.ts";
import { blocksNamed, type RequestView, recordOf, textOf } from "./view.ts";
import { modelError, unsupportedField } from "./wording.ts";

const CHOICES = ["auto", "any", "tool"] as const;

/** Where an id stands to Claude. */
const ID_MEMBERS = { toolUse: "tool_use.id", toolResult: "tool_result.tool_use_id" } as const;

/** The ids a model takes, and what it says to others. */
const ID_FORMS = {
  word: {
    pattern: /^[a-zA-Z0-9_-]+$/,
    refusal: (at: string) => `${at}: String should match pattern '^[a-zA-Z0-9_-]+$'`,
  },
  nine: {
    pattern: /^[a-zA-Z0-9]{9}$/,
    refusal: (_: string, id: string) =>
      `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`,
  },
} as const;

export const MODEL_TOOL_RULES: readonly RequestRule[] = [
  {
    id: "streaming-tools",
    reference: "https://github.com/earendil-works/pi/issues/3739",
    repair: "Use Converse.",
    check({ traits, operation, body }, report) {
      if (operation !== "converse-stream" || traits.streamingTools !== false) return;
      if (body["toolConfig"] == null) return;
      report("toolConfig", "This model doesn't support tool use in streaming mode.");
    },
  },
  {
    id: "tool-choice-refused",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/1273",
    repair: "Leave the choice to the model, and say in the prompt what is wanted.",
    check({ traits, toolConfig }, report) {
      const choice = recordOf(toolConfig["toolChoice"]);
      for (const name of CHOICES) {
        if (choice[name] == null || traits.toolChoices?.includes(name) !== false) continue;
        const path = `toolConfig.toolChoice.${name}`;
        report(path, unsupportedField(path));
      }
    },
  },
  {
    id: "strict-refused",
    reference: "https://github.com/anthropics/anthropic-sdk-python/issues/1759",
    repair: "Leave it out, and check the input of each call.",
    check({ traits, tools }, report) {
      if (traits.strictTools !== false) return;
      for (const [index, { path, name, value }] of tools.entries()) {
        if (name !== "toolSpec" || recordOf(value)["strict"] == null) continue;
        report(
          `${path}.toolSpec.strict`,
          modelError(`tools.${index}.custom.strict: Extra inputs are not permitted`),
        );
      }
    },
  },
  {
    id: "tool-name-hyphen",
    reference: "https://github.com/SEMOSS/Semoss/issues/2892",
    repair: "Write an underscore.",
    check(view, report) {
      if (view.traits.hyphensInToolNames !== false) return;
      for (const { path, name } of toolNamesOf(view)) {
        if (!name.includes("-")) continue;
        report(
          path,
          "Model produced invalid sequence as part of ToolUse. Please refer to the model tool use troubleshooting guide.",
        );
      }
    },
  },
  {
    id: "tool-use-id-form",
    reference: "https://github.com/CherryHQ/cherry-studio/issues/15623",
    repair: "Give the call and its result another id.",
    check(view, report) {
      const { toolUseIds } = view.traits;
      if (toolUseIds === undefined) return;
      const { pattern, refusal } = ID_FORMS[toolUseIds];
      for (const kind of ["toolUse", "toolResult"] as const) {
        for (const { path, value } of blocksNamed(view, kind)) {
          const id = textOf(recordOf(value)["toolUseId"]);
          if (id === undefined || pattern.test(id)) continue;
          const at = `${path}.${ID_MEMBERS[kind]}`;
          report(`${path}.${kind}.toolUseId`, modelError(refusal(at, id)));
        }
      }
    },
  },
  {
    id: "tool-results-alone",
    reference: "https://github.com/strands-agents/harness-sdk/issues/1223",
    repair: "Send what else there is to say after the next answer.",
    check(view, report) {
      if (view.traits.toolResultsAlone !== true || !view.blocksByName.has("toolResult")) return;
      for (const message of view.messages) {
        const results = clientResultsOf(message).length;
        if (results === 0 || results === message.blocks.length) continue;
        const path = `${message.path}.content`;
        report(
          path,
          `${path}: Conversation blocks and tool result blocks cannot be provided in the same turn.`,
        );
      }
    },
  },
  {
    id: "tool-result-status",
    reference:
      "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultBlock.html",
    repair: "Say in the text that the call failed.",
    // Documented, but https://github.com/langchain-ai/langchain-aws/pull/146 saw it taken.
    isOpen: true,
    check(view, report) {
      if (view.traits.toolResultStatus !== false) return;
      for (const { path, value } of blocksNamed(view, "toolResult")) {
        if (recordOf(value)["status"] == null) continue;
        const at = `${path}.toolResult.status`;
        report(at, unsupportedField(at));
      }
    },
  },
];

/** Every name of a tool: of those offered, of the one chosen, of those called. */
function toolNamesOf(view: RequestView): { path: string; name: string }[] {
  const chosen = recordOf(recordOf(view.toolConfig["toolChoice"])["tool"]);
  const places = [
    ...view.tools.map(({ path, name, value }) => ({ at: `${path}.${name}`, value })),
    { at: "toolConfig.toolChoice.tool", value: chosen },
    ...blocksNamed(view, "toolUse").map(({ path, value }) => ({ at: `${path}.toolUse`, value })),
  ];
  return places.flatMap(({ at, value }) => {
    const name = textOf(recordOf(value)["name"]);
    return name === undefined ? [] : [{ path: `${at}.name`, name }];
  });
}
