// What a part and its server tell each other beside the sockets, over the channel of their processes.

/** How a server is started. */
export interface ServerSettings {
  /** An unused connection is closed after this long. */
  readonly keepAliveMs: number;
  /** Whether every closed connection is told at once. */
  readonly tellsCloses: boolean;
}

/** Asked of the server; the answer bears the same number. */
export interface Question {
  readonly number: number;
  /** Sets what the server is to do from now on, where its behaviours depend on it. */
  readonly mode?: string;
}

/** How the server stands. */
export interface ServerState {
  /** Open connections. */
  readonly connections: number;
  /** Requests so far. */
  readonly requests: number;
  /** Bytes of bodies that have left the process, over all responses of a flood. */
  readonly floodedBytes: number;
  /** Warnings and errors nobody expected. */
  readonly faults: readonly string[];
}

/** Sent by the server. */
export type ServerMessage =
  | { readonly kind: "listening"; readonly port: number; readonly silentPort: number }
  | { readonly kind: "state"; readonly number: number; readonly state: ServerState }
  | {
      readonly kind: "closed";
      /** Of the machine's steady clock, which all its processes share. */
      readonly atNs: bigint;
      /** Whether it was the port that never speaks. */
      readonly isSilent: boolean;
    };
