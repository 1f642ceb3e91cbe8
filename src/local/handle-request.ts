// One request from its first line to the end of its answer.

import type { RequestListener } from "node:http";
import type { ConverseRequest } from "../core/converse-request.ts";
import type { ConverseResponse } from "../core/converse-response.ts";
import { isRecord, type UnknownRecord } from "../core/json.ts";
import { isTooDeep } from "../core/json-depth.ts";
import { findIssues, refusalOf } from "../messages/check-request.ts";
import { CONVERSE_REQUEST } from "../messages/rules/wire.ts";
import { assertAddressed, assertAdmissible, hasUnstoppableBody } from "./admission.ts";
import {
  type Answer,
  answerFaultAndClose,
  answerText,
  faultAnswer,
  jsonAnswer,
  streamAnswer,
} from "./answer.ts";
import { countTokens } from "./count-tokens.ts";
import { deliver } from "./deliver.ts";
import type { Exchange } from "./exchange.ts";
import type { FaultPlan } from "./faults/fault-plan.ts";
import { refuseByFault } from "./faults/refuse-by-fault.ts";
import { RequestFaults } from "./faults/request-faults.ts";
import type { PromptCache } from "./prompt-cache.ts";
import { readBody } from "./read-body.ts";
import type { LocalModel, LocalModelOperation } from "./reply.ts";
import { type RequestLog, readableHeaders } from "./request-log.ts";
import { toStreamEvents } from "./response-events.ts";
import { isHealthCheck, type Route, routeOf } from "./routes.ts";
import { publicFaultOf, refusal, toServiceFault } from "./service-fault.ts";
import { toResponse } from "./to-response.ts";
import { decodeBytes } from "./wire-bytes.ts";

/** What an endpoint works with. */
export interface Endpoint {
  readonly model: LocalModel;
  readonly pauseMs: number;
  readonly log: RequestLog;
  readonly promptCache: PromptCache;
  /** Undefined unless faults were asked for: no request can then ask for one. */
  readonly faultPlan: FaultPlan | undefined;
  /** Fires when the endpoint closes. */
  readonly signal: AbortSignal;
  /** Told of whatever was thrown that is no service error. */
  readonly onUnexpected: (thrown: unknown) => void;
}

const SELF_DESCRIPTION =
  "dcaf local: a Bedrock-compatible endpoint for tests. POST /model/{modelId}/converse or converse-stream.\n";

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
    const exchange: Exchange = {
      request,
      response,
      signal: AbortSignal.any([gone.signal, endpoint.signal]),
      pauseMs: endpoint.pauseMs,
      faults: new RequestFaults([]),
      note: () => {},
      isBodyTaken: false,
    };
    serve(endpoint, exchange).catch((thrown: unknown) => {
      if (exchange.signal.aborted) return;
      endpoint.onUnexpected(thrown);
      response.destroy();
    });
  };
}

async function serve(endpoint: Endpoint, exchange: Exchange): Promise<void> {
  const { request, response, signal } = exchange;
  let answer: Answer;
  try {
    assertAddressed(request.headers);
    if (isHealthCheck(request.method, request.url)) return answerText(response, SELF_DESCRIPTION);
    answer = await answerRequest(endpoint, exchange);
  } catch (thrown) {
    signal.throwIfAborted();
    if (toServiceFault(thrown) === undefined) endpoint.onUnexpected(thrown);
    const fault = publicFaultOf(thrown);
    if (!exchange.isBodyTaken && hasUnstoppableBody(request)) {
      exchange.note(fault.status);
      return answerFaultAndClose(request, response, fault);
    }
    answer = faultAnswer(fault);
  }
  await deliver(exchange, answer);
}

/** What a request is answered. Throws whatever it is to be refused with. */
async function answerRequest(endpoint: Endpoint, exchange: Exchange): Promise<Answer> {
  const { request, response } = exchange;
  const route = routeOf(request.method, request.url);
  if (route === undefined) {
    throw refusal("UnknownOperationException", "There is no such operation.");
  }
  const body = await receive(endpoint, exchange, route);
  const refused = refuseByFault(exchange.faults, request.headers, response);
  if (refused !== undefined) return faultAnswer(refused);
  if (!isRecord(body)) {
    throw refusal("SerializationException", "The request body is not a JSON object.");
  }
  const { operation, modelId } = route;
  if (operation === "count-tokens") return jsonAnswer({ inputTokens: countTokens(body, modelId) });
  const reply = await askModel(endpoint, exchange, { ...body, modelId }, operation);
  return operation === "converse" ? jsonAnswer(reply) : streamAnswer(toStreamEvents(reply));
}

/** Admits a request, reads its body and puts it into the log; the body is undefined if not JSON. */
async function receive(endpoint: Endpoint, exchange: Exchange, route: Route): Promise<unknown> {
  const { request } = exchange;
  const { headers, httpVersion } = request;
  const receivedAt = new Date();
  const arrived = { ...route, headers: readableHeaders(headers), httpVersion, receivedAt };
  const keep = (body: unknown, bodyBytes: number) => {
    const kept = { ...arrived, body, faults: exchange.faults.applied };
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
  try {
    const faults = endpoint.faultPlan?.of({ ...arrived, body });
    if (faults !== undefined) exchange.faults = faults;
  } finally {
    keep(body, bytes?.length ?? 0);
  }
  if (bytes === undefined) {
    throw refusal("RequestEntityTooLarge", "The request body is too large.");
  }
  if (isDeep) throw refusal("ValidationException", "The request body is nested too deeply.");
  return body;
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
