// Patterns of JSON Schema as regular expressions. They are run as they are: how long one takes for a
// hostile text is up to whoever wrote it.

import { cut } from "./schema-issues.ts";

/** Escaped without need where other dialects allow it; meaning the character itself. */
const NEEDLESS_ESCAPE = /\\(?:([-_@:"'#%&!,;=<>~` ])|[\s\S])/g;

/** Compiles a pattern with Unicode rules, as JSON Schema has it; `place` opens the `TypeError` of one that is none. */
export function compilePattern(pattern: string, place: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    const plain = pattern.replaceAll(NEEDLESS_ESCAPE, (whole, char?: string) =>
      char === undefined ? whole : `\\x${char.charCodeAt(0).toString(16)}`,
    );
    if (plain !== pattern) return compilePattern(plain, place);
    const reason = error instanceof Error ? error.message : "";
    throw new TypeError(`${place}: not a regular expression of JavaScript: ${cut(reason, 200)}`);
  }
}
