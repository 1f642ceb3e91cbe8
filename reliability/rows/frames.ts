// Rows of frames that should not be there, or hold what they should not.

import {
  ANSWER,
  ANSWER_TEXT,
  deltaFrame,
  eventFrame,
  exceptionFrame,
  frame,
  textFrames,
  toolFrames,
} from "../answer.ts";
import type { Bench } from "../bench.ts";
import { allFail, allOf, allSucceed, isStreamError, readInTurn, withFigures } from "../judge.ts";
import type { Failure, Outcome, Success } from "../reading.ts";
import { sendStream } from "../replies.ts";
import type { Finding, Measure, Measures } from "../row.ts";

const WORDS = ["One ", "two ", "three."];
const [START = Buffer.alloc(0), ...REST] = textFrames(WORDS);
const THROTTLE = exceptionFrame("throttlingException", "Too many tokens, please wait.");

/** A byte that no UTF-8 text holds. */
const NO_UTF8 = Buffer.of(0xff);

/** Reads a stream of these frames in every way; tells also how many requests there were. */
async function readFrames(
  bench: Bench,
  frames: readonly Buffer[],
): Promise<{ outcomes: Outcome[]; requests: number }> {
  const server = await bench.serve((_, reply) => sendStream(reply, Buffer.concat(frames)));
  const outcomes = await readInTurn(bench.client(server));
  return { outcomes, requests: server.requestCount() };
}

/** Frames after some text that have to be an error, with the text kept and no second request. */
function failsAfterText(fault: Buffer, isRight: (failure: Failure) => boolean): Measure {
  return async (bench) => {
    const frames = [START, ...REST.slice(0, 2), fault, ...REST.slice(2)];
    const { outcomes, requests } = await readFrames(bench, frames);
    const isTold = (failure: Failure): boolean =>
      isRight(failure) && failure.partialText === "One two ";
    const finding = allFail(outcomes, isTold, "not sent again, the text so far in `partial`");
    return withFigures(finding, "", requests === outcomes.length);
  };
}

/** A throttle before anything was said: nobody has seen a word, so the call is made again. */
async function throttleFirst(bench: Bench): Promise<Finding> {
  const findings: Finding[] = [];
  for (const opening of [[], [START]]) {
    const refusal = Buffer.concat([...opening, THROTTLE]);
    const server = await bench.serve((request, reply) =>
      sendStream(reply, request.index % 2 === 0 ? refusal : ANSWER),
    );
    const outcomes = await readInTurn(bench.client(server));
    const place = opening.length === 0 ? "as first frame" : "after `messageStart`, told once";
    const isWhole = (success: Success): boolean =>
      success.text === ANSWER_TEXT && success.attempts === 2 && countStarts(success) <= 1;
    findings.push(allSucceed(outcomes, isWhole, `retried ${place}`));
  }
  return allOf(...findings);
}

function countStarts({ events }: Success): number {
  return events.filter((event) => event.messageStart !== undefined).length;
}

/** What a newer service may say: it passes through, and the answer is whole. */
async function tolerateNew(bench: Bench): Promise<Finding> {
  const frames = [
    START,
    eventFrame("modelMood", { mood: "curious" }),
    deltaFrame(0, { text: WORDS[0], shade: 1 }),
    deltaFrame(0, { hum: { note: "a" } }),
    ...REST.slice(1, -1),
    eventFrame("metadata", {
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5, dreamTokens: 1 },
      metrics: { latencyMs: 7 },
      weather: "fine",
    }),
  ];
  const { outcomes } = await readFrames(bench, frames);
  const isWhole = ({ text, content, events }: Success): boolean =>
    text === WORDS.join("") &&
    content.length === 1 &&
    (events.length === 0 || events.some((event) => "modelMood" in event));
  return allSucceed(outcomes, isWhole, "passed through");
}

/** In text a replacement character shows; where a name or an argument stands, it would be another. */
async function refuseNoUtf8(bench: Bench): Promise<Finding> {
  const text = [Buffer.from('{"contentBlockIndex":0,"delta":{"text":"One '), NO_UTF8];
  const inText = eventFrame("contentBlockDelta", Buffer.concat([...text, Buffer.from('"}}')]));
  const shown = await readFrames(bench, [START, inText, ...REST.slice(1)]);
  const name = Buffer.concat([Buffer.from("weather"), NO_UTF8]);
  const named = await readFrames(bench, toolFrames("{}", name));
  const reason = [Buffer.from('{"stopReason":"end_turn'), NO_UTF8, Buffer.from('"}')];
  const stop = eventFrame("messageStop", Buffer.concat(reason));
  const stopped = await readFrames(bench, [START, ...REST.slice(0, 4), stop]);
  const isCorrupt = (failure: Failure): boolean => isStreamError(failure, "corrupt");
  return allOf(
    tellUtf8InText(shown.outcomes, isCorrupt),
    allFail(named.outcomes, isCorrupt, "in a tool's name"),
    allFail(stopped.outcomes, isCorrupt, "in a stop reason"),
  );
}

function tellUtf8InText(
  outcomes: readonly Outcome[],
  isCorrupt: (failure: Failure) => boolean,
): Finding {
  if (outcomes.every(({ kind }) => kind === "error")) {
    return allFail(outcomes, isCorrupt, "in text");
  }
  const isShown = ({ text }: Success): boolean => text === `One \ufffd${WORDS[1]}${WORDS[2]}`;
  return allSucceed(outcomes, isShown, "in text shown as U+FFFD");
}

/** A fragment of JSON is no argument; guessing the rest would make one up. */
async function keepCutInput(bench: Bench): Promise<Finding> {
  const fragment = '{"city":"Par';
  const { outcomes } = await readFrames(bench, toolFrames(fragment));
  const isKept = ({ content }: Success): boolean => content[0]?.toolUse?.input === fragment;
  return allSucceed(outcomes, isKept, "`input` is the raw text, never repaired");
}

/** The key is data: nothing may come to inherit from it. */
async function keepPrototype(bench: Bench): Promise<Finding> {
  const input = '{"__proto__":{"isAdmin":true},"city":"Paris"}';
  const { outcomes } = await readFrames(bench, toolFrames(input));
  const isClean = ({ content }: Success): boolean => {
    const given = content[0]?.toolUse?.input as Readonly<Record<string, unknown>>;
    return given["isAdmin"] === undefined && given["city"] === "Paris";
  };
  const finding = allSucceed(outcomes, isClean, "own key or none, nothing inherits from it");
  const isUntouched = !("isAdmin" in Object.prototype);
  return withFigures(finding, "", isUntouched);
}

const ERROR_HEADERS = {
  ":message-type": "error",
  ":error-code": "InternalFailure",
  ":error-message": "The service broke.",
};

/** By the names of the rows. */
export const FRAMES: Measures = {
  "throttle-first": throttleFirst,
  "throttle-later": failsAfterText(
    THROTTLE,
    ({ name, retryable }) => name === "ThrottlingException" && retryable,
  ),
  "error-frame": failsAfterText(
    frame(ERROR_HEADERS, ""),
    ({ name, message }) => name === "InternalFailure" && message === "The service broke.",
  ),
  "unknown-exception": failsAfterText(
    exceptionFrame("brandNewException", "Something new."),
    ({ name, message }) => name === "BrandNewException" && message === "Something new.",
  ),
  "new-event": tolerateNew,
  "invalid-json": failsAfterText(
    eventFrame("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"thr'),
    (failure) => isStreamError(failure, "corrupt"),
  ),
  "invalid-utf8": refuseNoUtf8,
  "cut-tool-input": keepCutInput,
  "proto-in-tool-input": keepPrototype,
};
