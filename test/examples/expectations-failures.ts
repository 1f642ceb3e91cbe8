// Expectations of the examples about what goes wrong.

import { type Expectation, type Expectations, SIMULATED } from "./expectation.ts";

export const FAILURES: Expectations = {
  abort: [
    {
      endpoint: { pauseMs: 20 },
      prints: ["(simulated)", "AbortError: The reader has had enough.", "end_turn", SIMULATED],
      requests: 3,
    },
  ],
  faults: [{ prints: [/^# pass 2$/m, /^# fail 0$/m], requests: 0 }],
  "handle-broken-stream": [{ prints: ["1, 2, 3, ", "19, 20"] }],
  "handle-errors": [
    { prints: [SIMULATED] },
    {
      ...failing(
        "ExpiredTokenException",
        "Credentials expired - refresh with dcaf env-update-aws-",
      ),
      // The keys' provider is asked for others once, and the request goes once more.
      requests: 2,
    },
    failing("AccessDeniedException", "Not allowed - check the IAM policy"),
    failing("ResourceNotFoundException", "Model not found - check model id and region"),
    failing("ThrottlingException", "Rate limited, still after 1 attempts"),
    failing("ValidationException", "Invalid request: played by the test"),
    failing("ServiceUnavailableException", "Bedrock is temporarily unavailable"),
    failing("ModelErrorException", "ModelErrorException: played by the test"),
  ],
  "keep-trying": [
    { prints: [SIMULATED] },
    {
      endpoint: { model: failuresBefore(3, "ModelNotReadyException") },
      variables: { AWS_MAX_ATTEMPTS: "1" },
      prints: ["ModelNotReadyException: round 2 in 0 s", "round 4 in 0 s", "At last."],
      requests: 4,
    },
  ],
  "observe-retries": [
    { prints: ["1 attempt(s), 0 ms of waiting", SIMULATED] },
    {
      endpoint: { model: failuresBefore(2, "ServiceUnavailableException") },
      prints: [
        "Bedrock: attempt 1 failed with ServiceUnavailableException",
        "Bedrock: attempt 2 failed with ServiceUnavailableException",
        "3 attempt(s)",
        "At last.",
      ],
      requests: 3,
    },
  ],
  "test-offline": [{ prints: [/^# pass 2$/m, /^# fail 0$/m], requests: 0 }],
};

function failing(name: string, printed: string): Expectation {
  const model = () => {
    throw Object.assign(new Error("played by the test"), { name });
  };
  return {
    endpoint: { model },
    variables: { AWS_MAX_ATTEMPTS: "1" },
    prints: [printed, "Hint: "],
  };
}

/** Fails so often, asking for no pause, and then answers. */
function failuresBefore(count: number, name: string): () => string {
  let left = count;
  return () => {
    left -= 1;
    if (left < 0) return "At last.";
    throw Object.assign(new Error("played by the test"), { name, retryAfterMs: 0 });
  };
}
