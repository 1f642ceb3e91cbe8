import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContentBlock, Message } from "../../src/core/content.ts";
import type { ConverseRequest, Tool } from "../../src/core/converse-request.ts";
import type { JsonValue } from "../../src/core/json.ts";
import { startLocalBedrock } from "../../src/local/index.ts";
import { simulate } from "../../src/local/simulator.ts";
import { findIssues } from "../../src/messages/check-request.ts";
import { CONVERSE, call, jsonOf } from "./local-client.ts";

function tool(name: string, description: string, properties: JsonValue, required: string[]): Tool {
  const json = { type: "object", properties, required };
  return { toolSpec: { name, description, inputSchema: { json } } };
}

const TEXT = { type: "string" };
const WEATHER = tool(
  "get_weather",
  "Get current weather for a location",
  { location: TEXT, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
  ["location"],
);
const TIME = tool("get_time", "Get the time in a city", { city: TEXT }, ["city"]);
const CALCULATOR = tool("calculator", "Evaluate an arithmetic expression", { expression: TEXT }, [
  "expression",
]);
const EMAIL = tool(
  "send_email",
  "Send an email",
  { to: { type: "string", format: "email" }, subject: TEXT },
  ["to", "subject"],
);
const FILES = ["read", "write", "delete"].map((verb) =>
  tool(`${verb}_file`, `${verb} a file`, { path: TEXT }, ["path"]),
);
const TOOLS = [WEATHER, TIME, CALCULATOR, EMAIL, ...FILES];

/** What the simulator answers to a request. */
function answer(request: Omit<ConverseRequest, "modelId">): string | ContentBlock[] {
  const signal = new AbortController().signal;
  const context = { operation: "converse", modelId: "any.model", headers: {}, signal } as const;
  return simulate({ ...context, ...request }) as string | ContentBlock[];
}

function saying(...texts: string[]): Message[] {
  return texts.map((text, index) => ({
    role: index % 2 === 0 ? "user" : "assistant",
    content: [{ text }],
  }));
}

/** Name and input of each call a prompt leads to. */
function callsFor(prompt: string, toolChoice?: object, tools = TOOLS): unknown[] {
  const toolConfig = { tools, ...(toolChoice && { toolChoice }) } as never;
  const reply = answer({ messages: saying(prompt), toolConfig });
  if (typeof reply === "string") return [];
  return reply.map(({ toolUse }) => [toolUse?.name, toolUse?.input]);
}

test("a tool that fits the prompt is called with what the prompt mentions", () => {
  const cases: [prompt: string, name: string, input: object][] = [
    ["What's the weather in Tokyo?", "get_weather", { location: "Tokyo" }],
    ["What's the weather in NYC?", "get_weather", { location: "NYC" }],
    ["weather in san francisco today", "get_weather", { location: "san francisco" }],
    [
      "How's the weather in São Paulo, in celsius?",
      "get_weather",
      { location: "São Paulo", unit: "celsius" },
    ],
    ["Will it rain in Oslo, Norway?", "get_weather", { location: "Oslo, Norway" }],
    ["What time is it in London?", "get_time", { city: "London" }],
    ["What is 12 * (7+3)?", "calculator", { expression: "12 * (7+3)" }],
    [
      "Email bob@example.com about “lunch”.",
      "send_email",
      { to: "bob@example.com", subject: "lunch" },
    ],
    ["Read the file notes/today.txt, please", "read_file", { path: "notes/today.txt" }],
    ["Please use delete_file on a.log", "delete_file", { path: "a.log" }],
  ];
  for (const [prompt, name, input] of cases) {
    assert.deepEqual(callsFor(prompt), [[name, input]], prompt);
  }
});

test("no tool is called where none fits", () => {
  for (const prompt of ["Tell me a joke.", "Hello", "What is the capital of France?"]) {
    assert.deepEqual(callsFor(prompt), [], prompt);
  }
});

test("several tools are called in one turn, and one tool for several places", () => {
  assert.deepEqual(callsFor("What are the weather and the time in Paris?"), [
    ["get_weather", { location: "Paris" }],
    ["get_time", { city: "Paris" }],
  ]);
  assert.deepEqual(callsFor("Compare the weather in Paris, Rome and New York in fahrenheit."), [
    ["get_weather", { location: "Paris", unit: "fahrenheit" }],
    ["get_weather", { location: "Rome", unit: "fahrenheit" }],
    ["get_weather", { location: "New York", unit: "fahrenheit" }],
  ]);
});

test("of several tools each takes what its part of the prompt mentions", () => {
  assert.deepEqual(callsFor("What time is it in London and what's the weather in Oslo?"), [
    ["get_weather", { location: "Oslo" }],
    ["get_time", { city: "London" }],
  ]);
});

test("a forced choice is honoured even where nothing fits", () => {
  assert.deepEqual(callsFor("Hello", { tool: { name: "get_time" } }), [
    ["get_time", { city: "New York" }],
  ]);
  assert.deepEqual(callsFor("Hello", { any: {} }), [["get_weather", { location: "New York" }]]);
  assert.deepEqual(callsFor("What time is it in Rome?", { any: {} }), [
    ["get_time", { city: "Rome" }],
  ]);
  assert.deepEqual(callsFor("Hello", { auto: {} }), []);
});

test("calls have ids Bedrock takes, different ones in every place, the same ones every time", () => {
  const request = {
    messages: saying("Compare the weather in Paris and Rome."),
    toolConfig: { tools: TOOLS },
  };
  const ids = (answer(request) as ContentBlock[]).map(({ toolUse }) => toolUse?.toolUseId ?? "");
  assert.equal(new Set(ids).size, 2);
  for (const id of ids) assert.match(id, /^tooluse_[a-zA-Z0-9_-]{22}$/);
  assert.deepEqual(answer(request), answer(request));
  const later = saying("Hi", "Hello", "Compare the weather in Paris and Rome.");
  const others = answer({ ...request, messages: later }) as ContentBlock[];
  assert.equal(
    others.some(({ toolUse }) => ids.includes(toolUse?.toolUseId ?? "")),
    false,
  );
});

test("the results of tools are the answer", () => {
  const ask = (...results: ContentBlock[]) => {
    const messages: Message[] = [
      ...saying("Weather and time in Oslo?"),
      {
        role: "assistant",
        content: [
          { toolUse: { toolUseId: "a", name: "get_weather", input: {} } },
          { toolUse: { toolUseId: "b", name: "get_time", input: {} } },
        ],
      },
      { role: "user", content: results },
    ];
    return answer({ messages, toolConfig: { tools: TOOLS } });
  };
  const weather = { toolResult: { toolUseId: "a", content: [{ text: "72°F, sunny" }] } };
  assert.equal(ask(weather), "I looked that up with get_weather: 72°F, sunny.");
  assert.equal(
    ask(weather, { toolResult: { toolUseId: "b", content: [{ json: { time: "12:00" } }] } }),
    'I looked that up with get_weather: 72°F, sunny. Also with get_time: {"time":"12:00"}.',
  );
  assert.equal(
    ask({ toolResult: { toolUseId: "b", status: "error", content: [{ text: "No clock!" }] } }),
    "The call of get_time failed: No clock!",
  );
  assert.equal(
    ask({ toolResult: { toolUseId: "b", content: [] } }),
    "I looked that up with get_time: nothing.",
  );
});

test("plain questions get plain answers", () => {
  const cases: [prompt: string, answer: string][] = [
    ["What is the capital of France?", "The capital of France is Paris."],
    [
      "what's the capital city of the United States?",
      "The capital of the United States is Washington, D.C.",
    ],
    ["Is 2+2=4?", "Yes."],
    ["Is 2 + 2 = 5?", "No."],
    ["Does 3 * 3 equal 9?", "Yes."],
    ["What is 7 / 2?", "7 / 2 = 3.5"],
    ["My name is Alice.", "Nice to meet you, Alice."],
    ["Say “pong”", "pong"],
    ["Count from 3 to 6", "3, 4, 5, 6"],
    ["Hello!", "Hello! (simulated)"],
  ];
  for (const [prompt, expected] of cases) {
    assert.equal(answer({ messages: saying(prompt) }), expected, prompt);
  }
});

test("what was said before is recalled", () => {
  const recall = (...texts: string[]) => answer({ messages: saying(...texts) });
  const toldName = "You told me that your name is Alice.";
  assert.equal(recall("My name is Alice", "Hi", "What did I just tell you?"), toldName);
  assert.equal(recall("I am well. My name's Alice.", "Hi", "What is my name?"), toldName);
  assert.equal(recall("I like tea.", "Hi", "What did I say?"), "You told me: “I like tea.”");
  assert.equal(recall("What is my name?"), "You have not told me yet.");
});

test("anything else is echoed in short by something that says what it is", () => {
  assert.equal(
    answer({ messages: saying("Tell me\na story") }),
    "(simulated) No language model is at work here. You said: “Tell me a story”.",
  );
  const long = answer({ messages: saying("story ".repeat(1_000)) });
  assert.ok(long.length < 220);
  const image = { image: { format: "png" as const, source: { bytes: Uint8Array.of(1) } } };
  assert.match(
    String(answer({ messages: [{ role: "user", content: [{ text: "Look" }, image] }] })),
    /“Look”, with image attached\.$/,
  );
});

test("a system prompt shows, without changing what is answered", () => {
  const system = [{ text: "You are a pirate." }];
  assert.equal(
    answer({ system, messages: saying("What is the capital of France?") }),
    "Arrr! The capital of France is Paris.",
  );
  assert.match(
    String(answer({ system: [{ text: "Be kind." }], messages: saying("Talk") })),
    /My instructions begin: “Be kind\.”$/,
  );
});

test("a system prompt that forbids tools is followed", () => {
  const system = [{ text: "Do not call any tool in this answer; answer in text." }];
  const reply = answer({
    system,
    messages: saying("What's the weather in Oslo?"),
    toolConfig: { tools: TOOLS },
  });
  assert.equal(typeof reply, "string");
});

test("an answer that has to be JSON satisfies its schema", () => {
  const schema = JSON.stringify({
    type: "object",
    properties: { city: TEXT, days: { type: "integer", minimum: 2 } },
    required: ["city", "days"],
  });
  const structure = { jsonSchema: { schema } };
  const outputConfig = { textFormat: { type: "json_schema" as const, structure } };
  assert.deepEqual(
    JSON.parse(String(answer({ messages: saying("Go to Rome for 3 days"), outputConfig }))),
    { city: "Rome", days: 3 },
  );
});

test("the simulator keeps to maxTokens and stop sequences", async (context) => {
  const local = await startLocalBedrock();
  context.after(() => local.close());
  const ask = async (inferenceConfig: object) => {
    const body = { messages: saying("Count to 50"), inferenceConfig };
    const { output, stopReason } = jsonOf(await call({ url: local.url, path: CONVERSE, body }));
    return [(output as { message: Message }).message.content, stopReason];
  };
  assert.deepEqual(await ask({ maxTokens: 2 }), [[{ text: "1, 2, 3," }], "max_tokens"]);
  assert.deepEqual(await ask({ stopSequences: [", 4"] }), [[{ text: "1, 2, 3" }], "stop_sequence"]);
});

test("the turns of a tool loop are ones Bedrock would take", () => {
  const messages = saying("Compare the weather in Paris and Rome.");
  const toolConfig = { tools: TOOLS };
  const content = answer({ messages, toolConfig }) as ContentBlock[];
  const results = content.map(({ toolUse }) => ({
    toolResult: { toolUseId: toolUse?.toolUseId ?? "", content: [{ text: "sunny" }] },
  }));
  const loop: Message[] = [
    ...messages,
    { role: "assistant", content },
    { role: "user", content: results },
  ];
  assert.deepEqual(findIssues({ messages: loop, toolConfig }), []);
});
