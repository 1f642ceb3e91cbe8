// Names of tools and documents, and ids of calls.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContentBlockInput } from "../../src/messages/message-input.ts";
import { WireNames } from "../../src/messages/wire-names.ts";
import type { ModelTraits } from "../../src/models/model-traits.ts";
import { assistant, call, document, normalized, result, system, text, user } from "./normalized.ts";

describe("the name of a tool", () => {
  test("is one that is accepted, wherever the tool is named, and leads back", () => {
    const reference = { tool: { name: "mcp.files.read" } };
    const { messages, names, told } = normalized([
      user(text("q")),
      system({ toolAddition: reference }, { toolRemoval: reference }),
      assistant(call("1", "mcp.files.read")),
    ]);
    const sent = messages[2]?.content[0]?.toolUse?.name ?? "";
    assert.match(sent, /^mcp_files_read_[0-9a-f]{8}$/);
    assert.equal(names.toolName("mcp.files.read"), sent);
    assert.deepEqual(messages[1]?.content, [
      { toolAddition: { tool: { name: sent } } },
      { toolRemoval: { tool: { name: sent } } },
    ]);
    assert.equal(names.givenToolName(sent), "mcp.files.read");
    assert.deepEqual(told.slice(0, 3), [
      "messages.1.content.0.toolAddition.tool.name: text-pattern",
      "messages.1.content.1.toolRemoval.tool.name: text-pattern",
      "messages.2.content.0.toolUse.name: text-pattern",
    ]);
  });

  test("is a server's own where a reference says so", () => {
    const name = "mcp.files \ud800".repeat(10);
    const whole = name.toWellFormed();
    const others = [{ serverName: "files" }, { type: "mcp_tool" }];
    const own = [{ type: "tool" }, { type: "custom" }, { type: "tool_reference" }, {}];
    for (const rest of others) {
      const { messages, told, names } = normalized([
        user(text("q")),
        system({ toolAddition: { tool: { name, ...rest } } }),
      ]);
      assert.deepEqual(messages[1]?.content, [
        { toolAddition: { tool: { name: whole, ...rest } } },
      ]);
      assert.deepEqual(told, ["messages.1.content.0.toolAddition.tool: lone-surrogate"]);
      assert.equal(names.isNeeded, false);
    }
    for (const rest of own) {
      const { messages, names } = normalized([
        user(text("q")),
        system({ toolRemoval: { tool: { name: "a.b", ...rest } } }),
      ]);
      const tool = { name: names.toolName("a.b"), ...rest };
      assert.deepEqual(messages[1]?.content, [{ toolRemoval: { tool } }]);
    }
  });

  const reasons: [name: string, traits: ModelTraits, rule: string][] = [
    ["two words", {}, "text-pattern"],
    ["x".repeat(65), {}, "text-length"],
    ["get-weather", { hyphensInToolNames: false }, "tool-name-hyphen"],
  ];
  for (const [name, traits, rule] of reasons) {
    test(`is changed for the reason that is told: ${rule}`, () => {
      const { told } = normalized([user(text("q")), assistant(call("1", name))], traits);
      assert.equal(told[0], `messages.1.content.0.toolUse.name: ${rule}`);
    });
  }
});

test("names and ids that look like others' on the wire are told apart, once and for all", () => {
  const looks = new WireNames({});
  const [name, id] = [looks.toolName("a.b"), looks.toolUseId("1 2")];
  const { messages, told, names } = normalized([
    user(text("q")),
    assistant(call("1 2", "a.b"), call(id, name)),
    user(result(id, "second"), result("1 2", "first")),
  ]);
  const [first, second] = messages[1]?.content.map((block) => block.toolUse) ?? [];
  assert.deepEqual([first?.name, first?.toolUseId], [name, id]);
  assert.notEqual(second?.name, name);
  assert.equal(names.givenToolName(second?.name ?? ""), name);
  assert.equal(names.givenToolUseId(second?.toolUseId ?? ""), id);
  assert.deepEqual(
    messages[2],
    user(result(id, "first"), result(second?.toolUseId ?? "", "second")),
  );
  assert.deepEqual(told, [
    "messages.1.content.0.toolUse.name: text-pattern",
    "messages.1.content.1.toolUse.name: tool-names-duplicate",
    "messages.1.content.0: text-pattern",
    "messages.1.content.1: tool-use-duplicate",
    "messages.2.content.0: tool-results-missing",
  ]);
  assert.deepEqual(normalized(messages).messages, messages);
});

describe("the id of a call", () => {
  test("is one that is accepted, in the call and in its result", () => {
    const { messages, names, told } = normalized([
      user(text("q")),
      assistant(call("call 1")),
      user(result("call 1")),
    ]);
    const id = messages[1]?.content[0]?.toolUse?.toolUseId ?? "";
    assert.match(id, /^call_1_[0-9a-f]{8}$/);
    assert.deepEqual(messages[2], user(result(id)));
    assert.equal(names.givenToolUseId(id), "call 1");
    assert.deepEqual(told, ["messages.1.content.0: text-pattern"]);
  });

  test("has the form that the model wants", () => {
    const history = [user(text("q")), assistant(call("tooluse.1")), user(result("tooluse.1"))];
    const word = normalized(history, { toolUseIds: "word" });
    assert.match(word.messages[1]?.content[0]?.toolUse?.toolUseId ?? "", /^tooluse_1_[0-9a-f]{8}$/);
    const nine = normalized(history, { toolUseIds: "nine" });
    const id = nine.messages[1]?.content[0]?.toolUse?.toolUseId ?? "";
    assert.match(id, /^[a-zA-Z0-9]{9}$/);
    assert.deepEqual(nine.messages[2], user(result(id)));
    assert.deepEqual(nine.told, ["messages.1.content.0: tool-use-id-form"]);
  });

  test("stays readable where a result that answers no call is told as text", () => {
    const { messages } = normalized([user(result("call 1"))], { toolUseIds: "nine" });
    assert.deepEqual(messages[0]?.content[0], text("Result of an earlier tool call (call 1):"));
  });

  test("is its own in its message, before it is made legal", () => {
    const { messages } = normalized([
      user(text("q")),
      assistant(call("a b"), call("a b")),
      user(result("a b", "first"), result("a b", "second")),
    ]);
    const [first, second] = messages[1]?.content.map((block) => block.toolUse?.toolUseId) ?? [];
    assert.notEqual(first, second);
    assert.deepEqual(
      messages[2],
      user(result(first ?? "", "first"), result(second ?? "", "second")),
    );
  });
});

describe("the name of a document", () => {
  const cases: [given: string, kept: string][] = [
    ["Quarterly report (2)[x]_final-1", "Quarterly report (2)[x]_final-1"],
    ["report.pdf", "report"],
    ["report.PDF", "report"],
    ["report.docx", "report-docx"],
    ["v1.2 of a,b", "v1-2 of a-b"],
    ["  two \t\n words  ", "two words"],
    ["Übersicht 🙂", "-bersicht -"],
    ["文書", "document-1"],
    ["--", "--"],
    ["", "document-1"],
    [".pdf", "document-1"],
    ["cut\ud83d", "cut-"],
    ["z".repeat(250), "z".repeat(200)],
    [`${"z".repeat(199)} more`, "z".repeat(199)],
  ];
  for (const [given, kept] of cases) {
    test(`${JSON.stringify(given.slice(0, 20))} (${given.length}) becomes ${kept.slice(0, 20)}`, () => {
      const { messages, told } = normalized([user(text("q"), document(given))]);
      assert.equal(messages[0]?.content[1]?.document?.name, kept);
      const change = "messages.0.content.1.document.name: document-name";
      assert.deepEqual(told, given === kept ? [] : [change]);
    });
  }

  test("is unique in the whole history, whatever its case, results included", () => {
    const nested = (name: string): ContentBlockInput => ({
      toolResult: { toolUseId: "1", content: [document(name) as { document: never }] },
    });
    const { messages } = normalized([
      user(text("q"), document("Report.pdf"), document("report", "docx"), document("")),
      assistant(call("1")),
      user(nested("REPORT"), text("and"), document("report-2")),
    ]);
    assert.deepEqual(
      [
        ...(messages[0]?.content ?? []),
        ...(messages[2]?.content[0]?.toolResult?.content ?? []),
        ...(messages[2]?.content ?? []),
      ].flatMap((block) => block.document?.name ?? []),
      ["Report", "report-2", "document-3", "REPORT-3", "report-2-2"],
    );
  });

  test("never grows past 200 characters, not even by its number", () => {
    const name = "z".repeat(200);
    const { messages } = normalized([user(text("q"), document(name), document(name))]);
    assert.equal(messages[0]?.content[2]?.document?.name, `${"z".repeat(198)}-2`);
  });

  test("is found for a document that has none", () => {
    const nameless = { format: "pdf", source: { bytes: new Uint8Array([1]) } };
    const { messages } = normalized([
      user(text("q"), { document: nameless } as unknown as ContentBlockInput),
    ]);
    assert.equal(messages[0]?.content[1]?.document?.name, "document-1");
  });
});
