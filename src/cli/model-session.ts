// From the options of a command to a client that is ready to be asked.

import type { BedrockLLM, InvokeOptions } from "../index.ts";
import { UsageError } from "./failures.ts";
import type { ModelOptions } from "./model-options.ts";

/** The simulator answers to any model; this one is asked when none is named. */
const LOCAL_MODEL = "general";

const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** A client with what every request of a command has in common. */
export interface ModelSession {
  readonly llm: BedrockLLM;
  readonly modelId: string;
  readonly request: Pick<
    InvokeOptions,
    "modelId" | "baseModelId" | "systemPrompt" | "maxTokens" | "temperature" | "topP"
  >;
}

/**
 * Runs `work` with a session and closes it afterwards, the embedded endpoint of `--local` included.
 *
 * @throws UsageError when no model is named.
 */
export async function withModelSession<T>(
  options: ModelOptions,
  work: (session: ModelSession) => Promise<T>,
): Promise<T> {
  const modelId = options.model || process.env["BEDROCK_MODEL_ID"] || localModel(options);
  if (modelId === undefined) {
    throw new UsageError("No model is named: use --model or set BEDROCK_MODEL_ID.", {
      hint: "Without an AWS account, --local answers from the built-in simulator.",
    });
  }
  const { baseModel, system, maxTokens, temperature, topP } = options;
  const local = options.local ? await startLocal() : undefined;
  try {
    const { BedrockLLM } = await import("../index.ts");
    const { region, profile, endpoint } = options;
    const llm = new BedrockLLM(
      local === undefined
        ? { region, profile, endpoint }
        : { region, endpoint: local.url, credentials: LOCAL_CREDENTIALS },
    );
    try {
      const request = {
        modelId,
        baseModelId: baseModel,
        systemPrompt: system,
        maxTokens,
        temperature,
        topP,
      };
      return await work({ llm, modelId, request });
    } finally {
      await llm.close();
    }
  } finally {
    await local?.close();
  }
}

function localModel({ local }: ModelOptions): string | undefined {
  return local ? LOCAL_MODEL : undefined;
}

async function startLocal(): Promise<{ url: string; close(): Promise<void> }> {
  const { startLocalBedrock } = await import("../local/index.ts");
  return await startLocalBedrock({ port: 0 });
}
