// What is measured, seen from outside: a client that is asked for whole and for streamed answers.

import type { ServerAddresses } from "../server/serve.ts";

/** One turn of a conversation, in nobody's own words. */
export interface Turn {
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly png?: Uint8Array;
}

/** A client, ready to be asked. `Prompt` is a conversation in its own words. */
export interface BenchClient<Prompt = unknown> {
  /** Turns a conversation into what the client takes; not measured. */
  prepare(turns: readonly Turn[]): Prompt;
  /** Asks for a whole answer and returns its text. */
  invoke(prompt: Prompt): Promise<string>;
  /** Reads a streamed answer to its end and returns its text; tells the first piece of it. */
  stream(prompt: Prompt, onFirst?: () => void): Promise<string>;
}

/** What a client is made with. */
export interface Target {
  readonly url: string;
  readonly modelId: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  /** The package of ours that is measured: its folder. */
  readonly dcafFolder: string;
}

/** What each file of this folder exports as `create`. */
export type CreateClient = (target: Target) => BenchClient | Promise<BenchClient>;

/** A client of the comparison. */
export interface ClientEntry {
  readonly title: string;
  /** The file in this folder. */
  readonly file: string;
  /** What it speaks in the clear. */
  readonly protocol: keyof Pick<ServerAddresses, "http1" | "http2">;
  /** The packages a user installs for it; none where Node is enough. */
  readonly packages: readonly string[];
}

/** The name of a client of the comparison. */
export type ClientName =
  | "floor"
  | "dcaf"
  | "aws-sdk"
  | "aws-sdk-http1"
  | "ai-sdk"
  | "langchain"
  | "strands";

/** All clients, in the order of the table. */
export const CLIENTS: Readonly<Record<ClientName, ClientEntry>> = {
  floor: { title: "bare `node:http`", file: "floor", protocol: "http1", packages: [] },
  dcaf: { title: "dcaf", file: "dcaf", protocol: "http1", packages: ["dcaf"] },
  "aws-sdk": {
    title: "AWS SDK",
    file: "aws-sdk",
    protocol: "http2",
    packages: ["@aws-sdk/client-bedrock-runtime"],
  },
  "aws-sdk-http1": {
    title: "AWS SDK, HTTP/1.1",
    file: "aws-sdk-http1",
    protocol: "http1",
    packages: ["@aws-sdk/client-bedrock-runtime", "@smithy/node-http-handler"],
  },
  "ai-sdk": {
    title: "AI SDK",
    file: "ai-sdk",
    protocol: "http1",
    packages: ["ai", "@ai-sdk/amazon-bedrock"],
  },
  langchain: {
    title: "LangChain",
    file: "langchain",
    protocol: "http2",
    packages: ["@langchain/aws", "@langchain/core"],
  },
  strands: {
    title: "Strands",
    file: "strands",
    protocol: "http2",
    packages: ["@strands-agents/sdk"],
  },
};

/** Whether a word from outside is one. */
export function isClientName(name: string): name is ClientName {
  return Object.hasOwn(CLIENTS, name);
}
