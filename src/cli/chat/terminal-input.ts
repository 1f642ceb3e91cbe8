// Messages typed at a terminal. The terminal stays in raw mode all the time, so Ctrl-C is a key like
// any other: it reaches the line editor between the answers and stops the answer during one.

import { createInterface, type Interface } from "node:readline";
import { PassThrough, type Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { ReadStream } from "node:tty";
import { InterruptedError } from "../interruption.ts";
import type { ChatInput } from "./chat-input.ts";
import { LEAVE_PASTES, MARK_PASTES, PasteBuffer } from "./paste.ts";

const PROMPT = "> ";
const CTRL_C = "\x03";
const HOW_TO_LEAVE = "(Ctrl-C again or Ctrl-D leaves.)\n";

interface Reader {
  readonly resolve: (line: string | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** A line editor that knows about answers. Lines typed during an answer wait until it is over. */
export class TerminalInput implements ChatInput {
  readonly #terminal: ReadStream;
  readonly #screen: Writable;
  readonly #keys = new PassThrough();
  readonly #decoder = new StringDecoder("utf8");
  readonly #pastes = new PasteBuffer();
  readonly #editor: Interface;
  readonly #lines: string[] = [];
  #reader: Reader | undefined;
  /** Fires for Ctrl-C during an answer. */
  #answer: AbortController | undefined;
  #typedAhead = "";
  /** Whether the next Ctrl-C leaves: the one before was Ctrl-C too. */
  #isLeaving = false;
  #isOver = false;

  /** `screen` shows the prompt and what is typed. */
  constructor(terminal: ReadStream, screen: Writable) {
    this.#terminal = terminal;
    this.#screen = screen;
    this.#editor = createInterface({
      input: this.#keys,
      output: screen,
      terminal: true,
      prompt: PROMPT,
    });
    this.#editor.on("line", (line) => this.#onLine(line));
    this.#editor.on("SIGINT", () => this.#onInterrupt());
    this.#editor.on("close", () => this.#onEnd());
    terminal.setRawMode(true);
    terminal.on("data", this.#onData);
    terminal.on("end", this.#onTerminalEnd);
    screen.write(MARK_PASTES);
  }

  read(): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const line = this.#lines.shift();
      if (line !== undefined || this.#isOver) {
        resolve(line);
        return;
      }
      this.#reader = { resolve, reject };
      this.#editor.prompt();
      const typedAhead = this.#typedAhead;
      this.#typedAhead = "";
      this.#keys.write(typedAhead);
    });
  }

  async whileAnswering<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#answer = controller;
    try {
      return await work(controller.signal);
    } finally {
      this.#answer = undefined;
    }
  }

  close(): void {
    this.#terminal.off("data", this.#onData);
    this.#terminal.off("end", this.#onTerminalEnd);
    this.#editor.close();
    this.#terminal.setRawMode(false);
    this.#terminal.pause();
    this.#screen.write(LEAVE_PASTES);
  }

  #onData = (chunk: Buffer): void => {
    const keys = this.#pastes.accept(this.#decoder.write(chunk));
    if (this.#reader !== undefined) {
      this.#keys.write(keys);
      return;
    }
    if (keys.includes(CTRL_C)) {
      // As in a shell, what was typed ahead goes with what is interrupted.
      this.#typedAhead = "";
      this.#lines.length = 0;
      this.#onInterrupt();
      return;
    }
    this.#typedAhead += keys;
  };

  #onTerminalEnd = (): void => {
    this.#keys.end();
  };

  #onLine(line: string): void {
    this.#isLeaving = false;
    const text = this.#pastes.expand(line);
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) this.#lines.push(text);
    else reader.resolve(text);
  }

  #onInterrupt(): void {
    if (this.#answer !== undefined && !this.#answer.signal.aborted) {
      this.#isLeaving = true;
      this.#answer.abort(new InterruptedError());
      return;
    }
    if (this.#editor.line !== "") {
      this.#isLeaving = false;
      this.#editor.write(null, { ctrl: true, name: "e" });
      this.#editor.write(null, { ctrl: true, name: "u" });
      return;
    }
    if (this.#isLeaving) {
      this.#leave();
      return;
    }
    this.#isLeaving = true;
    this.#screen.write(`\n${HOW_TO_LEAVE}`);
    this.#editor.prompt();
  }

  /** Ends a read with an error; an answer that will not stop is not waited for. */
  #leave(): void {
    this.#screen.write("\n");
    if (this.#reader === undefined) {
      this.close();
      process.exit(new InterruptedError().exitStatus);
    }
    this.#reader.reject(new InterruptedError());
    this.#reader = undefined;
  }

  #onEnd(): void {
    this.#isOver = true;
    if (this.#reader !== undefined) this.#screen.write("\n");
    this.#reader?.resolve(undefined);
    this.#reader = undefined;
  }
}
