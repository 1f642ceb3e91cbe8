// Rules of single models on messages and what they hold: roles, reasoning, caching, citations.

import type { CacheSection, CacheTraits } from "../../models/model-traits.ts";
import type { RequestRule } from "./request-rule.ts";
import { type BlockView, blocksNamed, endsInServerResult, recordOf, textOf } from "./view.ts";
import { modelError } from "./wording.ts";

export const MODEL_CONTENT_RULES: readonly RequestRule[] = [
  {
    id: "system-role",
    reference: "https://github.com/BerriAI/litellm/pull/32831",
    repair: "Put the text into system, or say it as the user.",
    check(view, report) {
      const { systemRole, toolChanges } = view.traits;
      for (const message of systemRole === false ? view.messages : []) {
        if (message.role !== "system") continue;
        report(`${message.path}.role`, modelError("role 'system' is not supported on this model"));
      }
      if (toolChanges !== false) return;
      for (const name of ["toolAddition", "toolRemoval"]) {
        for (const { path } of blocksNamed(view, name)) {
          report(path, modelError("Changes of tools are not supported on this model"));
        }
      }
    },
  },
  {
    id: "prefill-refused",
    reference: "https://github.com/anomalyco/opencode/issues/29760",
    repair: "Let the conversation end with a message of the user.",
    check({ traits, messages }, report) {
      const last = messages.at(-1);
      if (traits.prefill !== false || last?.role !== "assistant") return;
      if (endsInServerResult(last)) return;
      report(
        `${last.path}.role`,
        modelError(
          "This model does not support assistant message prefill. The conversation must end with a user message.",
        ),
      );
    },
  },
  {
    id: "reasoning-replay",
    reference: "https://github.com/langchain-ai/langchain-aws/issues/401",
    repair: "Leave out what another model thought.",
    check(view, report) {
      const { reasoningReplay } = view.traits;
      if (reasoningReplay === undefined) return;
      for (const { path, value } of blocksNamed(view, "reasoningContent")) {
        if (reasoningReplay === "none") {
          report(
            path,
            "User messages cannot contain reasoning content. Please remove the reasoning content and try again.",
          );
        } else if (isUnsigned(value)) {
          report(path, modelError(`${path}.thinking.signature: Field required`));
        }
      }
    },
  },
  {
    id: "cache-refused",
    reference: "https://github.com/BerriAI/litellm/issues/39210",
    repair: "Leave the point out, or its ttl.",
    check({ traits: { cache }, cachePoints }, report) {
      if (cache === undefined) return;
      for (const point of cachePoints) {
        const message = cacheRefusal(cache, point);
        if (message !== undefined) report(point.path, message);
      }
    },
  },
  {
    id: "citations-mixed",
    reference: "https://platform.claude.com/docs/en/build-with-claude/citations",
    repair: "Switch citations on for all documents or for none.",
    check(view, report) {
      if (view.traits.uniformCitations !== true) return;
      const [first, ...others] = blocksNamed(view, "document");
      if (first === undefined) return;
      const different = others.find((other) => isCited(other) !== isCited(first));
      if (different === undefined) return;
      report(
        `${different.path}.document.citations`,
        modelError("Citations must be enabled for all documents or for none of them."),
      );
    },
  },
];

function isUnsigned(reasoning: unknown): boolean {
  const { reasoningText } = recordOf(reasoning);
  return reasoningText != null && (textOf(recordOf(reasoningText)["signature"]) ?? "") === "";
}

function isCited({ value }: BlockView): boolean {
  return recordOf(recordOf(value)["citations"])["enabled"] === true;
}

function cacheRefusal(cache: CacheTraits | false, { path, value }: BlockView): string | undefined {
  if (cache === false) {
    return "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.";
  }
  if (!cache.sections.includes(sectionOf(path))) {
    const pointer = path.replaceAll(".", "/");
    return `Malformed input request: #/${pointer}: extraneous key [cachePoint] is not permitted, please reformat your input and try again.`;
  }
  const ttl = textOf(recordOf(value)["ttl"]);
  if (ttl === undefined || cache.ttls.some((offered) => offered === ttl)) return undefined;
  return modelError(`${path}.cache_control: ttl '${ttl}' is not supported for this model`);
}

function sectionOf(path: string): CacheSection {
  if (path.startsWith("toolConfig.")) return "tools";
  return path.startsWith("system.") ? "system" : "messages";
}
