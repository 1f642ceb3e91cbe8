// A value that fits a schema, instead of a text that has to be read. Whether the model is held to the
// schema, given a tool or asked in words is chosen by the model; what comes is checked either way.

import { BedrockLLM } from "dcaf";
import { z } from "zod";

const llm = new BedrockLLM();

// #region ask
const person = z.object({
  name: z.string().describe("First name"),
  age: z.number().int().min(0),
  city: z.string(),
});

const { object, usage } = await llm.invokeObject({
  modelId: "fast",
  messages: "Who is 36 years old? It is Ada, in London.",
  schema: person,
});

console.log(`${object.name}, ${object.age}, ${object.city}: ${usage.totalTokens} tokens`);
// #endregion

// #region stream
const call = llm.invokeObject({
  modelId: "fast",
  messages: "Which capital is on the Tiber, in Rome or in Oslo?",
  schema: {
    type: "array",
    items: {
      type: "object",
      properties: { city: { type: "string" }, country: { type: "string" } },
      required: ["city"],
    },
  },
});

for await (const cities of call.stream) console.log(JSON.stringify(cities));

const { object: cities } = await call; // the last one of the stream
// #endregion

console.log(`${cities.length} in all, ${cities[0]?.city} first`);
