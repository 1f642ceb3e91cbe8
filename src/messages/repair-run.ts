// What one normalisation knows and remembers: the model, the names given so far, and where every
// block came from. Places are only worked out when somebody wants to be told of the changes.

import type { ContentBlock, ReasoningContentBlock } from "../core/content.ts";
import type { ReportChange, RequestChange } from "../core/request-change.ts";
import type { ModelTraits } from "../models/model-traits.ts";
import { BlockPlaces } from "./block-places.ts";
import { DocumentNames } from "./document-names.ts";
import type { WireNames } from "./wire-names.ts";

/** What a history is made legal for. */
export interface NormalizeTarget {
  readonly traits: ModelTraits;
  readonly names: WireNames;
  /** Whether reasoning is known to come from another model. */
  readonly isForeign?: ((block: ReasoningContentBlock) => boolean) | undefined;
  /** Whether the messages follow those of a managed prompt, so that the assistant may begin. */
  readonly continuesPrompt?: boolean | undefined;
  /** Told of every change. Without it nothing is spent on describing them. */
  readonly report?: ReportChange | undefined;
  /** Told where every block stood. @default known to the reports only */
  readonly places?: BlockPlaces | undefined;
}

/** The state of one normalisation. */
export class RepairRun {
  readonly traits: ModelTraits;
  readonly names: WireNames;
  readonly isForeign: ((block: ReasoningContentBlock) => boolean) | undefined;
  readonly continuesPrompt: boolean;
  /** Which kinds of blocks were met, so that a pass with nothing to do is left out. */
  hasToolTurns = false;
  hasDocuments = false;
  hasCachePoints = false;
  readonly #report: ReportChange | undefined;
  readonly #places: BlockPlaces;
  #documentNames: DocumentNames | undefined;
  #message = 0;
  #block = 0;
  #part: number | undefined;

  constructor({
    traits,
    names,
    isForeign,
    continuesPrompt = false,
    report,
    places,
  }: NormalizeTarget) {
    this.traits = traits;
    this.names = names;
    this.isForeign = isForeign;
    this.continuesPrompt = continuesPrompt;
    this.#report = report;
    this.#places = places ?? new BlockPlaces();
  }

  /** Made when first asked for: most histories hold no document. */
  get documentNames(): DocumentNames {
    this.#documentNames ??= new DocumentNames();
    return this.#documentNames;
  }

  /** From here on, changes are those of this block of the caller's messages. */
  enter(message: number, block: number): void {
    this.#message = message;
    this.#block = block;
    this.#part = undefined;
  }

  /** From here on, changes are those of this part of the tool result that was entered. */
  enterPart(part: number | undefined): void {
    this.#part = part;
  }

  /** The entered block, or the part of it. */
  place(member = ""): string {
    const block = `messages.${this.#message}.content.${this.#block}`;
    return `${block}${this.#part === undefined ? "" : `.toolResult.content.${this.#part}`}${member}`;
  }

  /**
   * What `work` makes of the JSON of a block, by default of the one that was entered. Throws
   * `TypeError` for JSON that ends the stack here, for it would end it again when it is written.
   */
  within<Result>(work: () => Result, block?: ContentBlock): Result {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const place = block === undefined ? this.place() : this.#pathOf(block);
      throw new TypeError(`${place} holds JSON that is nested too deep, or holds itself.`);
    }
  }

  /** Reports a change of what was entered last. `member` begins with a dot. */
  changed(
    rule: string,
    message: string,
    member = "",
    kind: RequestChange["kind"] = "repair",
  ): void {
    this.#report?.({ path: this.place(member), rule, message, kind });
  }

  /** Reports a change of a whole message. */
  changedMessage(message: number, rule: string, reason: string): void {
    this.#report?.({
      path: `messages.${message}.content`,
      rule,
      message: reason,
      kind: "repair",
    });
  }

  /**
   * Remembers that a block is, or stands for, what was entered last. One object that stands at two
   * places comes back as a copy the second time, so that each place can be told.
   */
  remember(block: ContentBlock): ContentBlock {
    if (this.#report === undefined) return block;
    const own = this.#places.has(block) ? { ...block } : block;
    this.#places.set(own, this.#message, this.#block);
    return own;
  }

  /** Remembers that a block takes the place of another one. */
  replace(given: ContentBlock, block: ContentBlock): ContentBlock {
    if (this.#report !== undefined) this.#places.copy(given, block);
    return block;
  }

  /** Reports a change of a block that was entered earlier. */
  changedLater(
    block: ContentBlock | undefined,
    rule: string,
    message: string,
    kind: RequestChange["kind"] = "repair",
  ): void {
    if (this.#report === undefined) return;
    this.#report({ path: this.#pathOf(block), rule, message, kind });
  }

  #pathOf(block: ContentBlock | undefined): string {
    return (block && this.#places.pathOf(block)) ?? "messages";
  }
}
