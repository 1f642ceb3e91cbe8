// A conversation with a model: what was said so far, and one turn at a time.

import type { ConverseResponse, InvokeOptions, Message } from "../../index.ts";

/** The part of the client a conversation needs. */
export interface StreamingModel {
  invokeStream(options: InvokeOptions): {
    text(): AsyncIterable<string>;
    response(): Promise<ConverseResponse>;
  };
}

/** What one turn needs besides the words. */
export interface TurnOptions {
  readonly signal: AbortSignal;
  /** Called with each piece of the answer; the next one waits for it. */
  readonly onText: (text: string) => Promise<void>;
}

/** Keeps the history. Only turns that make a legal history are kept: a question with its answer. */
export class Conversation {
  readonly #model: StreamingModel;
  readonly #request: Omit<InvokeOptions, "messages" | "signal">;
  #messages: readonly Message[] = [];

  /** `request` is sent with every turn. */
  constructor(model: StreamingModel, request: Omit<InvokeOptions, "messages" | "signal"> = {}) {
    this.#model = model;
    this.#request = request;
  }

  /** What is sent along with the next turn. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Forgets everything said. */
  reset(): void {
    this.#messages = [];
  }

  /**
   * Says something and hears the answer to its end. When the signal stops it, the text that came so
   * far is kept as the answer; without any, and after every other failure, it is as if nothing had
   * been said. Rejects with what the model's stream rejects with.
   */
  async say(text: string, { signal, onText }: TurnOptions): Promise<ConverseResponse> {
    const asked: Message[] = [...this.#messages, { role: "user", content: [{ text }] }];
    const stream = this.#model.invokeStream({ ...this.#request, messages: asked, signal });
    let heard = "";
    try {
      for await (const piece of stream.text()) {
        heard += piece;
        await onText(piece);
      }
      const response = await stream.response();
      const answer = response.output.message;
      if (answer.content.length > 0) this.#messages = [...asked, answer];
      return response;
    } catch (error) {
      if (signal.aborted && heard.trim() !== "") {
        this.#messages = [...asked, { role: "assistant", content: [{ text: heard }] }];
      }
      throw error;
    }
  }
}
