// Tools typed by zod (npm install zod); valibot and arktype work the same way.

import { Agent, BedrockLLM, defineTool } from "dcaf";
import { z } from "zod";

// #region tool
const bookTable = defineTool({
  name: "book_table",
  description: "Book a table in a restaurant",
  inputSchema: z.object({
    restaurant: z.string().describe("Name of the restaurant"),
    guests: z.number().int().min(1).max(12),
  }),
  execute: async ({ restaurant, guests }) => ({ booked: restaurant, guests }),
});
// #endregion

const agent = new Agent({ llm: new BedrockLLM(), modelId: "fast", tools: [bookTable] });
const { toolCalls } = await agent.run('Book a table for 2 guests at "Chez Panisse".');
for (const { name, input, status } of toolCalls) console.log(name, JSON.stringify(input), status);
