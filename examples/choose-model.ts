// Three aliases for three classes of work, and what the catalogue knows about a model. The service
// is the judge: an id that is not in the catalogue is sent all the same.

import { BedrockLLM, findModel, listModels, textOf } from "dcaf";

// #region aliases
for (const alias of ["fast", "general", "complex"]) {
  console.log(`${alias}: ${findModel(alias)?.id}`);
}
// #endregion

// #region facts
const model = findModel("us.anthropic.claude-3-5-sonnet-20240620-v1:0");
if (model?.status === "legacy") console.log(`${model.id} is legacy: choose another one`);

const withImages = listModels({ family: "amazon", status: "active", features: ["images"] });
console.log(`Amazon's models that see: ${withImages.map(({ id }) => id).join(", ")}`);
// #endregion

const llm = new BedrockLLM({ modelId: "fast" });
console.log(textOf(await llm.invoke({ messages: "Say yes." })));
