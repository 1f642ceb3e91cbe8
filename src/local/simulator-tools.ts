// Which tools a prompt calls for: those whose names, or enough of their descriptions, it mentions.

import type { ToolSpecification } from "../core/converse-request.ts";

/** Words that say nothing about what a tool is for. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
  `a an and any are as at be by can current do does for from get given has have how i if in into is it its
  me my of on or our please return returns run set so tell that the their them then this to tool use
  used user using value was what whats when where which who will with you your`.split(/\s+/),
);

/** What a prompt may mention without using the word that tools are named after. */
const CONCEPTS: readonly (readonly [prompt: RegExp, words: readonly string[]])[] = [
  [/\d\s*[-+*/×÷^]\s*\d/, ["calculator", "calculate", "calculation", "math", "arithmetic"]],
  [/\b(?:temperature|rain|raining|sunny|forecast|umbrella)\b/i, ["weather", "forecast"]],
  [/\bwhat time\b|\bo'clock\b/i, ["time", "clock"]],
  [/\b(?:plus|times|minus|divided by|multiplied by)\b/i, ["calculator", "calculate", "math"]],
];

const MIN_DESCRIPTION_WORDS = 2;
const NAME_SCORE = 3;
const VERBATIM_SCORE = 100;

interface Candidate {
  readonly tool: ToolSpecification;
  /** Words of the prompt that speak for the tool. */
  readonly words: ReadonlySet<string>;
  readonly score: number;
}

/** The tools a prompt calls for, in the order of the request; none when none fits. */
export function fittingTools(
  tools: readonly ToolSpecification[],
  prompt: string,
): ToolSpecification[] {
  const candidates = rate(tools, prompt).filter(({ score }) => score > 0);
  return candidates
    .filter((one) => !candidates.some((other) => isBetter(other, one, candidates)))
    .map(({ tool }) => tool);
}

/** The tool to call when one must be: the best, and the first of equals. */
export function bestTool(
  tools: readonly ToolSpecification[],
  prompt: string,
): ToolSpecification | undefined {
  const [first, ...rest] = rate(tools, prompt);
  if (first === undefined) return undefined;
  return rest.reduce((best, one) => (one.score > best.score ? one : best), first).tool;
}

/** Whether `other` is called for by the same words and more of them, so that `one` is not meant. */
function isBetter(other: Candidate, one: Candidate, order: readonly Candidate[]): boolean {
  if (other === one || ![...one.words].every((word) => other.words.has(word))) return false;
  if (other.words.size > one.words.size) return true;
  if (other.score !== one.score) return other.score > one.score;
  return order.indexOf(other) < order.indexOf(one);
}

function rate(tools: readonly ToolSpecification[], prompt: string): Candidate[] {
  const spoken = new Set(wordsOf(prompt));
  for (const [mentioned, words] of CONCEPTS) {
    if (mentioned.test(prompt)) for (const word of words) spoken.add(stem(word));
  }
  return tools.map((tool) => {
    const inName = wordsOf(tool.name).filter((word) => spoken.has(word));
    const inDescription = wordsOf(tool.description ?? "").filter((word) => spoken.has(word));
    const described = new Set(inDescription);
    const isVerbatim = prompt.includes(tool.name);
    const isMeant = isVerbatim || inName.length > 0 || described.size >= MIN_DESCRIPTION_WORDS;
    const score = NAME_SCORE * inName.length + described.size + (isVerbatim ? VERBATIM_SCORE : 0);
    return {
      tool,
      words: new Set(isMeant ? [...inName, ...described] : []),
      score: isMeant ? score : 0,
    };
  });
}

/** The telling words of a text or of a name in any case, without their endings. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replaceAll("'", "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !EMPTY_WORDS.has(word))
    .map(stem);
}

function stem(word: string): string {
  const bare = word.replace(/(?:ing|ed|es|s)$/, "");
  return bare.length >= 3 ? bare : word;
}
