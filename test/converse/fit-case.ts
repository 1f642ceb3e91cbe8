// How a request is expected to be fitted to a model, and the models it is fitted to.

import type { ConverseOptions } from "../../src/index.ts";

/** A case: for this model these options become that, with these rules kept. */
export interface FitCase {
  readonly title: string;
  readonly modelId: string;
  readonly options: ConverseOptions;
  readonly expected: Record<string, unknown>;
  readonly rules: readonly string[];
}

export const OPUS_4_1 = "us.anthropic.claude-opus-4-1-20250805-v1:0";
export const HAIKU_4_5 = "global.anthropic.claude-haiku-4-5-20251001-v1:0";
export const OPUS_4_5 = "global.anthropic.claude-opus-4-5-20251101-v1:0";
export const OPUS_4_6 = "global.anthropic.claude-opus-4-6-v1";
export const OPUS_4_7 = "global.anthropic.claude-opus-4-7";
export const OPUS_5 = "global.anthropic.claude-opus-5";
export const OPUS_5_5 = "global.anthropic.claude-opus-5-5";
export const CLAUDE_3_5 = "us.anthropic.claude-3-5-haiku-20241022-v1:0";
export const NOVA_PRO = "us.amazon.nova-pro-v1:0";
export const NOVA_2 = "global.amazon.nova-2-lite-v1:0";
export const LLAMA_4 = "us.meta.llama4-maverick-17b-instruct-v1:0";
export const MISTRAL = "mistral.mistral-large-3-675b-instruct";
export const GPT_OSS = "openai.gpt-oss-120b-1:0";
