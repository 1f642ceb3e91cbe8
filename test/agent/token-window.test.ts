// The ready-made policy: the history stays within its window, is cut where it may be, and says so.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Agent, type Message, type TokenUsage, tokenWindow } from "../../src/index.ts";
import { issuesOf } from "../helpers/history.ts";
import { scriptedLLM } from "../helpers/scripted-llm.ts";

const { signal } = new AbortController();
const base = {
  turn: 1,
  usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0 },
  context: undefined,
};

async function prepare(
  options: Parameters<typeof tokenWindow>[0],
  messages: readonly Message[],
  lastUsage?: TokenUsage,
): Promise<readonly Message[]> {
  return (await tokenWindow(options)({ ...base, signal, lastUsage, messages })) ?? messages;
}

/** A question, and so many calls with results, each of about `size` characters. */
function history(turns: number, size: number): Message[] {
  const messages: Message[] = [{ role: "user", content: [{ text: "The task." }] }];
  for (let turn = 0; turn < turns; turn++) {
    const toolUse = { toolUseId: `t${turn}`, name: "read", input: { turn } };
    const content = [{ text: "x".repeat(size + 1) }];
    messages.push({ role: "assistant", content: [{ toolUse }] });
    messages.push({ role: "user", content: [{ toolResult: { toolUseId: `t${turn}`, content } }] });
  }
  return messages;
}

test("a history within the window is left alone", async () => {
  const messages = history(5, 100);
  assert.equal(await prepare({ maxTokens: 10_000 }, messages), messages);
});

test("one beyond it keeps its first message, a note, and its last turns", async () => {
  const messages = history(20, 300);
  const kept = await prepare({ maxTokens: 1_000 }, messages);
  assert.deepEqual(kept[0]?.content, [
    { text: "The task." },
    { text: "[Earlier messages were left out here.]" },
  ]);
  assert.equal(kept[1]?.role, "assistant");
  assert.deepEqual(kept.slice(1), messages.slice(messages.length - (kept.length - 1)));
  assert.ok(kept.length > 3 && kept.length < messages.length / 2, `${kept.length}`);
  assert.deepEqual(issuesOf(kept), []);
});

test("wherever it cuts any history, what is left is legal and ends as before", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 12 }),
      fc.nat({ max: 400 }),
      fc.integer({ min: 1, max: 3_000 }),
      fc.boolean(),
      async (turns, size, maxTokens, isAsked) => {
        const messages = history(turns, size);
        if (isAsked) {
          messages.push({ role: "assistant", content: [{ text: "So." }] });
          messages.push({ role: "user", content: [{ text: "And?" }] });
        }
        const kept = await prepare({ maxTokens }, messages);
        assert.deepEqual(issuesOf(kept), []);
        if (messages.length > 1) assert.equal(kept.at(-1), messages.at(-1));
        assert.equal(kept[0]?.content[0]?.text, "The task.");
        assert.deepEqual(await prepare({ maxTokens }, messages), kept);
      },
    ),
  );
});

test("what the service counted is believed more than an estimate", async () => {
  const messages = history(20, 30);
  const lastUsage = {
    inputTokens: 10,
    outputTokens: 10,
    totalTokens: 20_000,
    cacheReadInputTokens: 19_980,
  };
  assert.equal((await prepare({ maxTokens: 10_000 }, messages)).length, messages.length);
  const kept = await prepare({ maxTokens: 10_000 }, messages, lastUsage);
  assert.ok(kept.length < messages.length / 2, `${kept.length}`);
});

test("media weigh, their bytes do not", async () => {
  const image = { image: { format: "png" as const, source: { bytes: new Uint8Array(1_000_000) } } };
  const messages: Message[] = [
    ...history(3, 10),
    { role: "assistant", content: [{ text: "Show me." }] },
    { role: "user", content: [image] },
  ];
  assert.equal((await prepare({ maxTokens: 3_000 }, messages)).length, messages.length);
  assert.ok((await prepare({ maxTokens: 1_000 }, messages)).length < messages.length);
});

test("a summary stands where messages were, and later ones are made from it", async () => {
  const summarized: string[] = [];
  const options = {
    maxTokens: 1_000,
    summarize: (messages: readonly Message[]) => {
      summarized.push(JSON.stringify(messages));
      return `Summary ${summarized.length}.`;
    },
  };
  const first = await prepare(options, history(20, 300));
  assert.match(first[0]?.content[1]?.text ?? "", /left out here\. What they said: Summary 1\.\]$/);
  const second = await prepare(options, [...first, ...history(20, 300).slice(1)]);
  assert.equal(second[0]?.content.length, 2);
  assert.match(second[0]?.content[1]?.text ?? "", /Summary 2\./);
  assert.match(summarized[1] ?? "", /Summary 1\./);
});

test("in a run it keeps a long one going, and calls with their results", async () => {
  const llm = scriptedLLM(({ messages }, index) => {
    assert.deepEqual(issuesOf(messages as Message[]), []);
    assert.ok(JSON.stringify(messages).length < 12_000);
    return index < 40 ? [{ id: `t${index}`, name: "read", input: {} }] : "Done.";
  });
  const agent = new Agent({
    llm,
    tools: [{ name: "read", description: "Read.", inputSchema: { type: "object" } }],
    toolFunctions: { read: () => "x".repeat(1_000) },
    maxTurns: 100,
    prepareTurn: tokenWindow({ maxTokens: 2_000 }),
  });
  const result = await agent.run("The task.");
  assert.equal(result.text, "Done.");
  assert.equal(result.toolCalls.length, 40);
  assert.deepEqual(issuesOf(result.messages), []);
});
