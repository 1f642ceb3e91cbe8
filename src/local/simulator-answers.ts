// What the simulator says in words: some plain facts, what it was told, else that it is a simulator.

import type { NamedResult, Prompt } from "./simulator-prompt.ts";

const CAPITALS: ReadonlyMap<string, string> = new Map([
  ["argentina", "Buenos Aires"],
  ["australia", "Canberra"],
  ["austria", "Vienna"],
  ["belgium", "Brussels"],
  ["brazil", "Brasília"],
  ["canada", "Ottawa"],
  ["china", "Beijing"],
  ["denmark", "Copenhagen"],
  ["egypt", "Cairo"],
  ["finland", "Helsinki"],
  ["france", "Paris"],
  ["germany", "Berlin"],
  ["greece", "Athens"],
  ["india", "New Delhi"],
  ["ireland", "Dublin"],
  ["italy", "Rome"],
  ["japan", "Tokyo"],
  ["kenya", "Nairobi"],
  ["mexico", "Mexico City"],
  ["netherlands", "Amsterdam"],
  ["norway", "Oslo"],
  ["poland", "Warsaw"],
  ["portugal", "Lisbon"],
  ["south korea", "Seoul"],
  ["spain", "Madrid"],
  ["sweden", "Stockholm"],
  ["switzerland", "Bern"],
  ["turkey", "Ankara"],
  ["united kingdom", "London"],
  ["united states", "Washington, D.C."],
]);

const MAX_ECHOED_CHARACTERS = 120;
const MAX_RESULT_CHARACTERS = 500;
const MAX_COUNT = 100;

const ARITHMETIC = /(-?\d+(?:\.\d+)?)\s*([-+*/×÷])\s*(-?\d+(?:\.\d+)?)/;
const EQUATION = new RegExp(`${ARITHMETIC.source}\\s*(?:=+|equals?|is)\\s*(-?\\d+(?:\\.\\d+)?)`);
const OWN_NAME = /\bmy name(?: is|'s)\s+([\p{L}][\p{L}'-]*)/iu;

type Answerer = (prompt: Prompt) => string | undefined;

/** The first that has an answer gives it. */
const ANSWERERS: readonly Answerer[] = [
  answerRecall,
  answerCapital,
  answerArithmetic,
  answerIntroduction,
  answerCount,
  answerRepeat,
  answerGreeting,
];

/** An answer in words to whatever was said last. */
export function answerInWords(prompt: Prompt): string {
  for (const answer of ANSWERERS) {
    const text = answer(prompt);
    if (text !== undefined) return text;
  }
  const attached = prompt.media.length === 0 ? "" : `, with ${prompt.media.join(" and ")} attached`;
  const instructed =
    prompt.systemText === "" ? "" : ` My instructions begin: “${shorten(prompt.systemText)}”`;
  return `(simulated) No language model is at work here. You said: “${shorten(prompt.text)}”${attached}.${instructed}`;
}

/** An answer made of tool results. */
export function answerFromResults(results: readonly NamedResult[]): string {
  const sentences = results.map(({ toolName, text, isError }, position) => {
    const told = shorten(text === "" ? "nothing" : text, MAX_RESULT_CHARACTERS);
    if (isError) return `The call of ${toolName} failed: ${ended(told)}`;
    return `${position === 0 ? "I looked that up with" : "Also with"} ${toolName}: ${ended(told)}`;
  });
  return sentences.join(" ");
}

function answerRecall({ text, earlierTexts }: Prompt): string | undefined {
  const asksName = /\b(?:what(?:'s| is)|tell me|remember|know)\b.*\bmy name\b|\bwho am i\b/i.test(
    text,
  );
  const asksBefore = /\bwhat (?:did|have) i (?:just )?(?:told|tell|say|said|ask)/i.test(text);
  if (!asksName && !asksBefore) return undefined;
  for (const earlier of earlierTexts.toReversed()) {
    const name = OWN_NAME.exec(earlier)?.[1];
    if (name !== undefined) return `You told me that your name is ${name}.`;
  }
  const last = earlierTexts.at(-1);
  if (asksBefore && last !== undefined) return `You told me: “${shorten(last)}”`;
  return "You have not told me yet.";
}

function answerCapital({ text }: Prompt): string | undefined {
  const [, article = "", asked] = /\bcapital(?: city)? of (the )?([\p{L} ]+)/iu.exec(text) ?? [];
  if (asked === undefined) return undefined;
  for (const [country, capital] of CAPITALS) {
    if (!asked.toLowerCase().startsWith(country)) continue;
    return `The capital of ${article}${asked.slice(0, country.length)} is ${ended(capital)}`;
  }
  return undefined;
}

function answerArithmetic({ text }: Prompt): string | undefined {
  const equation = EQUATION.exec(text);
  if (equation !== null) {
    return calculate(equation) === Number(equation[4]) ? "Yes." : "No.";
  }
  const expression = ARITHMETIC.exec(text);
  const asks = /\b(?:what|how much|calculate|compute|solve|add)\b|[=?]\s*$/i.test(text);
  if (expression === null || !asks) return undefined;
  const [, left, operator, right] = expression;
  return `${left} ${operator} ${right} = ${calculate(expression)}`;
}

function calculate([, left, operator, right]: RegExpExecArray): number {
  const a = Number(left);
  const b = Number(right);
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  if (operator === "*" || operator === "×") return a * b;
  return a / b;
}

function answerIntroduction({ text }: Prompt): string | undefined {
  const name = OWN_NAME.exec(text)?.[1];
  return name === undefined ? undefined : `Nice to meet you, ${name}.`;
}

function answerCount({ text }: Prompt): string | undefined {
  const [, from = "1", to] = /\bcount (?:from (\d{1,6}) )?(?:up )?to (\d{1,6})\b/i.exec(text) ?? [];
  if (to === undefined || Number(to) < Number(from)) return undefined;
  const length = Math.min(Number(to) - Number(from) + 1, MAX_COUNT);
  return Array.from({ length }, (_, index) => Number(from) + index).join(", ");
}

function answerRepeat({ text }: Prompt): string | undefined {
  const asked = /^(?:please )?(?:say|repeat|(?:reply|respond|answer)(?: only)? with)\b(.*)$/is.exec(
    text,
  )?.[1];
  return asked === undefined ? undefined : /["“'](.+?)["”']/s.exec(asked)?.[1];
}

function answerGreeting({ text }: Prompt): string | undefined {
  if (!/^(?:hi|hello|hey|good (?:morning|afternoon|evening))\b[^?]{0,20}$/i.test(text)) {
    return undefined;
  }
  return "Hello! (simulated)";
}

function ended(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

function shorten(text: string, maxCharacters = MAX_ECHOED_CHARACTERS): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= maxCharacters) return line;
  return `${line.slice(0, maxCharacters).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
