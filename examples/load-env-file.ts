// Keys and settings from a `.env` file in the current folder. Node reads it without a package; a
// variable that is already set keeps its value.

import { existsSync } from "node:fs";
import { BedrockLLM, textOf } from "dcaf";

// #region load
if (existsSync(".env")) process.loadEnvFile(".env");

// After loading: the client reads the environment when it is made.
const llm = new BedrockLLM({ region: process.env["AWS_REGION"] ?? "us-east-1" });
// #endregion

const modelId = process.env["BEDROCK_MODEL_ID"] ?? "fast";
const response = await llm.invoke({ modelId, messages: "Name a river." });
console.log(`${modelId}: ${textOf(response)}`);
