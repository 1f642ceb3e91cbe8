// Keys from a place of your own, such as a vault. The client asks again shortly before they expire,
// and many calls at once share one question.

import { type AwsCredentials, BedrockLLM, textOf } from "dcaf";

// #region provider
const llm = new BedrockLLM({
  region: "us-east-1",
  credentials: async (): Promise<AwsCredentials> => {
    const keys = await readVault();
    return { ...keys, expiration: new Date(Date.now() + 3_600_000) };
  },
});
// #endregion

let asked = 0;

async function readVault() {
  asked += 1;
  return {
    accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "local",
    secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "local",
    sessionToken: process.env["AWS_SESSION_TOKEN"],
  };
}

const question = { modelId: "fast", messages: "Name a mountain." };
const answers = await Promise.all([llm.invoke(question), llm.invoke(question)]);
console.log(answers.map(textOf).join("\n"));
console.log(`asked the vault ${asked} time(s) for ${answers.length} calls`);
