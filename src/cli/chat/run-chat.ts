// The turns of a chat: read, answer, tell what went wrong, go on.

import type { ConverseResponse, RequestChange } from "../../index.ts";
import { describeWarnings } from "../explanation.ts";
import { InterruptedError } from "../interruption.ts";
import { writeRemark, writeResult } from "../output.ts";
import { describeFailure } from "../report.ts";
import { describeCut } from "../usage.ts";
import type { ChatInput } from "./chat-input.ts";
import type { Conversation } from "./conversation.ts";

const HELP = `/help   this
/reset  forget the conversation
/exit   leave
Ctrl-C  stop an answer; a second one leaves
Ctrl-D  leave
`;

/**
 * Talks until the input ends or says `/exit`. A turn that fails is told on stderr and forgotten.
 *
 * @returns how many turns failed; stopped ones do not count.
 * @throws InterruptedError when the user leaves with Ctrl-C.
 */
export async function runChat(input: ChatInput, conversation: Conversation): Promise<number> {
  let failures = 0;
  const told = new Set<string>();
  for (;;) {
    const line = await input.read();
    const text = line?.trim();
    if (text === undefined || text === "/exit") return failures;
    if (text === "") continue;
    if (text.startsWith("/") && obey(text, conversation)) continue;
    if (!(await answer(text, input, conversation, told))) failures++;
  }
}

/** Whether the text was a command, known or not; a path or a sentence is none. */
function obey(text: string, conversation: Conversation): boolean {
  if (!/^\/[a-z]+$/.test(text)) return false;
  if (text === "/reset") conversation.reset();
  const isKnown = text === "/reset" || text === "/help";
  writeRemark(text === "/reset" ? "(forgotten)\n" : isKnown ? HELP : unknown(text));
  return true;
}

function unknown(text: string): string {
  return `There is no ${text}.\n${HELP}`;
}

async function answer(
  text: string,
  input: ChatInput,
  conversation: Conversation,
  told: Set<string>,
): Promise<boolean> {
  let last = "\n";
  const endLine = async (): Promise<void> => {
    if (!last.endsWith("\n")) await writeResult("\n");
  };
  try {
    const response = await input.whileAnswering((signal) =>
      conversation.say(text, {
        signal,
        onText: async (piece) => {
          await writeResult(piece, signal);
          last = piece;
        },
      }),
    );
    await endLine();
    writeRemark(describeWarnings(untold(response, told)));
    writeRemark(describeCut(response));
    return true;
  } catch (error) {
    await endLine();
    if (error instanceof InterruptedError) throw error;
    writeRemark(isStop(error) ? "(stopped)\n" : describeFailure(error));
    return isStop(error);
  }
}

/** The warnings of an answer that no answer before it had. */
function untold({ $metadata }: ConverseResponse, told: Set<string>): RequestChange[] {
  const warnings = ($metadata?.warnings ?? []).filter(({ rule }) => !told.has(rule));
  for (const { rule } of warnings) told.add(rule);
  return warnings;
}

function isStop(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
