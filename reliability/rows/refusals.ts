// Rows of answers that refuse: when to come again, with what, and where not to go.

import { ANSWER, ANSWER_TEXT } from "../answer.ts";
import type { Bench } from "../bench.ts";
import type { ArrivedRequest, Reply, Script } from "../fault-server.ts";
import { allFail, allOf, allSucceed, formatMs, readInTurn, withFigures } from "../judge.ts";
import { readAnswer, type Success } from "../reading.ts";
import { sendError, sendPage, sendStream } from "../replies.ts";
import type { Finding, Measure, Measures } from "../row.ts";

const answer = (reply: Reply): Promise<void> => sendStream(reply, ANSWER);

/** Timers may fire this much early, as two clocks see it. */
const TIMER_SLACK_MS = 20;

/** Refused once with `Retry-After`, which is to be waited for in full. */
function retryAfter(seconds: number, briefSeconds: number): Measure {
  return async (bench) => {
    const wantedSeconds = bench.choose(seconds, briefSeconds);
    const times: number[] = [];
    const server = await bench.serve((request, reply) => {
      times.push(performance.now());
      const headers = { "retry-after": String(wantedSeconds) };
      return request.index === 0
        ? sendError(reply, 429, "ThrottlingException", "Slow down.", headers)
        : answer(reply);
    });
    const outcomes = await readInTurn(bench.client(server), {}, ["response"]);
    const [first = 0, second = 0] = times;
    const waitedMs = second - first;
    const finding = allSucceed(
      outcomes,
      ({ text, attempts }) => text === ANSWER_TEXT && attempts === 2,
    );
    const isPatient = waitedMs >= wantedSeconds * 1000 - TIMER_SLACK_MS;
    return withFigures(finding, `waited ${formatMs(waitedMs)}`, isPatient);
  };
}

async function unavailableTwice(bench: Bench): Promise<Finding> {
  const server = await bench.serve((request, reply) =>
    request.index < 2
      ? sendError(reply, 503, "ServiceUnavailableException", "Out of capacity.")
      : answer(reply),
  );
  const outcome = await readAnswer(bench.client(server), "response", { messages: "go" });
  const isThird = ({ text, attempts }: Success): boolean => text === ANSWER_TEXT && attempts === 3;
  const figures = `${server.requestCount()} tries, ${formatMs(outcome.elapsedMs)}`;
  return withFigures(allSucceed([outcome], isThird), figures);
}

/** Keys that are refused as expired, while the provider would give others. */
async function expiredToken(bench: Bench): Promise<Finding> {
  const callers = bench.choose(1000, 50);
  let asked = 0;
  const provider = async () => {
    asked += 1;
    await new Promise(setImmediate);
    return { accessKeyId: "AKIDFAULTS", secretAccessKey: "s", sessionToken: `token-${asked}` };
  };
  const server = await bench.serve((request, reply) =>
    request.headers.get("x-amz-security-token") === "token-1"
      ? sendError(reply, 403, "ExpiredTokenException", "The security token is expired.")
      : answer(reply),
  );
  const llm = bench.client(server, { credentials: provider });
  const outcomes = await Promise.all(
    Array.from({ length: callers }, () => readAnswer(llm, "response", { messages: "go" })),
  );
  const resends = server.requestCount() - callers;
  const isRefreshed = asked === 2 && resends <= callers;
  const figures = `${callers} callers at once: keys renewed ${asked - 1} ×, ${resends} resends`;
  const finding = allSucceed(outcomes, ({ text }) => text === ANSWER_TEXT);
  return withFigures(finding, figures, isRefreshed);
}

const HOUR_MS = 3_600_000;

/** An endpoint whose clock is an hour away from ours, one way and the other. */
async function clockSkew(bench: Bench): Promise<Finding> {
  const findings: Finding[] = [];
  for (const offsetMs of [HOUR_MS, -HOUR_MS]) {
    const server = await bench.serve(skewedScript(offsetMs));
    const llm = bench.client(server);
    const outcomes = await readInTurn(llm, {}, ["response", "invoke"]);
    const resends = server.requestCount() - outcomes.length;
    const figures = `${resends} resend in two calls where it is ${offsetMs > 0 ? "ahead" : "behind"}`;
    const finding = allSucceed(outcomes, ({ text }) => text === ANSWER_TEXT);
    findings.push(withFigures(finding, figures, resends === 1));
  }
  return allOf(...findings);
}

function skewedScript(offsetMs: number): Script {
  return (request, reply) => {
    const now = Date.now() + offsetMs;
    const signedAt = parseAmzDate(request);
    if (Math.abs(now - signedAt) > 5 * 60_000) {
      const message =
        signedAt < now
          ? `Signature expired: ${amzDate(signedAt)} is now earlier than ${amzDate(now - 300_000)} (${amzDate(now)} - 5 min.)`
          : `Signature not yet current: ${amzDate(signedAt)} is still later than ${amzDate(now + 300_000)} (${amzDate(now)} + 5 min.)`;
      const headers = { date: new Date(now).toUTCString() };
      return sendError(reply, 403, "InvalidSignatureException", message, headers);
    }
    return request.path.endsWith("/converse") ? answerWhole(reply) : answer(reply);
  };
}

async function answerWhole(reply: Reply): Promise<void> {
  const body = Buffer.from(
    JSON.stringify({
      output: { message: { role: "assistant", content: [{ text: ANSWER_TEXT }] } },
      stopReason: "end_turn",
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
      metrics: { latencyMs: 7 },
    }),
  );
  void reply.head(200, { "content-type": "application/json" }, "length", body.length);
  await reply.send(body);
}

function parseAmzDate(request: ArrivedRequest): number {
  const text = request.headers.get("x-amz-date") ?? "";
  return Date.parse(
    text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
}

function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

async function htmlFromProxy(bench: Bench): Promise<Finding> {
  const server = await bench.serve((_, reply) => sendPage(reply, 502, "Bad Gateway"));
  const outcomes = await readInTurn(bench.client(server), {}, ["response", "invoke"]);
  return allFail(
    outcomes,
    ({ status, message }) => status === 502 && /502 \(text\/html\)/.test(message),
    "names 502 and text/html, after 3 tries",
  );
}

/** The other origin must not see a byte, neither of headers nor of a prompt. */
async function redirect(bench: Bench): Promise<Finding> {
  const other = await bench.serve((_, reply) => answer(reply));
  const server = await bench.serve(async (request, reply) => {
    const headers = { location: `${other.url.replace("127.0.0.1", "localhost")}${request.path}` };
    await reply.head(307, headers, "length", 0);
  });
  const outcomes = await readInTurn(bench.client(server), {}, ["response", "invoke"]);
  const arrived = other.receivedBytes();
  const finding = allFail(
    outcomes,
    ({ status, message }) => status === 307 && /redirect/.test(message),
    "refused",
  );
  const isKept = arrived === 0 && other.connectionCount() === 0;
  return withFigures(finding, `${arrived} bytes reached the other origin`, isKept);
}

/** A kept connection that the server resets just as it is used again. */
async function staleSocket(bench: Bench): Promise<Finding> {
  const server = await bench.serve((request, reply) =>
    request.indexOnConnection === 1 ? reply.reset() : answer(reply),
  );
  const outcomes = await readInTurn(bench.client(server), {}, ["response", "response"]);
  const isResent = server.requestCount() === 3 && server.connectionCount() === 2;
  const finding = allSucceed(outcomes, ({ text }) => text === ANSWER_TEXT, "resent at once");
  return withFigures(finding, "", isResent);
}

/** By the names of the rows. */
export const REFUSALS: Measures = {
  "retry-after-4": retryAfter(4, 1),
  "retry-after-20": retryAfter(20, 2),
  "unavailable-twice": unavailableTwice,
  "expired-token": expiredToken,
  "clock-skew": clockSkew,
  "html-502": htmlFromProxy,
  redirect,
  "stale-socket": staleSocket,
};
