// The views of an object that is being written, for one reader, who always gets the newest: what he did
// not come for in time he is not shown. Nothing is parsed while there is no reader.

import { GrowingText } from "../../core/growing-text.ts";
import type { JsonValue } from "../../core/json.ts";
import { PartialJson } from "./partial-json.ts";

/** What of a view is the reader's; undefined for none yet. */
export type Unwrap = (view: JsonValue) => JsonValue | undefined;

/** How it ended. */
type Outcome = { readonly object: unknown } | { readonly error: Error };

/** Between the call, which adds what comes, and the reader of its partial objects. */
export class PartialObjects {
  #json = new PartialJson();
  /** What has come of the answer, for a reader who has yet to come. */
  #unread = new GrowingText();
  #unwrap: Unwrap = (view) => view;
  #isRead = false;
  #outcome: Outcome | undefined;
  #wake = (): void => {};

  /** Another answer begins; what came of the one before is no part of it. */
  restart(unwrap: Unwrap): void {
    this.#json = new PartialJson();
    this.#unread = new GrowingText();
    this.#unwrap = unwrap;
  }

  add(piece: string): void {
    if (!this.#isRead) {
      this.#unread.add(piece);
      return;
    }
    this.#json.add(piece);
    if (this.#json.isNew) this.#wake();
  }

  end(outcome: Outcome): void {
    this.#outcome = outcome;
    this.#unread = new GrowingText();
    this.#wake();
  }

  /**
   * The views as they come, then the object itself; throws what the call fails with. `leave` is called
   * when the reader goes before the end. A second reader is a `TypeError`.
   */
  async *read(leave: () => void): AsyncGenerator<unknown, undefined, undefined> {
    if (this.#isRead) throw new TypeError("This stream is being read already; await the call.");
    this.#isRead = true;
    this.#json.add(this.#unread.toString());
    this.#unread = new GrowingText();
    try {
      while (this.#outcome === undefined) {
        const view = this.#json.isNew ? this.#json.view() : undefined;
        const own = view === undefined ? undefined : this.#unwrap(view);
        if (own !== undefined) yield own;
        else await this.#news();
      }
    } finally {
      if (this.#outcome === undefined) leave();
    }
    if ("error" in this.#outcome) throw this.#outcome.error;
    yield this.#outcome.object;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
