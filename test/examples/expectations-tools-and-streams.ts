// Expectations of the examples about tools and streams.

import assert from "node:assert/strict";
import { bodyOf, type Expectations, SIMULATED } from "./expectation.ts";

export const TOOLS_AND_STREAMS: Expectations = {
  agent: [
    {
      prints: ["Weather in NYC: 22 °C, sunny", /^end_turn after 2 turns, \d+ tokens$/m],
      requests: 2,
    },
  ],
  "agent-zod": [
    {
      prints: ['book_table {"restaurant":"Chez Panisse","guests":2} success'],
      requests: 2,
    },
  ],
  "agent-events": [
    {
      prints: [
        '→ count_words {"text":"to be or not to be"}',
        "  counting",
        /← success after \d+ ms/,
        "6",
        /^end_turn, \$0\.\d+$/m,
      ],
      requests: 2,
    },
  ],
  "agent-resume": [{ prints: ["aborted\n", "end_turn 1\n"], requests: 2 }],
  "sub-agent": [
    { prints: ["research → look_up", "a small plant", /\d+ tokens, in both/], requests: 4 },
  ],
  "mcp-tool": [
    {
      prints: ["notes_read_note: Read a note by its title\n", "a small plant without roots"],
      requests: 2,
      check: (requests) => {
        const tools = bodyOf(requests).toolConfig?.tools ?? [];
        assert.deepEqual(
          tools.map(({ toolSpec }) => toolSpec?.name),
          ["notes_read_note"],
        );
      },
    },
  ],
  "invoke-with-tools": [
    {
      prints: ["Tool: get_weather", 'Input: {"location":"Tokyo"'],
      check: (requests) => {
        const { toolSpec } = bodyOf(requests).toolConfig?.tools[0] ?? {};
        assert.equal(toolSpec?.name, "get_weather");
        assert.deepEqual(Object.keys(toolSpec?.inputSchema.json ?? {}), [
          "type",
          "properties",
          "required",
        ]);
      },
    },
    { endpoint: { model: () => "It rains." }, prints: ["No tool was called: It rains."] },
  ],
  "structured-output": [
    {
      requests: 2,
      prints: [/^Ada, 36, London: \d+ tokens$/m, '[{"city":"', /^\d in all, \w+ first$/m],
    },
  ],
  stream: [{ prints: [SIMULATED, /^end_turn, \d+ tokens$/m] }],
  "stream-events": [
    {
      prints: [
        "Stream started: assistant\n",
        SIMULATED,
        "\nStop reason: end_turn\n",
        /^Tokens: \d+$/m,
      ],
      check: ([request]) => assert.equal(request?.operation, "converse-stream"),
    },
  ],
  "stream-with-tools": [
    { prints: ["calling get_weather …", 'Tool call: get_weather {"location":"Lisbon"}'] },
  ],
  "tool-choice": [
    {
      prints: [
        "auto: get_weather",
        "any: get_weather",
        "one: get_time",
        "none: no tool (end_turn)",
      ],
      requests: 4,
      check: (requests) =>
        assert.deepEqual(
          requests.map((_, index) => bodyOf(requests, index).toolConfig?.toolChoice),
          [{ auto: {} }, { any: {} }, { tool: { name: "get_time" } }, undefined],
        ),
    },
  ],
  "tool-loop": [
    {
      prints: ["Weather in NYC: 72°F, sunny"],
      requests: 2,
      check: (requests) => {
        const [question, call, result] = bodyOf(requests, 1).messages ?? [];
        const toolUse = call?.content[0]?.toolUse;
        assert.deepEqual(question?.content, [{ text: "What's the weather in NYC?" }]);
        assert.equal(toolUse?.name, "get_weather");
        assert.deepEqual(result?.content, [
          {
            toolResult: {
              toolUseId: toolUse?.toolUseId,
              content: [{ text: "Weather in NYC: 72°F, sunny" }],
            },
          },
        ]);
      },
    },
  ],
};
