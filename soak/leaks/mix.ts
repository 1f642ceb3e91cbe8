// The mix of calls: every way in which a call may end, each with the ends it may have.

import { setTimeout as sleep } from "node:timers/promises";
import type { BedrockLLM, ConverseStream, InvokeOptions } from "../../src/index.ts";
import { modelFor } from "../client.ts";
import type { Random } from "../random.ts";

/** What a call is made with. */
export interface MixContext {
  /** For calls whose end is certain, and for those of a server that hangs up. */
  readonly steady: BedrockLLM;
  readonly racing: BedrockLLM;
  /** Never aborted, and given to many calls. */
  readonly signal: AbortSignal;
  readonly random: Random;
}

/** A kind of call. */
export interface MixedCall {
  readonly name: string;
  /** Codes of errors it may end with; empty where it has to succeed. */
  readonly ends: readonly string[];
  /** Whether it may succeed as well. */
  readonly maySucceed: boolean;
  run(context: MixContext): Promise<void>;
}

const ONCE = { maxAttempts: 1 };

function optionsFor(behaviour: string, more: Partial<InvokeOptions> = {}): InvokeOptions {
  return {
    modelId: modelFor(behaviour),
    messages: "What is the capital of France?",
    retry: ONCE,
    ...more,
  };
}

async function readAll(stream: ConverseStream): Promise<void> {
  for await (const event of stream) void event;
  await stream.response();
}

/** Asks for a whole answer and for a stream in turn. */
async function ask(llm: BedrockLLM, random: Random, options: InvokeOptions): Promise<void> {
  if (random.next() < 0.5) await llm.invoke(options);
  else await readAll(llm.invokeStream(options));
}

function succeeding(name: string, run: MixedCall["run"]): MixedCall {
  return { name, ends: [], maySucceed: true, run };
}

function failing(name: string, ends: readonly string[], run: MixedCall["run"]): MixedCall {
  return { name, ends, maySucceed: false, run };
}

/** A call that ends by what the server does, half of them with the shared signal. */
function scripted(behaviour: string, ends: readonly string[], more: Partial<InvokeOptions> = {}) {
  return failing(behaviour, ends, ({ steady, signal, random }) => {
    const shared = random.next() < 0.5 ? { signal } : {};
    return ask(steady, random, optionsFor(behaviour, { ...more, ...shared }));
  });
}

/** Aborts somewhere between before the request and after the answer. */
const aborted: MixedCall = {
  name: "abort at a random moment",
  ends: ["AbortError"],
  maySucceed: true,
  async run({ steady, random }) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), random.next() * 40);
    try {
      await ask(steady, random, optionsFor("slow", { signal: controller.signal }));
    } finally {
      clearTimeout(timer);
    }
  },
};

/** Half of the calls of this client meet a connection that is being closed. */
const racing: MixedCall = {
  name: "keep-alive race",
  ends: ["ConnectionError", "StreamError"],
  maySucceed: true,
  run: ({ racing: llm, random }) =>
    ask(llm, random, optionsFor(random.next() < 0.5 ? "hangup" : "answer", { retry: {} })),
};

/** All kinds, equally often. */
export const MIX: readonly MixedCall[] = [
  succeeding("success", ({ steady, random, signal }) =>
    ask(steady, random, optionsFor("answer", { signal })),
  ),
  succeeding("text", async ({ steady }) => {
    let text = "";
    for await (const piece of steady.invokeStream(optionsFor("answer")).text()) text += piece;
    if (text !== "It is Paris.") throw new Error("not the text that was sent");
  }),
  scripted("throttle", ["ThrottlingException"]),
  scripted("unavailable", ["ServiceUnavailableException"]),
  scripted("unavailable", ["ServiceUnavailableException"], { retry: { maxAttempts: 3 } }),
  scripted("invalid", ["ValidationException"]),
  scripted("reset", ["StreamError", "ConnectionError"]),
  failing("truncate", ["StreamError"], ({ steady }) =>
    readAll(steady.invokeStream(optionsFor("truncate"))),
  ),
  failing("corrupt", ["StreamError"], ({ steady, signal }) =>
    readAll(steady.invokeStream(optionsFor("corrupt", { signal }))),
  ),
  scripted("stall", ["TimeoutError"], { timeouts: { idleMs: 25, responseMs: 25 } }),
  scripted("silent", ["TimeoutError"], { timeouts: { firstEventMs: 25, responseMs: 25 } }),
  aborted,
  succeeding("early break", async ({ steady, signal, random }) => {
    let left = random.below(4);
    for await (const event of steady.invokeStream(optionsFor("slow", { signal }))) {
      void event;
      if (left-- === 0) break;
    }
  }),
  succeeding("unread stream", async ({ steady, signal, random }) => {
    const behaviour = random.pick(["answer", "reset", "corrupt", "throttle"]);
    steady.invokeStream(optionsFor(behaviour, { signal }));
    await sleep(5);
  }),
  failing("unread stream, aborted", ["AbortError"], async ({ steady }) => {
    const controller = new AbortController();
    const stream = steady.invokeStream(optionsFor("flood", { signal: controller.signal }));
    await sleep(20);
    controller.abort();
    await stream.response();
  }),
  racing,
];
