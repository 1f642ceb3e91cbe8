// A document and a question about it. Converse wants a text beside every document, and a name of
// letters, digits, spaces, hyphens and brackets only.

import { BedrockLLM, textOf } from "dcaf";

const llm = new BedrockLLM();

// #region document
const report = new TextEncoder().encode("# Quarter 3\n\nRevenue rose by 12 % to 4.1 million.\n");

const response = await llm.invoke({
  modelId: "fast",
  messages: [
    {
      role: "user",
      content: [
        "By how much did revenue rise?",
        { document: { name: "quarter-3", format: "md", source: { bytes: report } } },
      ],
    },
  ],
});
// #endregion

console.log(textOf(response));
