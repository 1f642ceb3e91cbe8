// What becomes of parameters, tool choices and schemas.

import { UNKNOWN_MODEL } from "./build.ts";
import {
  CLAUDE_3_5,
  type FitCase,
  MISTRAL,
  NOVA_PRO,
  OPUS_4_1,
  OPUS_4_5,
  OPUS_4_7,
  OPUS_5_5,
} from "./fit-case.ts";

const TOOLS = [{ name: "get_weather", parameters: { type: "object" } }] as const;

export const SAMPLING_CASES: readonly FitCase[] = [
  {
    title: "sampling parameters go to a model that is not known to refuse them",
    modelId: UNKNOWN_MODEL,
    options: { temperature: 0.5, topP: 0.9, additionalModelRequestFields: { top_k: 5 } },
    expected: {
      inferenceConfig: { maxTokens: 4096, temperature: 0.5, topP: 0.9 },
      additionalModelRequestFields: { top_k: 5 },
    },
    rules: [],
  },
  {
    title: "of temperature and topP a model that takes one gets the temperature",
    modelId: OPUS_4_1,
    options: { temperature: 0.5, topP: 0.9 },
    expected: { inferenceConfig: { maxTokens: 4096, temperature: 0.5 } },
    rules: ["sampling-exclusive"],
  },
  {
    title: "topP alone goes to a model that takes one",
    modelId: OPUS_4_1,
    options: { topP: 0.9 },
    expected: { inferenceConfig: { maxTokens: 4096, topP: 0.9 } },
    rules: [],
  },
  {
    title: "a model without sampling parameters gets none, wherever they stand",
    modelId: OPUS_4_7,
    options: {
      temperature: 0.5,
      additionalModelRequestFields: { top_k: 5, anthropic_beta: ["x"] },
    },
    expected: {
      inferenceConfig: { maxTokens: 4096 },
      additionalModelRequestFields: { anthropic_beta: ["x"] },
    },
    rules: ["sampling-refused", "sampling-refused"],
  },
  {
    title: "maxTokens is held below the maximum of the model",
    modelId: CLAUDE_3_5,
    options: { maxTokens: 100_000 },
    expected: { inferenceConfig: { maxTokens: 8192 } },
    rules: ["max-tokens-ceiling"],
  },
];

const FORMAT = {
  type: "json_schema",
  structure: { jsonSchema: { schema: '{"type":"object"}' } },
} as const;

export const TOOL_CASES: readonly FitCase[] = [
  {
    title: "a call that cannot be forced is asked for in words",
    modelId: OPUS_5_5,
    options: { tools: TOOLS, toolChoice: { type: "tool", name: "get_weather" } },
    expected: {
      toolConfig: {
        tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
      },
      system: [{ text: "Call the tool get_weather in this answer." }],
    },
    rules: ["tool-choice-refused"],
  },
  {
    title: "where one tool cannot be forced, but any, any is",
    modelId: MISTRAL,
    options: {
      systemPrompt: "Be brief.",
      tools: TOOLS,
      toolChoice: { type: "tool", name: "get_weather" },
    },
    expected: {
      toolConfig: {
        tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
        toolChoice: { any: {} },
      },
      system: [{ text: "Be brief." }, { text: "Call the tool get_weather in this answer." }],
    },
    rules: ["tool-choice-refused"],
  },
  {
    title: "tools are not strict where that is refused",
    modelId: OPUS_4_7,
    options: { tools: [{ ...TOOLS[0], strict: true }] },
    expected: {
      toolConfig: {
        tools: [{ toolSpec: { name: "get_weather", inputSchema: { json: { type: "object" } } } }],
      },
    },
    rules: ["strict-refused"],
  },
  {
    title: "a format that is refused is asked for in words",
    modelId: OPUS_4_7,
    options: { outputConfig: { textFormat: FORMAT, effort: "low" } },
    expected: {
      outputConfig: { effort: "low" },
      system: [
        {
          text: 'Answer with one JSON value and nothing else: no introduction, no code fence. It satisfies this JSON Schema:\n{"type":"object"}',
        },
      ],
    },
    rules: ["text-format-refused"],
  },
  {
    title: "a format goes to a model that is not known to refuse it",
    modelId: UNKNOWN_MODEL,
    options: { outputConfig: { textFormat: FORMAT } },
    expected: { outputConfig: { textFormat: FORMAT } },
    rules: [],
  },
  {
    title: "names without hyphens go to Nova",
    modelId: NOVA_PRO,
    options: {
      tools: [{ name: "get-weather", parameters: { type: "object" } }],
      toolChoice: { type: "tool", name: "get-weather" },
    },
    expected: {
      toolConfig: {
        tools: [
          { toolSpec: { name: "get_weather_19a275db", inputSchema: { json: { type: "object" } } } },
        ],
        toolChoice: { tool: { name: "get_weather_19a275db" } },
      },
    },
    rules: ["tool-name-hyphen"],
  },
];

const BOUNDED = { type: "object", properties: { age: { type: "integer", minimum: 0 } } } as const;

const CIRCULAR = { type: "object", properties: { next: { $ref: "#" } } } as const;

export const SCHEMA_CASES: readonly FitCase[] = [
  {
    title: "what a model cannot be held to is said in words",
    modelId: OPUS_4_5,
    options: { tools: [{ name: "a", strict: true, parameters: BOUNDED }] },
    expected: {
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: "a",
              strict: true,
              inputSchema: {
                json: {
                  type: "object",
                  properties: { age: { type: "integer", description: "Constraints: minimum: 0." } },
                  additionalProperties: false,
                },
              },
            },
          },
        ],
      },
    },
    rules: ["structured-schema"],
  },
  {
    title: "objects are closed, which changes nothing that is meant",
    modelId: OPUS_4_5,
    options: {
      tools: [{ name: "a", strict: true, parameters: { type: "object", properties: {} } }],
    },
    expected: {
      toolConfig: {
        tools: [
          {
            toolSpec: {
              name: "a",
              strict: true,
              inputSchema: {
                json: { type: "object", properties: {}, additionalProperties: false },
              },
            },
          },
        ],
      },
    },
    rules: ["structured-schema"],
  },
  {
    title: "a schema that is given as an object is sent as text",
    modelId: OPUS_5_5,
    options: {
      outputConfig: {
        textFormat: {
          type: "json_schema",
          structure: { jsonSchema: { schema: { type: "object" } as unknown as string } },
        },
      },
    },
    expected: {
      outputConfig: undefined,
      system: [
        {
          text: 'Answer with one JSON value and nothing else: no introduction, no code fence. It satisfies this JSON Schema:\n{"type":"object"}',
        },
      ],
    },
    rules: ["wrong-type", "text-format-refused"],
  },
  {
    title: "the text of a schema that fits is not touched",
    modelId: OPUS_4_5,
    options: {
      outputConfig: {
        textFormat: {
          type: "json_schema",
          structure: {
            jsonSchema: { schema: '{ "type":"object", "additionalProperties":false }' },
          },
        },
      },
    },
    expected: {
      outputConfig: {
        textFormat: {
          type: "json_schema",
          structure: {
            jsonSchema: { schema: '{ "type":"object", "additionalProperties":false }' },
          },
        },
      },
    },
    rules: [],
  },
  {
    title: "a schema that nobody can be held to makes a tool that is not strict",
    modelId: OPUS_4_5,
    options: { tools: [{ name: "a", strict: true, parameters: CIRCULAR }] },
    expected: {
      toolConfig: { tools: [{ toolSpec: { name: "a", inputSchema: { json: CIRCULAR } } }] },
    },
    rules: ["structured-schema"],
  },
  {
    title: "a format that nobody can be held to is asked for in words",
    modelId: OPUS_4_5,
    options: {
      outputConfig: {
        textFormat: {
          type: "json_schema",
          structure: { jsonSchema: { schema: JSON.stringify(CIRCULAR) } },
        },
      },
    },
    expected: { outputConfig: undefined },
    rules: ["structured-schema"],
  },
  {
    title: "a tool that is not strict keeps its schema",
    modelId: OPUS_4_5,
    options: { tools: [{ name: "a", parameters: BOUNDED }] },
    expected: {
      toolConfig: { tools: [{ toolSpec: { name: "a", inputSchema: { json: BOUNDED } } }] },
    },
    rules: [],
  },
];
