// What is asked: a word, a long history, a large image.

import type { Turn } from "./clients/client.ts";

/** A conversation by name, so that it can be told to another process. */
export type Conversation =
  | { readonly kind: "hello" }
  | { readonly kind: "history"; readonly messages: number }
  | { readonly kind: "image"; readonly bytes: number };

const PNG_HEAD = Buffer.from("89504e470d0a1a0a0000000d49484452000007d0000007d00802000000", "hex");

/** Makes the turns. A history begins and ends with the user. */
export function turnsOf(conversation: Conversation): Turn[] {
  switch (conversation.kind) {
    case "hello":
      return [{ role: "user", text: "Say hello to the sea." }];
    case "history":
      return Array.from({ length: conversation.messages | 1 }, (_, index) => ({
        role: index % 2 === 0 ? "user" : "assistant",
        text: `This is message ${index} of a longer talk about the sea, the wind and the boats. `.repeat(
          1 + (index % 4),
        ),
      }));
    case "image":
      return [{ role: "user", text: "What is on it?", png: picture(conversation.bytes) }];
  }
}

/** The head of a picture of 2,000 by 2,000 points, and what nobody looks at. */
function picture(bytes: number): Uint8Array {
  const png = Buffer.alloc(bytes);
  for (let index = 0; index < bytes; index += 1) png[index] = (index * 2_654_435_761) >>> 24;
  PNG_HEAD.copy(png);
  return png;
}
