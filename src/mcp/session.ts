// One connection to a server, from its handshake to its end. Who brings back a lost one is the
// supervisor; a session is lost once and never comes back.

import type { CallToolResult, Client, ClientOptions, Progress } from "@modelcontextprotocol/client";
import { tellLogger } from "../core/logger.ts";
import { MAX_TIMER_MS } from "../core/options.ts";
import { untilAborted } from "../core/until-aborted.ts";
import { VERSION } from "../core/version.ts";
import { HttpTransport } from "./http-transport.ts";
import type { McpSettings } from "./mcp-options.ts";
import { StdioTransport } from "./stdio-transport.ts";
import { type ListedTool, listTools, type ToolList } from "./tool-list.ts";

type Sdk = typeof import("@modelcontextprotocol/client");

/** Which handshake a server knows: that of the revision from 2026-07-28 on, or the one before. */
export type Era = "unknown" | "legacy" | "modern";

const NO_TOOLS: ToolList = { tools: new Map(), skipped: [] };

/** What a call is run with. */
export interface SessionCall {
  /** Its reason is told to the server. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** A live connection. */
export class McpSession {
  readonly #settings: McpSettings;
  readonly #transport: StdioTransport | HttpTransport;
  readonly #client: Client;
  /** Undefined when the server has said that its tools are others now. */
  #list: Promise<ToolList> | undefined;
  #openCalls = 0;
  #ondrained: (() => void) | undefined;
  #closed: Promise<void> | undefined;
  #isRetired = false;
  #isLive = true;
  /** When it was ready, by the clock that only goes forward. */
  readonly openedAtMs: number = performance.now();
  /**
   * Told in words that follow “the server”, and whether it is in order and only has to be asked anew; not
   * when it was closed from here.
   */
  onlost?: (why: string, isInOrder: boolean) => void;

  constructor(settings: McpSettings, sdk: Sdk) {
    const { target, name, logger, startTimeoutMs } = settings;
    this.#settings = settings;
    if (target.kind === "stdio") {
      this.#transport = new StdioTransport(target, name);
      this.#transport.onstrayline = () => {
        const text = `MCP server “${name}” writes lines that are no messages to its standard output; they are passed over.`;
        tellLogger(logger, "warn", text);
      };
    } else {
      this.#transport = new HttpTransport(target, sdk.StreamableHTTPClientTransport);
      this.#transport.onstreamlost = () => this.#loseNotices();
    }
    const onChanged = (): void => {
      this.#list = undefined;
    };
    // A process that does not answer what it does not know is asked in the old way then.
    const probeMs = target.kind === "stdio" ? startTimeoutMs / 2 : MAX_TIMER_MS;
    const options: ClientOptions = {
      capabilities: {},
      versionNegotiation: { mode: "auto", probe: { timeoutMs: probeMs } },
      // Whatever asks for a person's input is not asked twice.
      inputRequired: { autoFulfill: false },
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged } },
    };
    this.#client = new sdk.Client({ name: "dcaf", version: VERSION }, options);
    // Also of a server that did not announce it.
    this.#client.setNotificationHandler("notifications/tools/list_changed", onChanged);
    this.#client.onclose = () => {
      // Over HTTP it is only closed from here.
      const isProcess = this.#transport instanceof StdioTransport;
      const lostBecause = isProcess ? this.#transport.lostBecause : undefined;
      if (lostBecause !== undefined) this.#lose(lostBecause, false);
    };
  }

  /** The handshake and the first list. `signal` is that of the whole start. */
  async open(era: Era, signal: AbortSignal): Promise<ToolList> {
    const prior = era === "legacy" ? { prior: { kind: "legacy" as const } } : {};
    await this.#client.connect(this.#transport, { timeout: MAX_TIMER_MS, signal, ...prior });
    void this.#client.autoOpenedSubscription?.closed.then((end) => {
      if (end !== "local") this.#loseNotices();
    });
    return await this.tools(signal);
  }

  get era(): Era {
    return this.#client.getProtocolEra() ?? "unknown";
  }

  get isLive(): boolean {
    return this.#isLive && !this.#isRetired;
  }

  /** Whether the server knows this session by an id, which it may forget. */
  get hasId(): boolean {
    return this.#transport instanceof HttpTransport && this.#transport.sessionId !== undefined;
  }

  /** The tools as they are now: asked for again when the server has said that they changed. */
  async tools(signal: AbortSignal): Promise<ToolList> {
    for (;;) {
      const asked = this.#list ?? this.#askForTools();
      const list = await untilAborted(asked, signal);
      // They may have changed again meanwhile; a server that goes on so is bounded by the caller's time.
      if (this.#list === asked) return list;
    }
  }

  #askForTools(): Promise<ToolList> {
    const { name, startTimeoutMs: timeout } = this.#settings;
    const hasTools = this.#client.getServerCapabilities()?.tools !== undefined;
    const asked = hasTools ? listTools(this.#client, name, { timeout }) : Promise.resolve(NO_TOOLS);
    this.#list = asked;
    asked.catch(() => {
      if (this.#list === asked) this.#list = undefined;
    });
    return asked;
  }

  /** Runs a tool. Rejects as the library does. */
  async call(
    tool: ListedTool,
    input: Record<string, unknown>,
    { signal, onProgress }: SessionCall,
  ): Promise<CallToolResult> {
    const { name, inputSchema } = tool;
    this.#openCalls += 1;
    try {
      return await this.#client.callTool(
        { name, arguments: input },
        {
          // The time of a call is its caller's.
          timeout: MAX_TIMER_MS,
          signal,
          onprogress: onProgress,
          // Without its output schema: what does not fit it was done all the same, and the model reads it.
          toolDefinition: { name, inputSchema: { ...inputSchema, type: "object" } },
        },
      );
    } finally {
      this.#openCalls -= 1;
      if (this.#openCalls === 0) this.#ondrained?.();
    }
  }

  /** Takes no more calls, and closes when those under way have ended. Resolves when it is closed. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    if (this.#openCalls > 0) {
      await new Promise<void>((resolve) => {
        this.#ondrained = resolve;
      });
    }
    await this.close();
  }

  /** Resolves when nothing is left of it. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#isLive = false;
    await this.#transport.close();
    await this.#client.close();
  }

  /** As `close`, without a word to the server. */
  async kill(): Promise<void> {
    this.#isLive = false;
    await this.#transport.kill();
  }

  /** Without them nobody would hear of tools that change. */
  #loseNotices(): void {
    this.#lose("ended its stream of notices", true);
  }

  #lose(why: string, isInOrder: boolean): void {
    if (!this.#isLive) return;
    // What is under way over HTTP goes on.
    this.#isLive = this.#transport instanceof HttpTransport;
    this.onlost?.(why, isInOrder);
  }
}
