// Edges 65 to 67: what a guardrail did, and where it tells. See docs/sharp-edges.md.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type ConverseBody,
  type ConverseStreamEvent,
  type ConverseTrace,
  textOf,
} from "../../src/index.ts";
import type { LocalModel } from "../../src/local/index.ts";
import { testClient } from "../helpers/client.ts";
import { answerJson, scriptedServer } from "../helpers/scripted-server.ts";
import { startAsking, user } from "./asking.ts";

const GUARDRAIL = {
  guardrailIdentifier: "abc123",
  guardrailVersion: "1",
  trace: "enabled",
} as const;

/** Masks a name, which counts as an intervention. */
const TRACE: ConverseTrace = {
  guardrail: {
    actionReason: "Guardrail masked.",
    outputAssessments: {
      abc123: [
        {
          sensitiveInformationPolicy: {
            piiEntities: [{ action: "ANONYMIZED", match: "Ada", type: "NAME" }],
            regexes: [],
          },
        },
      ],
    },
  },
};

const masking: LocalModel = () => ({
  content: "Dear {NAME}, thank you.",
  stopReason: "guardrail_intervened",
  trace: TRACE,
});

describe("a guardrail that intervened", () => {
  test("edge 65: leaves the masked text in place, whole or streamed, with the trace beside it", async (context) => {
    const { llm } = await startAsking(context, { model: masking });
    const asked = { messages: "Thank Ada.", guardrailConfig: GUARDRAIL };
    const stream = llm.invokeStream(asked);
    const events: ConverseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    assert.deepEqual(events.at(-1)?.metadata?.trace, TRACE, "it comes after all of the text");
    for (const response of [await llm.invoke(asked), await stream.response()]) {
      assert.equal(response.stopReason, "guardrail_intervened");
      assert.equal(textOf(response), "Dear {NAME}, thank you.");
      assert.deepEqual(response.trace, TRACE);
    }
  });

  test("edge 65: and stopped the request before any answer gives an empty message, no error", async (context) => {
    const server = await scriptedServer(context, (_, response) =>
      answerJson(response, "", { output: undefined, stopReason: "guardrail_intervened" }),
    );
    const llm = testClient(context, server.url);
    const response = await llm.invoke({ messages: "hi", guardrailConfig: GUARDRAIL });
    assert.equal(response.stopReason, "guardrail_intervened");
    assert.deepEqual(response.output.message, { role: "assistant", content: [] });
  });
});

test("edge 66: guarded text that is blank is dropped; what grounding needs is the caller's", async (context) => {
  const { ask } = await startAsking(context);
  const guarded = (text: string, ...qualifiers: string[]) => ({
    guardContent: { text: { text, ...(qualifiers.length === 0 ? {} : { qualifiers }) } },
  });
  const source = guarded("Oslo is in Norway.", "grounding_source");
  const { sent } = await ask({
    guardrailConfig: GUARDRAIL,
    systemPrompt: ["Be brief.", guarded("")],
    messages: [user("Where is Oslo?", guarded(" \n", "query"), source)],
  });
  assert.deepEqual(sent.messages[0]?.content, [{ text: "Where is Oslo?" }, source]);
  assert.deepEqual(sent.system, [{ text: "Be brief." }]);
});

test("edge 67: streamProcessingMode goes with a stream, whose text is delivered as it comes", async (context) => {
  const { llm, local, ask } = await startAsking(context, { model: masking });
  const guardrailConfig = { ...GUARDRAIL, streamProcessingMode: "async" } as const;
  const stream = llm.invokeStream({ messages: "Thank Ada.", guardrailConfig });
  let heard = "";
  for await (const text of stream.text()) heard += text;
  const streamed = local.requests.at(-1)?.body as ConverseBody;
  assert.deepEqual(streamed.guardrailConfig, guardrailConfig);
  assert.equal((await stream.response()).stopReason, "guardrail_intervened");
  assert.equal(heard, "Dear {NAME}, thank you.");
  const { sent } = await ask({ messages: "Thank Ada.", guardrailConfig });
  assert.deepEqual(sent.guardrailConfig, GUARDRAIL, "a whole answer has no use for it");
});
