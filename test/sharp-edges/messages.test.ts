// Edges 1 to 8: what is said, by whom, and in which order. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  checkRequest,
  type Message,
  type MessageInput,
  normalizeMessages,
  StreamError,
  toolUsesOf,
} from "../../src/index.ts";
import type { LocalModel } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import { beginStream, scriptedServer, textFrames } from "../helpers/scripted-server.ts";
import {
  assistant,
  callOf,
  HAIKU_4_5,
  OPUS_4_7,
  resultOf,
  rulesOf,
  SONNET_4_5,
  startAsking,
  stoppedFor,
  user,
  WEATHER,
} from "./asking.ts";

describe("blank text", () => {
  /** Says white space before it calls a tool, as models do. */
  const model: LocalModel = ({ messages = [] }) =>
    messages.length > 1 ? "sunny" : [{ text: " \n" }, callOf("call_1")];

  test("edge 1: an echoed answer with a blank block goes out without it", async (context) => {
    const { llm, local, ask } = await startAsking(context, { modelId: SONNET_4_5, model });
    const asked = { messages: "Weather?", tools: [WEATHER] };
    const whole = await llm.invoke(asked);
    const streamed = await llm.invokeStream(asked).response();
    for (const { output } of [whole, streamed]) {
      assert.equal(output.message.content.length, 2, "the model did say it");
      const history = [user("Weather?"), output.message, user(resultOf("call_1", "sunny"))];
      const { sent, warnings } = await ask({ messages: history, tools: [WEATHER] });
      assert.deepEqual(sent.messages[1]?.content, [callOf("call_1")]);
      assert.deepEqual(warnings, []);
    }
    assert.ok(local.requests.every(({ status }) => status === 200));
  });

  test("edge 1: blank instructions and blank pieces of a question are dropped, never padded", async (context) => {
    const { ask } = await startAsking(context);
    const { sent } = await ask({
      systemPrompt: ["", { text: "\t" }, "Be brief."],
      messages: [user("  ", "Hello", "\n")],
    });
    assert.deepEqual(sent.system, [{ text: "Be brief." }]);
    assert.deepEqual(sent.messages, [{ role: "user", content: [{ text: "Hello" }] }]);
  });
});

test("edge 2: messages that became empty are left out, and their neighbours are merged", async (context) => {
  const { ask, llm, local } = await startAsking(context);
  const { sent } = await ask({
    messages: [user("First part."), assistant(""), { role: "user", content: [] }, user("Second.")],
  });
  assert.deepEqual(sent.messages, [{ role: "user", content: [{ text: "First part.\nSecond." }] }]);
  await assert.rejects(llm.invoke({ messages: [user(" ")] }), {
    name: "TypeError",
    message: /nothing to send/,
  });
  assert.equal(local.requests.length, 1);
});

test("edge 3: neighbours of one role become one message, tool results first", async (context) => {
  const { ask } = await startAsking(context);
  const { sent } = await ask({
    tools: [WEATHER],
    messages: [
      user("Weather in Oslo?"),
      assistant("Let me look."),
      assistant(callOf("call_1")),
      user("Be quick."),
      user(resultOf("call_1", "sunny")),
    ],
  });
  assert.deepEqual(
    sent.messages.map(({ role }) => role),
    ["user", "assistant", "user"],
  );
  assert.deepEqual(sent.messages[1]?.content, [{ text: "Let me look." }, callOf("call_1")]);
  assert.deepEqual(sent.messages[2]?.content, [resultOf("call_1", "sunny"), { text: "Be quick." }]);
});

test("edge 4: a history that was cut at the front begins with the user all the same", async (context) => {
  const { ask } = await startAsking(context);
  const whole = [
    user("Weather in Oslo?"),
    assistant("Looking.", callOf("call_1")),
    user(resultOf("call_1", "sunny")),
    assistant("It is sunny."),
    user("And tomorrow?"),
  ];
  for (let cut = 1; cut < whole.length; cut++) {
    const { sent } = await ask({ messages: whole.slice(cut), tools: [WEATHER] });
    assert.equal(sent.messages[0]?.role, "user");
    assert.match(JSON.stringify(sent.messages.at(-1)), /And tomorrow/);
  }
  const { sent: withoutQuestion } = await ask({ messages: whole.slice(1), tools: [WEATHER] });
  const [opening] = withoutQuestion.messages[0]?.content ?? [];
  assert.match(opening?.text ?? "", /beginning of this conversation is not shown/);
  const { sent: withoutCall } = await ask({ messages: whole.slice(2), tools: [WEATHER] });
  assert.match(JSON.stringify(withoutCall.messages[0]), /"text":"sunny"/, "nothing is lost");
});

describe("words put into the assistant's mouth", () => {
  test("edge 5: half an answer at the end is not sent to a model that takes no prefill", async (context) => {
    const broken = await scriptedServer(context, (_, response) => {
      beginStream(response);
      response.end(Buffer.concat(textFrames(["Once ", "upon"]).slice(0, 3)));
    });
    const history: MessageInput[] = [user("Tell me a story.")];
    const stream = testClient(context, broken.url).invokeStream({ messages: history });
    const error = await stream.response().catch((thrown: unknown) => thrown);
    assert.ok(error instanceof StreamError && error.partial !== undefined);
    history.push(error.partial.output.message);

    const asking = await startAsking(context, { modelId: OPUS_4_7 });
    assert.deepEqual(await stoppedFor(asking, { messages: history }), [
      ["messages.1.role", "prefill-refused"],
    ]);
    const explained = asking.llm.explainRequest({ messages: history });
    assert.match(explained.issues[0]?.repair ?? "", /end with a message of the user/);
    const { sent } = await asking.ask({ messages: [...history, user("Go on.")] });
    assert.equal(sent.messages.length, 3);
  });

  test("edge 5: a model that takes prefill gets it", async (context) => {
    const { ask } = await startAsking(context, { modelId: HAIKU_4_5 });
    const { sent } = await ask({ messages: [user("A story!"), assistant("Once upon")] });
    assert.deepEqual(sent.messages[1], { role: "assistant", content: [{ text: "Once upon" }] });
  });

  test("edge 6: white space at the end of a prefill is trimmed, elsewhere it stays", async (context) => {
    const { ask } = await startAsking(context, { modelId: HAIKU_4_5 });
    const { sent, warnings } = await ask({
      messages: [user("JSON, please."), assistant("Sure. \n"), user("Now. "), assistant("{ \n")],
    });
    const texts = sent.messages.map(({ content }) => content[0]?.text);
    assert.deepEqual(texts, ["JSON, please.", "Sure. \n", "Now. ", "{"]);
    assert.deepEqual(warnings, []);
  });
});

test("edge 7: half a character left by a cut becomes U+FFFD wherever it stands", async (context) => {
  const { ask } = await startAsking(context);
  const cut = "weather: 🌧".slice(0, -1);
  assert.ok(!cut.isWellFormed());
  const { sent } = await ask({
    systemPrompt: cut,
    tools: [{ ...WEATHER, description: cut }],
    messages: [
      user(cut),
      assistant(callOf("call_1", "get_weather", { city: cut })),
      user({ toolResult: { toolUseId: "call_1", content: [{ json: { [cut]: cut } }, cut] } }),
    ],
  });
  const found = JSON.stringify(sent).match(/weather: \uFFFD/g);
  assert.equal(found?.length, 7);
  assert.ok(JSON.stringify(sent).isWellFormed());
});

test("edge 8: a poisoned history, kept as JSON, does no harm in any later turn", async (context) => {
  const { llm, local } = await startAsking(context, {
    modelId: SONNET_4_5,
    model: () => [{ text: "  " }, { text: "Noted." }],
  });
  // A name no tool has, a call nobody answered, a result of no call, blank and missing words.
  let saved = JSON.stringify([
    { role: "assistant", content: "" },
    { role: "user", content: [{ text: "Read the file." }, { text: "" }] },
    {
      role: "assistant",
      content: [
        { text: "\n" },
        { toolUse: { toolUseId: "functions.$READ:0", name: "$READFILE", input: '{"path":"a' } },
        { toolUse: { toolUseId: "call 2", name: "get_weather", input: {} } },
      ],
    },
    { role: "user", content: [{ toolResult: { toolUseId: "gone", content: [] } }] },
    { role: "user", content: [{ toolResult: { toolUseId: "call 2", content: [{ text: "" }] } }] },
  ]);
  for (const question of ["Well?", "And now?", "Still there?"]) {
    const history = JSON.parse(saved) as MessageInput[];
    history.push(user(question));
    assert.ok(checkRequest({ messages: history as Message[] }).length > 0);
    assert.deepEqual(checkRequest({ messages: normalizeMessages(history) }), []);
    const response = await llm.invoke({ messages: history, tools: [WEATHER] });
    assert.deepEqual(rulesOf(response.$metadata?.warnings), []);
    assert.equal(toolUsesOf(response).length, 0);
    saved = JSON.stringify([...history, response.output.message]);
  }
  const bodies = local.requests.map(({ body, status }) => {
    assert.equal(status, 200);
    return (body as { messages: object[] }).messages;
  });
  assert.deepEqual(
    bodies.map((messages) => messages.length),
    [3, 5, 7],
  );
  // What went out before goes out the same again, so a cached prompt stays one.
  for (const messages of bodies) assert.deepEqual(messages.slice(0, 2), bodies[0]?.slice(0, 2));
});
