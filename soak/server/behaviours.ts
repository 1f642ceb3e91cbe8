// What the server does with a request: the model id names it, as in `soak.stall-v1:0`.

import type { IncomingMessage, ServerResponse } from "node:http";
import { ANSWER, END, START, textFrame } from "./frames.ts";

/** A request that has arrived whole. */
export interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly streams: boolean;
  /** What the part has set. */
  readonly mode: string;
  /** Counts what a flood got rid of. */
  flooded(response: ServerResponse): void;
}

type Behaviour = (arrived: Arrived) => void;

const EVENT_STREAM = { "content-type": "application/vnd.amazon.eventstream" };
const REQUEST_ID = { "x-amzn-requestid": "5f6c1c5e-6d7a-4f0e-9b59-000000000001" };

const JSON_ANSWER = JSON.stringify({
  output: { message: { role: "assistant", content: [{ text: "It is Paris." }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
  metrics: { latencyMs: 7 },
});

function answer({ response, streams }: Arrived): void {
  if (!streams) {
    response.writeHead(200, { "content-type": "application/json", ...REQUEST_ID });
    response.end(JSON_ANSWER);
    return;
  }
  begin(response);
  for (const frame of ANSWER) response.write(frame);
  response.end();
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { ...EVENT_STREAM, ...REQUEST_ID });
}

function refuse(
  status: number,
  name: string,
  headers: Record<string, string> = {},
): (arrived: Arrived) => void {
  return ({ response }) => {
    response.writeHead(status, {
      "content-type": "application/json",
      "x-amzn-errortype": name,
      ...REQUEST_ID,
      ...headers,
    });
    response.end(JSON.stringify({ message: `No: ${name}.` }));
  };
}

/** Sends the beginning of an answer of either kind, and calls back once it is out. */
function beginAnswer({ response, streams }: Arrived, sent: () => void): void {
  if (streams) {
    begin(response);
    response.write(START);
    response.write(textFrame("It is"), sent);
  } else {
    response.writeHead(200, { "content-type": "application/json", ...REQUEST_ID });
    response.write(JSON_ANSWER.slice(0, 40), sent);
  }
}

/** What a flood consists of after its start: one size, so that it can be counted. */
export const FLOOD_FRAME: Buffer = textFrame("x".repeat(2000));

/** Writes as long as it is taken. */
function flood(arrived: Arrived): void {
  const { response } = arrived;
  begin(response);
  response.write(START);
  const writeOn = (): void => {
    while (!response.destroyed && response.write(FLOOD_FRAME)) {
      // Until the socket has enough.
    }
  };
  arrived.flooded(response);
  response.on("drain", writeOn);
  writeOn();
}

function expire(arrived: Arrived): void {
  const token = arrived.request.headers["x-amz-security-token"];
  if (token === arrived.mode) answer(arrived);
  else refuse(403, "ExpiredTokenException")(arrived);
}

const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  answer,
  flood,
  expire,
  throttle: refuse(429, "ThrottlingException"),
  unavailable: refuse(503, "ServiceUnavailableException"),
  invalid: refuse(400, "ValidationException"),
  later: refuse(503, "ServiceUnavailableException", { "x-amz-retry-after": "20000" }),
  outage: (arrived) => {
    const isOver = arrived.mode === "over";
    (isOver ? answer : refuse(503, "ServiceUnavailableException"))(arrived);
  },
  silent: () => {},
  stall: (arrived) => beginAnswer(arrived, () => {}),
  reset: (arrived) => beginAnswer(arrived, () => arrived.response.socket?.resetAndDestroy()),
  truncate: (arrived) => beginAnswer(arrived, () => arrived.response.end()),
  corrupt: (arrived) => {
    beginAnswer(arrived, () => {
      const last = Buffer.from(textFrame(" Paris."));
      last.writeUInt8(last.readUInt8(last.length - 1) ^ 1, last.length - 1);
      arrived.response.write(last);
      for (const frame of END) arrived.response.write(frame);
      arrived.response.end();
    });
  },
  /** Closes the connection about when it is used again. */
  hangup: (arrived) => {
    answer(arrived);
    const { socket } = arrived.response;
    arrived.response.once("finish", () => setTimeout(() => socket?.destroy(), Math.random() * 4));
  },
  /** An answer in steps, so that there is time to leave it. */
  slow: (arrived) => {
    const { response, streams } = arrived;
    if (!streams) return void setTimeout(() => answer(arrived), 20);
    begin(response);
    let index = 0;
    const timer = setInterval(() => {
      const frame = ANSWER[index++];
      if (frame !== undefined) response.write(frame);
      else response.end();
    }, 4);
    response.once("close", () => clearInterval(timer));
  },
};

/** Does what the model id of a path asks for. */
export function behave(arrived: Arrived): void {
  const name = /^\/model\/soak\.([a-z]+)-v1/.exec(arrived.request.url ?? "")?.[1] ?? "";
  const behaviour = BEHAVIOURS[name];
  if (behaviour === undefined) refuse(404, "ResourceNotFoundException")(arrived);
  else behaviour(arrived);
}
