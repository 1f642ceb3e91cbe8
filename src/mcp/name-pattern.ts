// Which tools are meant by a list of names and patterns. `*` stands for any run of characters and there
// is nothing else to know; no regular expression is made of a pattern, so none can run away.

/** Whether `name` is the pattern, or what becomes of it when each `*` is replaced by some text, perhaps none. */
export function matchesPattern(name: string, pattern: string): boolean {
  let nameAt = 0;
  let patternAt = 0;
  let starAt = -1;
  let triedFrom = 0;
  while (nameAt < name.length) {
    if (pattern[patternAt] === "*") {
      starAt = patternAt;
      triedFrom = nameAt;
      patternAt += 1;
    } else if (pattern[patternAt] === name[nameAt]) {
      nameAt += 1;
      patternAt += 1;
    } else if (starAt !== -1) {
      // Only the last star has to give way: an earlier one that took more would leave less for the rest.
      triedFrom += 1;
      nameAt = triedFrom;
      patternAt = starAt + 1;
    } else return false;
  }
  while (pattern[patternAt] === "*") patternAt += 1;
  return patternAt === pattern.length;
}

/** Whether any of `patterns` means `name`. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesPattern(name, pattern));
}

/** The names among `patterns`, which are those without a `*`, that no tool has. */
export function unknownNames(patterns: readonly string[], names: readonly string[]): string[] {
  const known = new Set(names);
  return patterns.filter((pattern) => !pattern.includes("*") && !known.has(pattern));
}
