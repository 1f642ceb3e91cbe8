// Tools from `defineTool` in a plain call: the model is told of them, and nothing runs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { type ConverseRequest, defineTool, toolUsesOf } from "../../src/index.ts";
import { startLocalBedrock } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";

test("a tool that can run is shown to the model as what it is told, beside plain ones", async (t) => {
  const local = await startLocalBedrock();
  t.after(() => local.close());
  const llm = testClient(t, local.url);
  const getWeather = defineTool({
    name: "get_weather",
    description: "Get current weather for a location",
    inputSchema: z.object({ location: z.string() }),
    execute: () => assert.fail("it ran"),
  });
  const plain = { name: "plain", description: "Plain.", input_schema: { type: "object" } };
  const options = { messages: "What is the weather in Tokyo?", tools: [getWeather, plain] };

  const responses = [await llm.invoke(options), await llm.invokeStream(options).response()];

  for (const response of responses) {
    assert.equal(response.stopReason, "tool_use");
    assert.equal(toolUsesOf(response)[0]?.name, "get_weather");
  }
  for (const { body } of local.requests) {
    assert.deepEqual((body as ConverseRequest).toolConfig?.tools, [
      {
        toolSpec: {
          name: "get_weather",
          description: "Get current weather for a location",
          inputSchema: {
            json: {
              type: "object",
              properties: { location: { type: "string" } },
              required: ["location"],
            },
          },
        },
      },
      {
        toolSpec: {
          name: "plain",
          description: "Plain.",
          inputSchema: { json: { type: "object" } },
        },
      },
    ]);
  }
});
