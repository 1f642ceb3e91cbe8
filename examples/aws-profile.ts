// Keys and region of a named profile in `~/.aws`, with everything a profile can hold: roles, IAM
// Identity Center, a process. Given as an option, it beats keys in the environment.

import { BedrockLLM, textOf } from "dcaf";

// #region profile
const llm = new BedrockLLM({ profile: process.env["AWS_PROFILE"] ?? "default" });
// #endregion

const response = await llm.invoke({ modelId: "fast", messages: "Name a lake." });
console.log(textOf(response));
