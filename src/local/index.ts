// `dcaf/local`: an endpoint that answers as Bedrock does, for tests and for work without an account.

export type { ExceptionName } from "./faults/exceptions.ts";
export type {
  BadChecksumFault,
  ClockSkewFault,
  ErrorFrameFault,
  ExceptionFault,
  ExpiredTokenFault,
  Fault,
  FaultInput,
  FaultScope,
  LatencyFault,
  LimitDataFault,
  LocalFaultRequest,
  LocalFaults,
  ResetPeerFault,
  SlicerFault,
  ThrottleFault,
  TimeoutFault,
  TruncationFault,
} from "./faults/fault.ts";
export { formatFault, parseFaults } from "./faults/fault-text.ts";
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
