// `dcaf chat`: a conversation at the terminal, or from a pipe with one message a line.

import type { Command } from "commander";
import { CommandError } from "../failures.ts";
import { addModelOptions, type ModelOptions } from "../model-options.ts";
import { withModelSession } from "../model-session.ts";
import { writeRemark } from "../output.ts";

/** Adds the command to the program. */
export function addChatCommand(program: Command): void {
  const command = program
    .command("chat")
    .summary("talk with a model")
    .description(
      "Talks with a model. Ctrl-C stops an answer, a second one leaves, as do Ctrl-D and /exit; /help tells more.\n" +
        "What came of a stopped answer stays in the conversation. A pipe is read as one message a line.",
    );
  addModelOptions(command).action((options: ModelOptions) => chat(options));
}

async function chat(options: ModelOptions): Promise<void> {
  const { Conversation } = await import("../chat/conversation.ts");
  const { runChat } = await import("../chat/run-chat.ts");
  await withModelSession(options, async ({ llm, modelId, request }) => {
    const input = await openInput();
    if (process.stdin.isTTY) {
      writeRemark(`${modelId} listens. /help tells what else there is.\n`);
    }
    try {
      const failures = await runChat(input, new Conversation(llm, request));
      // At a terminal the user has seen and answered them; a script has only the status.
      if (failures > 0 && !process.stdin.isTTY) {
        throw new CommandError(`${failures} of the messages got no answer.`);
      }
    } finally {
      input.close();
    }
  });
}

async function openInput() {
  if (!process.stdin.isTTY) {
    const { createPipedInput } = await import("../chat/chat-input.ts");
    return createPipedInput(process.stdin);
  }
  const { TerminalInput } = await import("../chat/terminal-input.ts");
  return new TerminalInput(process.stdin, process.stderr.isTTY ? process.stderr : process.stdout);
}
