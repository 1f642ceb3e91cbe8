// Patterns of JSON Schema as regular expressions of JavaScript. They are run as they are: how long one takes
// for a hostile text is up to whoever wrote it.

/** Escaped without need where other dialects allow it; meaning the character itself. */
const NEEDLESS_ESCAPE = /\\(?:([-_@:"'#%&!,;=<>~` ])|[\s\S])/g;

/** The pattern as Unicode rules have it, which JSON Schema asks for; undefined for what is none. */
export function toUnicodePattern(pattern: string): string | undefined {
  if (isPattern(pattern)) return pattern;
  const plain = pattern.replaceAll(NEEDLESS_ESCAPE, (whole, char?: string) =>
    char === undefined ? whole : `\\x${char.charCodeAt(0).toString(16)}`,
  );
  return isPattern(plain) ? plain : undefined;
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return true;
  } catch {
    return false;
  }
}
