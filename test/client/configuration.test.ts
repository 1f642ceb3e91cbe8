// Where each value comes from, first match first: option, environment, profile, default.

import assert from "node:assert/strict";
import { Agent as HttpsAgent } from "node:https";
import { describe, type TestContext, test } from "node:test";
import { type BedrockLLMOptions, readClientOptions } from "../../src/client/client-options.ts";
import { openConnection } from "../../src/client/connection.ts";
import { testClient } from "../helpers/client.ts";
import { answerJson, scriptedServer } from "../helpers/scripted-server.ts";
import { temporaryHome } from "../helpers/temporary-home.ts";

interface Given {
  readonly options?: BedrockLLMOptions;
  readonly environment?: Record<string, string>;
  readonly config?: string;
}

async function connect(context: TestContext, { options = {}, environment = {}, config }: Given) {
  const home = temporaryHome(context, config === undefined ? {} : { config });
  const connection = await openConnection(readClientOptions(options, { ...home, ...environment }));
  context.after(() => connection.close());
  return connection;
}

async function hostOf(context: TestContext, given: Given): Promise<string> {
  return (await connect(context, given)).transport.endpoint.host;
}

function timeoutsOf(options: BedrockLLMOptions, environment: Record<string, string> = {}) {
  return readClientOptions(options, environment).timeouts;
}

describe("region", () => {
  const config = "[default]\nregion = eu-west-1\n";
  for (const [title, given, region] of [
    [
      "the option",
      { options: { region: "ap-south-1" }, environment: { AWS_REGION: "x-y-1" }, config },
      "ap-south-1",
    ],
    [
      "AWS_REGION",
      { environment: { AWS_REGION: "us-west-2", AWS_DEFAULT_REGION: "ca-central-1" }, config },
      "us-west-2",
    ],
    [
      "AWS_DEFAULT_REGION",
      { environment: { AWS_DEFAULT_REGION: "ca-central-1" }, config },
      "ca-central-1",
    ],
    [
      "the profile, an empty variable counting as unset",
      { environment: { AWS_REGION: "" }, config },
      "eu-west-1",
    ],
    ["the default", {}, "us-east-1"],
  ] as const) {
    test(`comes from ${title}`, async (context) => {
      assert.equal(await hostOf(context, given), `bedrock-runtime.${region}.amazonaws.com`);
    });
  }
});

describe("endpoint", () => {
  const config =
    "[default]\nendpoint_url = https://profile.example\n[profile fips]\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n";
  const variables = {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: "https://runtime.example",
    AWS_ENDPOINT_URL: "https://all.example",
  };
  for (const [title, given, host] of [
    [
      "the option",
      { options: { endpoint: "https://option.example:1" }, environment: variables },
      "option.example:1",
    ],
    [
      "the option as a URL",
      { options: { endpoint: new URL("https://url.example") }, environment: variables },
      "url.example",
    ],
    ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", { environment: variables, config }, "runtime.example"],
    [
      "AWS_ENDPOINT_URL",
      { environment: { AWS_ENDPOINT_URL: variables.AWS_ENDPOINT_URL }, config },
      "all.example",
    ],
    ["the profile", { config }, "profile.example"],
    [
      "the region when configured ones are to be ignored",
      { environment: { ...variables, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }, config },
      "bedrock-runtime.us-east-1.amazonaws.com",
    ],
    [
      "the FIPS option",
      { options: { useFipsEndpoint: true } },
      "bedrock-runtime-fips.us-east-1.amazonaws.com",
    ],
    [
      "the dual-stack variable",
      { environment: { AWS_USE_DUALSTACK_ENDPOINT: "true" } },
      "bedrock-runtime.us-east-1.api.aws",
    ],
    [
      "both flags of a profile",
      { environment: { AWS_PROFILE: "fips" }, config },
      "bedrock-runtime-fips.us-east-1.api.aws",
    ],
    [
      "an option that switches the variable off",
      { options: { useFipsEndpoint: false }, environment: { AWS_USE_FIPS_ENDPOINT: "true" } },
      "bedrock-runtime.us-east-1.amazonaws.com",
    ],
    [
      "a region of China",
      { options: { region: "cn-north-1" } },
      "bedrock-runtime.cn-north-1.amazonaws.com.cn",
    ],
  ] as const) {
    test(`comes from ${title}`, async (context) => {
      assert.equal(await hostOf(context, given), host);
    });
  }
});

describe("attempts and mode", () => {
  const config = "[default]\nmax_attempts = 7\nretry_mode = adaptive\n";
  for (const [title, given, expected] of [
    ["the option", { options: { retry: { maxAttempts: 2, mode: "off" } }, config }, [2, "off"]],
    [
      "AWS_MAX_ATTEMPTS, all of them",
      {
        environment: { AWS_MAX_ATTEMPTS: "5", BOTO3_MAX_ATTEMPTS: "9", AWS_RETRY_MODE: "standard" },
        config,
      },
      [5, "standard"],
    ],
    [
      "BOTO3_MAX_ATTEMPTS, which counts the tries after the first",
      { environment: { BOTO3_MAX_ATTEMPTS: "3", BOTO3_RETRY_MODE: "legacy" } },
      [4, "standard"],
    ],
    ["the profile", { config }, [7, "adaptive"]],
    ["the defaults", {}, [3, "standard"]],
  ] as const) {
    test(`come from ${title}`, async (context) => {
      const { retry } = await connect(context, given);
      assert.deepEqual([retry.maxAttempts, retry.mode], expected);
    });
  }
});

describe("timeouts", () => {
  test("have defaults", () => {
    assert.deepEqual(timeoutsOf({}), {
      connectMs: 10_000,
      firstEventMs: 120_000,
      idleMs: 120_000,
      responseMs: 600_000,
      callersMs: 0,
      credentialsMs: 10_000,
    });
  });

  test("of boto3 longer than a timer can wait are as long as it can", () => {
    assert.equal(timeoutsOf({}, { BOTO3_READ_TIMEOUT: "2592000" }).idleMs, 2 ** 31 - 1);
  });

  test("of boto3 are seconds, and its read timeout sets all three", () => {
    const environment = { BOTO3_CONNECT_TIMEOUT: "2.5", BOTO3_READ_TIMEOUT: "20" };
    assert.deepEqual(timeoutsOf({ timeouts: { idleMs: 0 } }, environment), {
      connectMs: 2500,
      firstEventMs: 20_000,
      idleMs: 0,
      responseMs: 20_000,
      callersMs: 0,
      credentialsMs: 10_000,
    });
  });
});

describe("credentials", () => {
  async function authorizationOf(
    context: TestContext,
    options: BedrockLLMOptions,
    environment: Record<string, string>,
    files: Parameters<typeof temporaryHome>[1] = {},
  ): Promise<string> {
    const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
    // The chain reads some variables by itself, so they must be real ones here.
    const saved = { ...process.env };
    context.after(() => {
      process.env = saved;
    });
    process.env = { PATH: saved["PATH"], ...temporaryHome(context, files), ...environment };
    const { BedrockLLM } = await import("../../src/index.ts");
    const llm = new BedrockLLM({ endpoint: server.url, modelId: "m", ...options });
    context.after(() => llm.close());
    await llm.invoke({ messages: "hi" });
    return String(server.requests[0]?.headers.authorization).split("/")[0] ?? "";
  }
  const variables = { AWS_ACCESS_KEY_ID: "AKIDENV", AWS_SECRET_ACCESS_KEY: "s" };
  const files = {
    credentials:
      "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key = s\n[work]\naws_access_key_id = AKIDWORK\naws_secret_access_key = s\n",
  };
  const signed = (key: string) => `AWS4-HMAC-SHA256 Credential=${key}`;

  for (const [title, options, environment, expected] of [
    [
      "the option, though an API key is in the environment",
      { credentials: { accessKeyId: "AKIDOPTION", secretAccessKey: "s" } },
      { ...variables, AWS_BEARER_TOKEN_BEDROCK: "key" },
      signed("AKIDOPTION"),
    ],
    [
      "a provider function",
      { credentials: async () => ({ accessKeyId: "AKIDPROVIDER", secretAccessKey: "s" }) },
      variables,
      signed("AKIDPROVIDER"),
    ],
    [
      "the profile option, though keys are in the environment",
      { profile: "work" },
      variables,
      signed("AKIDWORK"),
    ],
    [
      "the API key of the environment",
      {},
      { ...variables, AWS_BEARER_TOKEN_BEDROCK: "key" },
      "Bearer key",
    ],
    [
      "the keys of the environment, an empty API key counting as unset",
      {},
      { ...variables, AWS_BEARER_TOKEN_BEDROCK: "", AWS_PROFILE: "work" },
      signed("AKIDENV"),
    ],
    ["the profile that AWS_PROFILE names", {}, { AWS_PROFILE: "work" }, signed("AKIDWORK")],
    ["the default profile", {}, {}, signed("AKIDDEFAULT")],
  ] as const) {
    test(`come from ${title}`, async (context) => {
      assert.equal(await authorizationOf(context, options, environment, files), expected);
    });
  }

  test("are not made up for an endpoint on this machine when a profile is named", async (context) => {
    const made = authorizationOf(context, {}, { AWS_PROFILE: "missing" }, files);
    await assert.rejects(made, {
      name: "CredentialsError",
      message: /profile “missing”.*not found/,
    });
  });

  test("are not needed for an endpoint on this machine", async (context) => {
    assert.equal(await authorizationOf(context, {}, {}), signed("local"));
  });
});

test("an agent of one's own is used, and is not closed with the client", async (context) => {
  const agent = new HttpsAgent({ keepAlive: true });
  const connection = await connect(context, { options: { agent } });
  let destroyed = false;
  agent.destroy = () => {
    destroyed = true;
  };
  connection.close();
  assert.equal(destroyed, false);
});

test("the model comes from the request, then the client, then BEDROCK_MODEL_ID", async (context) => {
  assert.equal(readClientOptions({}, { BEDROCK_MODEL_ID: "env" }).modelId, "env");
  assert.equal(
    readClientOptions({ modelId: "client" }, { BEDROCK_MODEL_ID: "env" }).modelId,
    "client",
  );
  const server = await scriptedServer(context, (_, response) => answerJson(response, "ok"));
  const llm = testClient(context, server.url, { modelId: "client" });
  await llm.invoke({ messages: "hi", modelId: "request" });
  await llm.invoke({ messages: "hi" });
  await llm.invoke({ messages: "hi", modelId: "fast" });
  assert.deepEqual(
    server.requests.map(({ path }) => path.split("/")[2]),
    ["request", "client", "global.anthropic.claude-haiku-4-5-20251001-v1%3A0"],
  );
});
