// What calls and results carry, and how models differ in reading it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Message } from "../../src/core/content.ts";
import { assistant, call, IMAGE, normalized, POINT, result, text, user } from "./normalized.ts";

describe("the input of a call", () => {
  const cases: [given: unknown, kept: unknown, told: string[]][] = [
    [{ city: "Rome" }, { city: "Rome" }, []],
    [undefined, {}, ["messages.1.content.0.toolUse.input: tool-input-object"]],
    ["", {}, ["messages.1.content.0.toolUse.input: tool-input-object"]],
    ['{"city', { value: '{"city' }, ["messages.1.content.0.toolUse.input: tool-input-object"]],
    [' {"a":1}', { a: 1 }, ["messages.1.content.0.toolUse.input: tool-input-object"]],
    ["[1]", { value: "[1]" }, ["messages.1.content.0.toolUse.input: tool-input-object"]],
    [[1], { value: [1] }, ["messages.1.content.0.toolUse.input: tool-input-object"]],
    [
      new Date(0),
      { value: "1970-01-01T00:00:00.000Z" },
      ["messages.1.content.0.toolUse.input: tool-input-object"],
    ],
    [null, { value: null }, ["messages.1.content.0.toolUse.input: tool-input-object"]],
  ];
  for (const [given, kept, told] of cases) {
    test(`${JSON.stringify(given)} is sent as ${JSON.stringify(kept)}`, () => {
      const toolUse = { toolUseId: "1", name: "f", input: given };
      const sent = normalized([user(text("q")), assistant({ toolUse }), user(result("1"))]);
      assert.deepEqual(sent.messages[1]?.content[0]?.toolUse?.input, kept);
      assert.deepEqual(sent.told, told);
    });
  }
});

describe("the JSON of a result", () => {
  const cases: [given: unknown, kept: object, isChanged: boolean][] = [
    [{ a: 1 }, { json: { a: 1 } }, false],
    [[1], { json: { result: [1] } }, true],
    [new URL("https://a.b/c"), { json: { result: "https://a.b/c" } }, true],
    [null, { json: { result: null } }, true],
    [{ __type: "x" }, { json: { __type: "x" } }, false],
    [{ a: { __type: "x" } }, { text: '{"a":{"__type":"x"}}' }, true],
    [{ a: [[{ __type: "x" }]] }, { text: '{"a":[[{"__type":"x"}]]}' }, true],
    [[{ __type: "x" }], { text: '{"result":[{"__type":"x"}]}' }, true],
  ];
  for (const [given, kept, isChanged] of cases) {
    test(`${JSON.stringify(given)} is sent as ${JSON.stringify(kept)}`, () => {
      const toolResult = { toolUseId: "1", content: { json: given } };
      const sent = normalized([user(text("q")), assistant(call("1")), user({ toolResult })]);
      assert.deepEqual(sent.messages[2]?.content[0]?.toolResult?.content, [kept]);
      const path = "messages.2.content.0.toolResult.content.0.json";
      assert.deepEqual(
        new Set(sent.told),
        new Set(isChanged ? [`${path}: tool-result-json-object`] : []),
      );
    });
  }

  test("that JSON has no form for is refused with its place", () => {
    for (const json of [() => 1, Symbol("s"), 1n]) {
      const toolResult = { toolUseId: "1", content: [{ text: "a" }, { json }] };
      assert.throws(
        () => normalized([user(text("q")), assistant(call("1")), user({ toolResult })]),
        {
          name: "TypeError",
          message: `messages.2.content.0.toolResult.content.1.json must be JSON; got a ${typeof json}.`,
        },
      );
    }
  });

  test("that came to nothing is the output of a tool that said nothing", () => {
    const toolResult = { toolUseId: "1", content: [{ json: undefined }] };
    const { messages } = normalized([user(text("q")), assistant(call("1")), user({ toolResult })]);
    assert.deepEqual(messages[2]?.content[0]?.toolResult?.content, [{ text: "(no output)" }]);
  });

  test("may stand beside a member that is undefined, and may be one", () => {
    const toolResult = { toolUseId: "1", content: [{ json: undefined, text: "sunny" }] };
    const { messages } = normalized([user(text("q")), assistant(call("1")), user({ toolResult })]);
    assert.equal(messages[2]?.content[0]?.toolResult?.content[0]?.text, "sunny");
  });
});

test("a result without content says that it says nothing", () => {
  const toolResult = { toolUseId: "1", content: undefined };
  const { messages, told } = normalized([
    user(text("q")),
    assistant(call("1")),
    user({ toolResult }),
  ]);
  assert.deepEqual(messages[2], user(result("1", "(no output)")));
  assert.deepEqual(told, ["messages.2.content.0.toolResult.content: text-blank"]);
});

describe("a model that reads no status", () => {
  const history = (content: object[], status?: string): Message[] => [
    user(text("q")),
    assistant(call("1")),
    user({ toolResult: { toolUseId: "1", content, ...(status && { status }) } } as never),
  ];
  const cases: [title: string, status: string | undefined, given: object[], kept: object[]][] = [
    ["of success", "success", [{ text: "a" }], [{ text: "a" }]],
    ["of failure", "error", [{ text: "a" }, { text: "b" }], [{ text: "Error: a" }, { text: "b" }]],
    ["of failure that says so", "error", [{ text: "Error: a" }], [{ text: "Error: a" }]],
    [
      "of failure without a text",
      "error",
      [{ json: { code: 7 } }],
      [{ text: "Error: the tool failed." }, { json: { code: 7 } }],
    ],
    ["of failure without a word", "error", [], [{ text: "Error: (no output)" }]],
  ];
  for (const [title, status, given, kept] of cases) {
    test(`is told ${title} in words`, () => {
      const { messages, told } = normalized(history(given, status), { toolResultStatus: false });
      assert.deepEqual(messages[2], history(kept)[2]);
      assert.equal(told.at(-1), "messages.2.content.0.toolResult.status: tool-result-status");
    });
  }

  test("is told of a call without a result in words, too", () => {
    const { messages } = normalized([user(text("q")), assistant(call("1"))], {
      toolResultStatus: false,
    });
    const said = "Error: No result: this call was never completed.";
    assert.deepEqual(messages[2], user(result("1", said)));
  });
});

describe("a model that reads nothing beside results", () => {
  const traits = { toolResultsAlone: true };

  test("gets the rest in a turn of its own", () => {
    const { messages, told } = normalized(
      [user(text("q")), assistant(call("1")), user(text("and?"), result("1"), IMAGE)],
      traits,
    );
    assert.deepEqual(messages.slice(2), [
      user(result("1")),
      assistant(text("(The results are in.)")),
      user(text("and?"), IMAGE),
    ]);
    assert.ok(told.includes("messages.2.content.0: tool-results-alone"));
  });

  test("gets a cache point elsewhere", () => {
    const { messages } = normalized(
      [user(text("q")), assistant(call("1")), user(result("1"), POINT)],
      traits,
    );
    assert.deepEqual(messages, [user(text("q")), assistant(call("1"), POINT), user(result("1"))]);
  });
});

describe("a call the provider ran itself", () => {
  const serverCall = (toolUseId: string) =>
    ({
      toolUse: { toolUseId, name: "nova_grounding", input: {}, type: "server_tool_use" },
    }) as const;

  test("stays with its result, whatever id they have", () => {
    const { messages } = normalized([
      user(text("q")),
      assistant(serverCall("a b"), result("a b"), text("found")),
    ]);
    const [use, found] = messages[1]?.content ?? [];
    assert.match(use?.toolUse?.toolUseId ?? "", /^a_b_[0-9a-f]{8}$/);
    assert.equal(found?.toolResult?.toolUseId, use?.toolUse?.toolUseId);
  });

  test("stays with its result when a result of the caller's stands between", () => {
    const { messages } = normalized([
      user(text("q")),
      assistant(call("1"), serverCall("s"), result("1"), result("s"), text("done")),
    ]);
    assert.deepEqual(messages, [
      user(text("q")),
      assistant(call("1"), serverCall("s"), result("s")),
      user(result("1")),
      assistant(text("done")),
    ]);
  });

  test("keeps its id, and a call of the caller's gets another", () => {
    const { messages } = normalized([
      user(text("q")),
      assistant(serverCall("1"), result("1", "found"), call("1")),
      user(result("1")),
    ]);
    assert.deepEqual(messages, [
      user(text("q")),
      assistant(serverCall("1"), result("1", "found"), call("1-2")),
      user(result("1-2")),
    ]);
  });

  test("is told by the type of its result, too", () => {
    const found = { toolResult: { toolUseId: "x", content: [{ text: "y" }], type: "found" } };
    const { messages } = normalized([user(text("q")), assistant(found, text("done"))]);
    assert.deepEqual(messages[1], assistant(found, text("done")));
  });
});
