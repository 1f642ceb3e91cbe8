// The AWS SDK for JavaScript, with both of its HTTP handlers, reaches the embedded endpoint by
// AWS_ENDPOINT_URL_BEDROCK_RUNTIME alone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  CountTokensCommand,
  ThrottlingException,
} from "@aws-sdk/client-bedrock-runtime";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { type LocalBedrock, type LocalModel, startLocalBedrock } from "../../src/local/index.ts";

const MODEL_ID = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const PROFILE_ARN =
  "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123def456";

/** Nothing of the machine the test runs on may take part. */
const ENVIRONMENT: Record<string, string | undefined> = {
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "example-secret",
  AWS_SESSION_TOKEN: "example-session",
  AWS_REGION: "us-east-1",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_MAX_ATTEMPTS: "1",
  AWS_PROFILE: undefined,
  AWS_BEARER_TOKEN_BEDROCK: undefined,
  AWS_ENDPOINT_URL: undefined,
};

for (const [name, value] of Object.entries(ENVIRONMENT)) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

const HANDLERS: [name: string, httpVersion: string, config: () => BedrockRuntimeClientConfig][] = [
  ["HTTP/2, the default", "2.0", () => ({})],
  ["HTTP/1.1", "1.1", () => ({ requestHandler: new NodeHttpHandler() })],
];

const WEATHER_TOOLS: ConverseCommandInput["toolConfig"] = {
  tools: [
    {
      toolSpec: {
        name: "get_weather",
        description: "Get current weather for a location",
        inputSchema: {
          json: {
            type: "object",
            properties: { location: { type: "string" } },
            required: ["location"],
          },
        },
      },
    },
  ],
};

for (const [handlerName, httpVersion, config] of HANDLERS) {
  describe(`over ${handlerName}`, () => {
    let local: LocalBedrock;
    let client: BedrockRuntimeClient;
    let model: LocalModel | undefined;

    before(async () => {
      local = await startLocalBedrock({ model: (request) => model?.(request) ?? "Hello there." });
      process.env["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = local.url;
      client = new BedrockRuntimeClient(config());
    });

    after(async () => {
      client.destroy();
      await local.close();
    });

    const ask = (text: string): ConverseCommandInput => ({
      modelId: MODEL_ID,
      messages: [{ role: "user", content: [{ text }] }],
    });

    test("Converse answers", async () => {
      model = () => "Hello there.";
      const response = await client.send(new ConverseCommand(ask("Hi")));
      assert.deepEqual(response.output?.message, {
        role: "assistant",
        content: [{ text: "Hello there." }],
      });
      assert.equal(response.stopReason, "end_turn");
      assert.match(response.$metadata.requestId ?? "", /^[\da-f-]{36}$/);
      assert.equal(local.requests.at(-1)?.httpVersion, httpVersion);
    });

    test("an ARN with its colons and slash arrives as it was", async () => {
      await client.send(new ConverseCommand({ ...ask("Hi"), modelId: PROFILE_ARN }));
      assert.equal(local.requests.at(-1)?.modelId, PROFILE_ARN);
    });

    test("bytes arrive as they were", async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      let received: ContentBlock | undefined;
      model = ({ messages }) => {
        received = messages?.[0]?.content[0];
        return "Seen.";
      };
      const content = [{ image: { format: "png" as const, source: { bytes } } }];
      const messages = [{ role: "user" as const, content }];
      await client.send(new ConverseCommand({ modelId: MODEL_ID, messages }));
      assert.deepEqual(received, content[0]);
    });

    test("ConverseStream streams every kind of block", async () => {
      const redactedContent = Uint8Array.of(1, 2, 3);
      model = () => [
        { reasoningContent: { reasoningText: { text: "Let me think.", signature: "signed" } } },
        { reasoningContent: { redactedContent } },
        { text: "Two words" },
        { toolUse: { toolUseId: "tooluse_1", name: "get_weather", input: { location: "Łódź 🌧" } } },
      ];
      const { stream } = await client.send(
        new ConverseStreamCommand({ ...ask("Hi"), toolConfig: WEATHER_TOOLS }),
      );
      const events: ConverseStreamOutput[] = [];
      for await (const event of stream ?? []) events.push(event);
      assert.deepEqual(events[0], { messageStart: { role: "assistant" } });
      const deltas = events.flatMap(({ contentBlockDelta }) => contentBlockDelta ?? []);
      const texts = deltas.filter((event) => event.contentBlockIndex === 2);
      assert.deepEqual(
        texts.map(({ delta }) => delta?.text),
        ["Two", " words"],
      );
      const redacted = deltas.find((event) => event.contentBlockIndex === 1)?.delta;
      assert.deepEqual(redacted?.reasoningContent, { redactedContent });
      const input = deltas.map(({ delta }) => delta?.toolUse?.input ?? "").join("");
      assert.deepEqual(JSON.parse(input), { location: "Łódź 🌧" });
      assert.deepEqual(events.at(-2), { messageStop: { stopReason: "tool_use" } });
      assert.ok((events.at(-1)?.metadata?.usage?.totalTokens ?? 0) > 0);
    });

    test("a model function's ThrottlingException is the SDK's", async () => {
      model = () => {
        throw Object.assign(new Error("slow down"), { name: "ThrottlingException" });
      };
      for (const command of [
        new ConverseCommand(ask("Hi")),
        new ConverseStreamCommand(ask("Hi")),
      ]) {
        await assert.rejects(client.send(command as ConverseCommand), (error: unknown) => {
          assert.ok(error instanceof ThrottlingException);
          assert.equal(error.message, "slow down");
          assert.equal(error.$metadata.httpStatusCode, 429);
          return true;
        });
      }
    });

    test("a request Bedrock refuses is the SDK's ValidationException", async () => {
      await assert.rejects(client.send(new ConverseCommand(ask(" "))), {
        name: "ValidationException",
        message:
          "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.",
      });
    });

    test("CountTokens counts", async () => {
      const { messages } = ask("Hello, how many tokens is this?");
      const counted = await client.send(
        new CountTokensCommand({ modelId: MODEL_ID, input: { converse: { messages } } }),
      );
      assert.ok((counted.inputTokens ?? 0) > 0);
    });
  });
}

test("the simulator goes through a tool loop with the SDK", async (context) => {
  const local = await startLocalBedrock();
  process.env["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = local.url;
  const client = new BedrockRuntimeClient();
  context.after(async () => {
    client.destroy();
    await local.close();
  });
  const messages: ConverseCommandInput["messages"] = [
    { role: "user", content: [{ text: "What's the weather in Tokyo?" }] },
  ];
  const first = await client.send(
    new ConverseCommand({ modelId: MODEL_ID, messages, toolConfig: WEATHER_TOOLS }),
  );
  assert.equal(first.stopReason, "tool_use");
  const call = first.output?.message?.content?.[0]?.toolUse;
  assert.equal(call?.name, "get_weather");
  assert.deepEqual(call?.input, { location: "Tokyo" });
  const result = { toolUseId: call?.toolUseId, content: [{ text: "72°F, sunny" }] };
  const second = await client.send(
    new ConverseCommand({
      modelId: MODEL_ID,
      messages: [
        ...messages,
        ...(first.output?.message === undefined ? [] : [first.output.message]),
        { role: "user", content: [{ toolResult: result }] },
      ],
      toolConfig: WEATHER_TOOLS,
    }),
  );
  assert.deepEqual(second.output?.message?.content, [
    { text: "I looked that up with get_weather: 72°F, sunny." },
  ]);
});
