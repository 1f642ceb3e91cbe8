// Who says what, and when: blocks on the wrong side get a turn of the right one, neighbours of one
// role become one message, and system messages stand where the Messages API reads them, right after
// the user. https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages

import type { ContentBlock, ConversationRole, Message } from "../core/content.ts";
import { isCachePoint } from "./block-members.ts";
import type { RepairRun } from "./repair-run.ts";
import { hasOtherSide, isToolChange, splitSides } from "./split-sides.ts";

/** Stands for the user's part when a history was cut so that the assistant speaks first. */
const CONVERSATION_START = "(The beginning of this conversation is not shown.)";

/** Stands for the user's part when a system message follows the assistant's last words. */
const BEFORE_SYSTEM = "(A system message follows.)";

/** Puts messages in order, one after the other. The lists it is given become its own. */
export class TurnArranger {
  readonly #run: RepairRun;
  readonly #turns: Message[] = [];
  /** What stands before anything is said: it is, or can become, the system prompt. */
  readonly #leading: ContentBlock[] = [];
  /** System messages that wait for the end of a user turn. */
  #waiting: ContentBlock[] = [];
  #lastIsString = false;
  #hasToldOfWaiting = false;

  constructor(run: RepairRun) {
    this.#run = run;
  }

  /** Adds a message of blocks that are repaired. `isString`: written as one string. */
  add(role: ConversationRole, content: ContentBlock[], isString: boolean): void {
    const [first] = content;
    if (content.length === 1 && first?.text !== undefined) {
      this.#addTurn(role, content, isString);
      return;
    }
    if (!hasOtherSide(role, content)) {
      this.#addTurn(role, content, false);
      return;
    }
    const { turns, moved } = splitSides(role, content);
    for (const block of moved) this.#reportSide(block);
    for (const turn of turns) this.#addTurn(turn.role, turn.content, false);
  }

  /** All turns, in order. */
  finish(): Message[] {
    if (this.#waiting.length > 0) {
      const last = this.#turns.at(-1);
      if (last === undefined) {
        this.#leading.push(...this.#waiting);
      } else {
        if (last.role === "assistant") {
          this.#tellOfWaiting();
          this.#pushPlaceholder(BEFORE_SYSTEM, this.#waiting);
        }
        this.#push("system", this.#waiting);
      }
    }
    if (this.#leading.length === 0) return this.#turns;
    return [{ role: "system", content: this.#leading }, ...this.#turns];
  }

  #reportSide(block: ContentBlock): void {
    const isTool = block.toolUse !== undefined || block.toolResult !== undefined;
    const rule = isTool ? "tool-block-role" : "media-role";
    this.#run.changedLater(block, rule, "The block got a turn of the role it belongs to.");
  }

  #addTurn(role: ConversationRole, content: ContentBlock[], isString: boolean): void {
    const [first] = content;
    if (first === undefined) return;
    if (first.cachePoint !== undefined && content.every(isCachePoint)) {
      this.#addCachePoint(role, first);
    } else if (role === "system") {
      this.#addSystem(content, isString);
    } else {
      this.#addSpoken(role, content, isString);
    }
  }

  /** A message of cache points alone marks the end of what stands before it. */
  #addCachePoint(role: ConversationRole, block: ContentBlock): void {
    const isSystem = role === "system" && this.#waiting.length > 0;
    const before = isSystem ? this.#waiting : (this.#turns.at(-1)?.content ?? this.#leading);
    if (before.length > 0) {
      before.push(block);
      this.#lastIsString = false;
    }
    this.#run.changedLater(block, "cache-point-first", "The point belongs to what precedes it.");
  }

  #addSystem(content: ContentBlock[], isString: boolean): void {
    const canStay = this.#run.traits.systemRole !== false;
    const isSpoken = this.#turns.length > 0;
    if ((isSpoken ? this.#waiting : this.#leading).length > 0) {
      const reason = "Merged with the system message before.";
      this.#run.changedLater(content[0], "system-placement", reason);
    }
    if (!isSpoken) {
      this.#addLeading(content);
    } else if (canStay) {
      this.#waiting.push(...content);
    } else {
      const reason = "The model reads no system messages here: it is sent as the user's text.";
      this.#run.changedLater(content[0], "system-role", reason, "warning");
      this.#addSpoken("user", content, isString);
    }
  }

  /** A change of tools cannot become part of the system prompt, so it waits for the first user. */
  #addLeading(content: readonly ContentBlock[]): void {
    let list = this.#leading;
    for (const block of content) {
      if (!isCachePoint(block)) {
        list = isToolChange(block) ? this.#waiting : this.#leading;
        if (list === this.#leading) this.#tellOfWaiting();
        list.push(block);
      } else if (list.length > 0) {
        list.push(block);
      } else {
        this.#run.changedLater(block, "cache-point-first", "The point was left out.");
      }
    }
  }

  #addSpoken(role: "user" | "assistant", content: ContentBlock[], isString: boolean): void {
    let last = this.#turns.at(-1);
    if (role === "assistant" && last === undefined && !this.#run.continuesPrompt) {
      const reason = "A first user message was added, for the assistant cannot begin.";
      this.#run.changedLater(content[0], "first-message-user", reason);
      this.#pushPlaceholder(CONVERSATION_START, content);
      last = this.#turns.at(-1);
    }
    if (role === "user") this.#tellOfWaiting();
    if (last?.role === role) {
      this.#merge(last, content, isString);
      return;
    }
    if (role === "assistant" && this.#waiting.length > 0) {
      this.#push("system", this.#waiting);
      this.#waiting = [];
      this.#hasToldOfWaiting = false;
    }
    this.#push(role, content);
    this.#lastIsString = isString;
  }

  #tellOfWaiting(): void {
    if (this.#waiting.length === 0 || this.#hasToldOfWaiting) return;
    const reason = "A system message is read only after a user message: it now stands after one.";
    this.#run.changedLater(this.#waiting[0], "system-placement", reason);
    this.#hasToldOfWaiting = true;
  }

  #merge(last: Message, content: readonly ContentBlock[], isString: boolean): void {
    const reason = "Merged with the message before, which has the same role.";
    this.#run.changedLater(content[0], "roles-alternate", reason);
    const [before] = last.content;
    const [next] = content;
    if (this.#lastIsString && isString && before?.text !== undefined && next?.text !== undefined) {
      last.content = [this.#run.replace(before, { text: `${before.text}\n${next.text}` })];
      return;
    }
    for (const block of content) last.content.push(block);
    this.#lastIsString = false;
  }

  /** Lets the user say something, for the sake of what follows. */
  #pushPlaceholder(text: string, [next]: readonly ContentBlock[]): void {
    this.#push("user", [next === undefined ? { text } : this.#run.replace(next, { text })]);
  }

  #push(role: ConversationRole, content: ContentBlock[]): void {
    this.#turns.push({ role, content });
    this.#lastIsString = false;
  }
}
