// Expectations of the examples about asking and being answered.

import assert from "node:assert/strict";
import { bodyOf, contentOf, type Expectations, SIMULATED } from "./expectation.ts";

export const CONVERSATIONS: Expectations = {
  "application-profile": [
    {
      prints: ["Rome", "warnings: 1"],
      check: (requests) => {
        assert.equal(bodyOf(requests).inferenceConfig?.temperature, undefined);
        assert.match(requests[0]?.modelId ?? "", /application-inference-profile/);
      },
    },
  ],
  "check-request": [
    {
      prints: [
        /^inferenceConfig\.temperature: .* \(number-range\)$/m,
        /^messages\.2\.content: .*t1 \(tool-results-missing\)$/m,
        /^0 issues after repair$/m,
      ],
      requests: 0,
    },
  ],
  "fit-to-model": [
    {
      prints: [
        /^inferenceConfig\.temperature: .* \(sampling-refused\)$/m,
        "sent as converse\n",
        /^tool: weather_now_[0-9a-f]{8}$/m,
        /^repair: toolConfig: /m,
      ],
    },
  ],
  "prompt-caching": [
    {
      prints: [
        /^written: [1-9]\d*, read: 0$/m,
        /^written: \d+, read: [1-9]\d*$/m,
        /^Hit\. /m,
        /^Miss\. .*system\.0\.text/m,
      ],
      requests: 2,
    },
  ],
  document: [
    {
      prints: ["document attached"],
      check: (requests) => {
        const { document } = contentOf(requests)[1] ?? {};
        const bytes = document?.source.bytes as unknown as string;
        assert.equal(document?.name, "quarter-3");
        assert.match(Buffer.from(bytes, "base64").toString(), /^# Quarter 3/);
      },
    },
  ],
  "empty-responses": [
    { prints: [SIMULATED] },
    {
      endpoint: { model: () => ({ content: [], stopReason: "content_filtered" }) },
      prints: ["No text in the answer: content_filtered"],
    },
  ],
  image: [
    {
      prints: ["image attached"],
      check: (requests) => {
        const { image } = contentOf(requests)[0] ?? {};
        assert.equal(image?.format, "png");
        assert.match(image?.source.bytes as unknown as string, /^iVBORw0KGgo/);
      },
    },
  ],
  "inference-parameters": [
    {
      prints: [SIMULATED, "stopped by: end_turn"],
      check: (requests) => {
        const { inferenceConfig, additionalModelRequestFields } = bodyOf(requests);
        assert.deepEqual(inferenceConfig, {
          maxTokens: 1000,
          temperature: 0.8,
          topP: 0.9,
          stopSequences: ["THE END"],
        });
        assert.deepEqual(additionalModelRequestFields, { inferenceConfig: { topK: 50 } });
      },
    },
  ],
  invoke: [{ prints: [/^The capital of France is Paris\.\ntrue$/m] }],
  "monitor-usage": [
    {
      prints: [
        /^Input tokens: \d+$/m,
        /^Output tokens: \d+$/m,
        "Read from the cache: 0",
        /^Latency: \d+ ms$/m,
        /^Request id: [0-9a-f-]{36}$/m,
      ],
    },
  ],
  "multi-turn": [
    {
      prints: ["Alice", "Alice"],
      requests: 2,
      check: (requests) =>
        assert.deepEqual(
          requests.map((_, index) => bodyOf(requests, index).messages?.map(({ role }) => role)),
          [
            ["user", "assistant", "user"],
            ["user", "assistant", "user", "assistant", "user"],
          ],
        ),
    },
  ],
  "normalize-messages": [
    {
      prints: ['[{"role":"user","content":[{"text":"Hello\\nHow are you?"}]}]', "still 3 messages"],
      check: (requests) =>
        assert.deepEqual(bodyOf(requests).messages, [
          { role: "user", content: [{ text: "Hello\nHow are you?" }] },
        ]),
    },
  ],
  "route-by-task": [
    {
      prints: [SIMULATED],
      requests: 2,
      check: (requests) => {
        assert.equal(bodyOf(requests).inferenceConfig?.maxTokens, 10);
        assert.deepEqual(bodyOf(requests, 1).system, [
          { text: "You are an expert for Kubernetes." },
        ]);
      },
    },
  ],
  "set-limits": [
    {
      prints: [/^cut off: .+ …$/m, "Yes.", SIMULATED],
      requests: 3,
      check: (requests) =>
        assert.deepEqual(
          requests.map((_, index) => bodyOf(requests, index).inferenceConfig),
          [
            { maxTokens: 10, temperature: 0 },
            { maxTokens: 500, temperature: 0.8 },
            { maxTokens: 5 },
          ],
        ),
    },
  ],
  "structured-system-prompt": [
    {
      prints: [SIMULATED],
      check: (requests) =>
        assert.match(bodyOf(requests).system?.[0]?.text ?? "", /^\nRole: .*\n\nGuidelines:\n- /),
    },
  ],
  "system-prompt": [
    {
      prints: [SIMULATED],
      check: (requests) =>
        assert.match(bodyOf(requests).system?.[0]?.text ?? "", /^You teach physics/),
    },
  ],
};
