// The errors Bedrock and its front end report: name, HTTP status, whether a later try may succeed,
// and what to do next. Documented at
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors
// and https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html.

import { BedrockError } from "./errors.ts";

/** Why a later try may succeed: the caller was too fast, or the service stumbled. */
export type RetryKind = "throttling" | "transient";

interface ServiceErrorFacts {
  readonly status: number;
  readonly retry?: RetryKind;
  readonly hint: string;
}

const RENEW_CREDENTIALS =
  "Renew the credentials: with DuploCloud run `dcaf env-update-aws-creds`, with IAM Identity Center `aws sso login`.";

const FACTS = new Map<string, ServiceErrorFacts>(
  Object.entries({
    AccessDeniedException: {
      status: 403,
      hint: "Check that the identity may call bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on this model and its inference profile, and that model access is granted in this region.",
    },
    ValidationException: {
      status: 400,
      hint: "The request itself is refused; the message names the place. Sending it again will not help.",
    },
    ResourceNotFoundException: {
      status: 404,
      hint: "Check the model id and the region: the model may be unknown there, retired, or still need its use-case form.",
    },
    ThrottlingException: {
      status: 429,
      retry: "throttling",
      hint: "Too many requests or tokens per minute: slow down, lower maxTokens (it is reserved up front), or ask for a higher quota.",
    },
    ModelNotReadyException: {
      status: 429,
      retry: "throttling",
      hint: "The model is being loaded; try again in a few minutes.",
    },
    ModelTimeoutException: {
      status: 408,
      hint: "The model took too long: ask for less, or use invokeStream.",
    },
    ModelErrorException: {
      status: 424,
      hint: "The model failed on this request; one more try is reasonable.",
    },
    ModelStreamErrorException: {
      status: 424,
      retry: "transient",
      hint: "The model failed while answering; send the request again.",
    },
    InternalServerException: {
      status: 500,
      retry: "transient",
      hint: "A fault inside Bedrock; try again, and quote the request id to AWS if it stays.",
    },
    ServiceUnavailableException: {
      status: 503,
      retry: "transient",
      hint: "Bedrock is short of capacity; try again later, or use a cross-region inference profile.",
    },
    ServiceQuotaExceededException: {
      status: 400,
      hint: "A quota of the account is used up; ask for a higher one in Service Quotas.",
    },
    ExpiredTokenException: {
      status: 403,
      hint: `The credentials have expired. ${RENEW_CREDENTIALS}`,
    },
    UnrecognizedClientException: {
      status: 403,
      hint: `The access key or API key is unknown, expired or of another partition. ${RENEW_CREDENTIALS}`,
    },
    InvalidSignatureException: {
      status: 403,
      hint: "Check this machine's clock and the secret access key.",
    },
    IncompleteSignature: {
      status: 400,
      hint: "The Authorization header was changed on its way: look for a proxy that rewrites headers.",
    },
    MissingAuthenticationTokenException: {
      status: 403,
      hint: "The request arrived unsigned: look for a proxy that removes headers.",
    },
    OptInRequired: { status: 403, hint: "Enable Bedrock for this account and region." },
    NotAuthorized: { status: 401, hint: "The identity may not do this; check its IAM policy." },
    RequestExpired: { status: 400, hint: "Check this machine's clock." },
    RequestEntityTooLarge: {
      status: 413,
      hint: "Send less: shorten the history, or put media into S3.",
    },
    RequestTimeoutException: {
      status: 408,
      retry: "transient",
      hint: "The request took too long to arrive; try again.",
    },
    ProxyAuthenticationRequired: {
      status: 407,
      hint: "The proxy wants a user name and password: put them into HTTPS_PROXY.",
    },
    UnknownOperationException: {
      status: 404,
      hint: "The endpoint does not know Converse: it should be that of bedrock-runtime.",
    },
  } satisfies Record<string, ServiceErrorFacts>),
);

/** Names that AWS's front ends give to a fault of theirs. */
const TRANSIENT_NAMES = new Set([
  "InternalFailure",
  "InternalError",
  "InternalServerError",
  "ServiceUnavailable",
  "RequestTimeout",
]);

/** Names other AWS services give to a throttle; a proxy in front of Bedrock may use them. */
const THROTTLE_NAMES = new Set([
  "Throttling",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "LimitExceededException",
  "SlowDown",
]);

/** Parts of a message that say more than the name does; the first that fits wins. */
const MESSAGE_HINTS: readonly (readonly [fragment: string, hint: string])[] = [
  [
    "on-demand throughput isn",
    "This model is reached through an inference profile: put a prefix such as `us.`, `eu.` or `global.` before the id.",
  ],
  [
    "model identifier is invalid",
    "Check the spelling of the model id, its prefix, and that the region offers it.",
  ],
  ["Too many tokens per day", "The daily token quota is used up; it is not worth retrying today."],
  [
    "use case details have not been submitted",
    "Submit Anthropic's use-case form once for the account, in the Bedrock console.",
  ],
  [
    "did not allow prompt caching",
    "This model does not cache prompts: leave out the cachePoint blocks.",
  ],
  ["tool use in streaming mode", "This model calls tools in `invoke` only, not in `invokeStream`."],
  [
    "Input is too long",
    "The conversation exceeds the model's context window: shorten the history or choose a larger model.",
  ],
  [
    "prompt is too long",
    "The conversation exceeds the model's context window: shorten the history or choose a larger model.",
  ],
];

/**
 * The model began a tool call and spoilt it, which it seldom does twice.
 * https://github.com/strands-agents/harness-sdk/issues/649
 */
const SPOILT_TOOL_CALL = "invalid sequence as part of ToolUse";

/** What is said when the tokens or requests of a minute are used up. */
const QUOTA_PER_MINUTE = /too many (tokens|requests), please wait/i;
const QUOTA_PER_DAY = /too many (tokens|requests) per day/i;

/** Whether an error is a throttle by a quota that comes back within a minute. */
export function isQuotaPerMinute({ code, message }: BedrockError): boolean {
  return retryKindOf(code, 429, message) === "throttling" && QUOTA_PER_MINUTE.test(message);
}

/** HTTP status Bedrock gives to an error of this name; 400 when unknown. */
export function statusOfServiceError(name: string): number {
  return FACTS.get(name)?.status ?? 400;
}

/** Whether an error is worth another try, by its name, else by its status. */
export function retryKindOf(name: string, status?: number, message = ""): RetryKind | undefined {
  if (QUOTA_PER_DAY.test(message)) return undefined;
  if (message.includes(SPOILT_TOOL_CALL)) return "transient";
  const facts = FACTS.get(name);
  if (facts !== undefined) return facts.retry;
  if (THROTTLE_NAMES.has(name) || status === 429) return "throttling";
  if (TRANSIENT_NAMES.has(name)) return "transient";
  if (status === 500 || status === 502 || status === 503 || status === 504) return "transient";
  return undefined;
}

/** What to do about an error, when there is something to say. */
export function hintFor(name: string, message = ""): string | undefined {
  for (const [fragment, hint] of MESSAGE_HINTS) {
    if (message.includes(fragment)) return hint;
  }
  return FACTS.get(name)?.hint;
}

/** A name as AWS gives them. What does not look like one is not repeated: it came from anywhere. */
const AWS_NAME = /^[A-Za-z][A-Za-z0-9_.]{0,127}$/;

/** Longer messages are cut: they are the service's words, not a place for payloads. */
const MAX_MESSAGE_LENGTH = 2000;

/** The name in what a header, a body or a frame says, or undefined when it is none. */
export function toServiceErrorName(text: string | undefined): string | undefined {
  const name = text?.split(":")[0]?.split("#").at(-1)?.trim();
  return name !== undefined && AWS_NAME.test(name) ? name : undefined;
}

/** An error of Bedrock's, complete with hint and whether it is worth repeating. */
export function serviceError(
  name: string,
  message: string,
  facts: {
    status?: number | undefined;
    requestId?: string | undefined;
    retryAfterMs?: number | undefined;
    hint?: string | undefined;
    /** Said after the hint. */
    remark?: string | undefined;
  } = {},
): BedrockError {
  const { remark, ...known } = facts;
  const hint = [facts.hint ?? hintFor(name, message), remark].filter((text) => text !== undefined);
  return new BedrockError(message.slice(0, MAX_MESSAGE_LENGTH), {
    ...known,
    code: name,
    retryable: retryKindOf(name, facts.status, message) !== undefined,
    hint: hint.length === 0 ? undefined : hint.join(" "),
  });
}
