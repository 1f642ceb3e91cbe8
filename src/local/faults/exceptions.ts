// The exceptions that can be asked for, and what Bedrock says with each.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors
// https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html

const UNEXPECTED =
  "The system encountered an unexpected error during processing. Try your request again.";

/** AWS names that are names of faults too. */
export type ExceptionName =
  | "AccessDeniedException"
  | "ExpiredTokenException"
  | "InternalServerException"
  | "InvalidSignatureException"
  | "ModelErrorException"
  | "ModelNotReadyException"
  | "ModelStreamErrorException"
  | "ModelTimeoutException"
  | "ResourceNotFoundException"
  | "ServiceQuotaExceededException"
  | "ServiceUnavailableException"
  | "ThrottlingException"
  | "UnrecognizedClientException"
  | "ValidationException";

/** What is said with each. */
export const EXCEPTION_MESSAGES: Readonly<Record<ExceptionName, string>> = {
  AccessDeniedException: "You don't have access to the model with the specified model ID.",
  ExpiredTokenException: "The security token included in the request is expired",
  InternalServerException: UNEXPECTED,
  InvalidSignatureException:
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  ModelErrorException: UNEXPECTED,
  ModelNotReadyException: "Model is not ready for inference. Wait and try your request again.",
  ModelStreamErrorException: UNEXPECTED,
  ModelTimeoutException: "Model has timed out in processing the request. Try your request again.",
  ResourceNotFoundException:
    "Could not resolve the foundation model from the provided model identifier.",
  ServiceQuotaExceededException: "Your request exceeds the service quota for your account.",
  ServiceUnavailableException: "Bedrock is unable to process your request.",
  ThrottlingException: "Too many requests, please wait before trying again.",
  UnrecognizedClientException: "The security token included in the request is invalid.",
  ValidationException: "Malformed input request, please reformat your input and try again.",
};

/** All of them. */
export const EXCEPTION_NAMES: readonly ExceptionName[] = Object.keys(
  EXCEPTION_MESSAGES,
) as ExceptionName[];
