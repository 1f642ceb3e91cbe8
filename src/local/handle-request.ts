// One request from its first line to the end of its answer.

import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { ConverseRequest } from "../core/converse-request.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { findIssues, refusalOf } from "../messages/check-request.ts";
import { CONVERSE_REQUEST } from "../messages/rules/wire.ts";
import { assertAddressed, assertAdmissible, hasUnstoppableBody } from "./admission.ts";
import {
  answerFault,
  answerFaultAndClose,
  answerJson,
  answerStream,
  answerText,
} from "./answer.ts";
import { countTokens } from "./count-tokens.ts";
import { isTooDeep } from "./json-depth.ts";
import type { PromptCache } from "./prompt-cache.ts";
import { readBody } from "./read-body.ts";
import type { LocalModel, LocalModelOperation } from "./reply.ts";
import { type RequestLog, readableHeaders } from "./request-log.ts";
import { toStreamEvents } from "./response-events.ts";
import { isHealthCheck, routeOf } from "./routes.ts";
import { publicFaultOf, refusal, toServiceFault } from "./service-fault.ts";
import { toResponse } from "./to-response.ts";
import { decodeBytes } from "./wire-bytes.ts";

/** What an endpoint works with. */
export interface Endpoint {
  readonly model: LocalModel;
  readonly pauseMs: number;
  readonly log: RequestLog;
  readonly promptCache: PromptCache;
  /** Fires when the endpoint closes. */
  readonly signal: AbortSignal;
  /** Told of whatever was thrown that is no service error. */
  readonly onUnexpected: (thrown: unknown) => void;
}

const OK_STATUS = 200;

const SELF_DESCRIPTION =
  "dcaf local: a Bedrock-compatible endpoint for tests. POST /model/{modelId}/converse or converse-stream.\n";

/** One request with its answer. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Fires when the client goes away or the endpoint closes. */
  readonly signal: AbortSignal;
  /** Notes the status in the log, once there is an entry. */
  note: (status: number) => void;
  /** Whether anybody reads the body. */
  isBodyTaken: boolean;
}

/** The listener that serves an endpoint. */
export function createRequestListener(endpoint: Endpoint): RequestListener {
  return (request, response) => {
    // A client that goes away shows in the signal; there is nobody left to tell.
    request.on("error", () => {});
    response.on("error", () => {});
    const gone = new AbortController();
    response.once("close", () => {
      // Not writableFinished: over HTTP/2 a stream that was cut counts as finished.
      if (!response.writableEnded) gone.abort(new Error("The client went away."));
    });
    const signal = AbortSignal.any([gone.signal, endpoint.signal]);
    const exchange: Exchange = { request, response, signal, note: () => {}, isBodyTaken: false };
    handle(endpoint, exchange).catch((thrown: unknown) => {
      if (signal.aborted) return;
      if (toServiceFault(thrown) === undefined) endpoint.onUnexpected(thrown);
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const fault = publicFaultOf(thrown);
      exchange.note(fault.status);
      const mustClose = !exchange.isBodyTaken && hasUnstoppableBody(request);
      if (mustClose) answerFaultAndClose(request, response, fault);
      else answerFault(response, fault);
    });
  };
}

async function handle(endpoint: Endpoint, exchange: Exchange): Promise<void> {
  const { request, response, signal } = exchange;
  const { method, url, headers, httpVersion } = request;
  assertAddressed(headers);
  if (isHealthCheck(method, url)) return answerText(response, SELF_DESCRIPTION);
  const route = routeOf(method, url);
  if (route === undefined) {
    throw refusal("UnknownOperationException", "There is no such operation.");
  }

  const receivedAt = new Date();
  const keep = (body: unknown, bodyBytes: number) => {
    const kept = { ...route, body, headers: readableHeaders(headers), httpVersion, receivedAt };
    exchange.note = endpoint.log.add(kept, bodyBytes);
  };
  try {
    assertAdmissible(headers);
  } catch (thrown) {
    keep(undefined, 0);
    throw thrown;
  }
  exchange.isBodyTaken = true;
  const bytes = await readBody(request);
  const isDeep = bytes !== undefined && isTooDeep(bytes);
  const body = bytes === undefined || isDeep ? undefined : parseJson(bytes);
  keep(body, bytes?.length ?? 0);
  if (bytes === undefined) {
    throw refusal("RequestEntityTooLarge", "The request body is too large.");
  }
  if (isDeep) throw refusal("ValidationException", "The request body is nested too deeply.");
  if (!isRecord(body)) {
    throw refusal("SerializationException", "The request body is not a JSON object.");
  }

  if (route.operation === "count-tokens") {
    const inputTokens = countTokens(body, route.modelId);
    exchange.note(OK_STATUS);
    return answerJson(response, { inputTokens });
  }
  const answer = await askModel(
    endpoint,
    exchange,
    { ...body, modelId: route.modelId },
    route.operation,
  );
  exchange.note(OK_STATUS);
  if (route.operation === "converse") return answerJson(response, answer);
  await answerStream(response, toStreamEvents(answer), { pauseMs: endpoint.pauseMs, signal });
}

/** Refuses what Bedrock would refuse, else has the model answer. */
async function askModel(
  endpoint: Endpoint,
  { request: { headers }, signal }: Exchange,
  body: UnknownRecord,
  operation: LocalModelOperation,
): Promise<ConverseResponse> {
  const message = refusalOf(findIssues(body, { operation }));
  if (message !== undefined) throw refusal(nameOfRefusal(message), message);
  const request = decodeBytes(CONVERSE_REQUEST, body) as ConverseRequest;
  const reply = await endpoint.model({
    ...request,
    operation,
    headers: readableHeaders(headers),
    signal,
  });
  signal.throwIfAborted();
  // Only now: a call that failed has written nothing.
  return toResponse(reply, request, endpoint.promptCache.use(request));
}

/** A model without prompt caching is the one thing that is refused as a matter of access. */
function nameOfRefusal(message: string): string {
  return message.includes("did not allow prompt caching")
    ? "AccessDeniedException"
    : "ValidationException";
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
