// `dcaf/local`: an endpoint that answers as Bedrock does, for tests and for work without an account.

export type {
  LocalContent,
  LocalDetailedReply,
  LocalModel,
  LocalModelOperation,
  LocalModelRequest,
  LocalReply,
} from "./reply.ts";
export type { LocalRequest } from "./request-log.ts";
export type { LocalOperation } from "./routes.ts";
export {
  type LocalBedrock,
  type LocalBedrockOptions,
  startLocalBedrock,
} from "./start-local-bedrock.ts";
