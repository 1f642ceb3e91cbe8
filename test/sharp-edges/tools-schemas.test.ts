// Edges 25 and 26: answers that have to fit a schema. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JsonValue, OutputConfig } from "../../src/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerError, answerJson, scriptedServer } from "../helpers/scripted-server.ts";
import { OPUS_4_7, OPUS_5, rulesOf, SONNET_4_5, startAsking, WEATHER } from "./asking.ts";

describe("an answer that has to fit", () => {
  const textFormat = {
    type: "json_schema",
    structure: { jsonSchema: { schema: '{"type":"object"}' } },
  } as const;
  const asked = {
    messages: "Weather?",
    tools: [{ ...WEATHER, strict: true }],
    outputConfig: { textFormat },
  };

  test("edge 25: strict tools and formats become words where a model refuses them", async (context) => {
    const { ask } = await startAsking(context, { modelId: OPUS_4_7 });
    const { sent, warnings } = await ask(asked);
    assert.equal(sent.toolConfig?.tools[0]?.toolSpec?.strict, undefined);
    assert.equal(sent.outputConfig, undefined);
    assert.match(sent.system?.at(-1)?.text ?? "", /JSON Schema:\n\{"type":"object"\}/);
    assert.deepEqual(rulesOf(warnings), ["strict-refused", "text-format-refused"]);
  });

  test("edge 25: a model that is not known is learnt from its refusals, one by one", async (context) => {
    const server = await scriptedServer(context, ({ body }, response) => {
      const refused = body.includes('"strict"')
        ? "tools.0.custom.strict"
        : body.includes("textFormat") && "output_config.format";
      if (refused === false) return answerJson(response, "{}");
      const message = `The model returned the following errors: ${refused}: Extra inputs are not permitted`;
      answerError(response, 400, "ValidationException", message);
    });
    const llm = testClient(context, server.url, { modelId: OPUS_5 });
    const response = await llm.invoke(asked);
    assert.equal(response.$metadata?.attempts, 3);
    assert.deepEqual(rulesOf(response.$metadata?.warnings), [
      "strict-refused",
      "text-format-refused",
    ]);
  });
});

describe("a schema beyond what a model can be held to", () => {
  const formatOf = (schema: JsonValue): OutputConfig => ({
    textFormat: {
      type: "json_schema",
      structure: { jsonSchema: { name: "person", schema: JSON.stringify(schema) } },
    },
  });
  const person = {
    type: "object",
    properties: { age: { type: "integer", minimum: 0 }, name: { type: "string", maxLength: 80 } },
    required: ["name"],
  };

  test("edge 26: loses its bounds, which are said in words, and is closed; its caller is warned", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const asked = { messages: "Who?", outputConfig: formatOf(person) };
    const { sent, warnings } = await ask(asked);
    const schema = sent.outputConfig?.textFormat?.structure.jsonSchema?.schema ?? "";
    assert.deepEqual(JSON.parse(schema), {
      type: "object",
      properties: {
        age: { type: "integer", description: "Constraints: minimum: 0." },
        name: { type: "string", description: "Constraints: maxLength: 80." },
      },
      required: ["name"],
      additionalProperties: false,
    });
    assert.deepEqual(
      warnings.map(({ path, rule }) => [path, rule]),
      [["outputConfig.textFormat.structure.jsonSchema.schema", "structured-schema"]],
    );
    // The service compiles each text of a schema once.
    const again = await ask(asked);
    assert.deepEqual(again.sent, sent);
  });

  test("edge 26: that refers to itself or elsewhere is told in the instructions instead", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    for (const $ref of ["#", "https://example.com/person.json"]) {
      const parent = { ...person, properties: { ...person.properties, parent: { $ref } } };
      const outputConfig = formatOf(parent);
      const { sent, warnings } = await ask({ messages: "Who?", outputConfig });
      assert.equal(sent.outputConfig, undefined);
      assert.ok(sent.system?.at(-1)?.text?.includes(JSON.stringify(parent)));
      assert.deepEqual(rulesOf(warnings), ["structured-schema"]);
    }
  });

  test("edge 26: makes a strict tool one that is not strict where it cannot be held to", async (context) => {
    const { ask } = await startAsking(context, { modelId: SONNET_4_5 });
    const anything = { type: "object", additionalProperties: { type: "string" } };
    const tools = [
      { name: "save_person", parameters: person, strict: true },
      { name: "save_labels", parameters: anything, strict: true },
    ];
    const { sent, warnings } = await ask({ messages: "Save it.", tools });
    const [one, other] = sent.toolConfig?.tools ?? [];
    assert.equal(one?.toolSpec?.strict, true);
    assert.ok(!JSON.stringify(one?.toolSpec?.inputSchema.json).includes('"minimum":'));
    assert.equal(other?.toolSpec?.strict, undefined);
    assert.deepEqual(other?.toolSpec?.inputSchema.json, anything);
    assert.deepEqual(rulesOf(warnings), ["structured-schema", "structured-schema"]);
  });

  test("edge 26: goes as it is to a model that is not known, and to tools that are not strict", async (context) => {
    const { ask } = await startAsking(context);
    const outputConfig = formatOf(person);
    const tools = [{ name: "save_person", parameters: person }];
    for (const modelId of ["us.test.model-v1:0", SONNET_4_5]) {
      const { sent, warnings } = await ask({ modelId, messages: "Who?", tools });
      assert.deepEqual(sent.toolConfig?.tools[0]?.toolSpec?.inputSchema.json, person);
      assert.deepEqual(warnings, []);
    }
    const { sent } = await ask({ messages: "Who?", outputConfig });
    assert.deepEqual(sent.outputConfig, outputConfig);
  });
});
