import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type LocalBedrock, startLocalBedrock } from "../../src/local/index.ts";
import { call, faultOf, HELLO, jsonOf } from "./local-client.ts";

const path = "/model/any.model/count-tokens";

let local: LocalBedrock;
before(async () => {
  local = await startLocalBedrock();
});
after(() => local.close());

test("a conversation has a number of tokens that grows with it", async () => {
  const count = async (converse: unknown) => {
    const answer = await call({ url: local.url, path, body: { input: { converse } } });
    assert.equal(answer.status, 200);
    return Number(jsonOf(answer)["inputTokens"]);
  };
  const short = await count(HELLO);
  assert.ok(short > 0);
  assert.equal(await count(HELLO), short);
  assert.ok((await count({ ...HELLO, system: [{ text: "Be brief, and kind." }] })) > short);
  const image = { image: { format: "png", source: { bytes: "A".repeat(400_000) } } };
  const withImage = await count({
    messages: [{ role: "user", content: [{ text: "Hello" }, image] }],
  });
  assert.ok(withImage > short && withImage < 5_000, String(withImage));
});

test("the body of another interface is counted by its text", async () => {
  const body = Buffer.from(JSON.stringify({ prompt: "Hello there" })).toString("base64");
  const answer = await call({ url: local.url, path, body: { input: { invokeModel: { body } } } });
  assert.deepEqual(jsonOf(answer), { inputTokens: 6 });
});

test("what Converse would refuse is not counted", async () => {
  const converse = { messages: [{ role: "user", content: [] }] };
  const answer = await call({ url: local.url, path, body: { input: { converse } } });
  assert.deepEqual(faultOf(answer).slice(0, 2), [400, "ValidationException"]);
});

test("an input of neither kind is refused", async () => {
  for (const input of [undefined, {}, { converse: 1 }, { invokeModel: {} }]) {
    const answer = await call({ url: local.url, path, body: { input } });
    assert.deepEqual(faultOf(answer), [
      400,
      "ValidationException",
      "CountTokensInput object at input must set one of the following keys: invokeModel, converse.",
    ]);
  }
});
