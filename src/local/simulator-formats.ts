// Formats of JSON Schema: how a text mentions one and what serves where none is mentioned.

const FORMATS: ReadonlyMap<string, { readonly mentioned?: RegExp; readonly example: string }> =
  new Map([
    ["date", { mentioned: /\b\d{4}-\d{2}-\d{2}\b/, example: "2026-01-01" }],
    [
      "date-time",
      {
        mentioned: /\b\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})/,
        example: "2026-01-01T12:00:00Z",
      },
    ],
    ["time", { mentioned: /\b\d{2}:\d{2}:\d{2}Z/, example: "12:00:00Z" }],
    ["duration", { example: "PT1H" }],
    [
      "email",
      { mentioned: /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/, example: "someone@example.com" },
    ],
    ["idn-email", { example: "someone@example.com" }],
    [
      "uri",
      { mentioned: /\bhttps?:\/\/[^\s"'<>]+[^\s"'<>.,;:!?)]/, example: "https://example.com/" },
    ],
    [
      "url",
      { mentioned: /\bhttps?:\/\/[^\s"'<>]+[^\s"'<>.,;:!?)]/, example: "https://example.com/" },
    ],
    ["uri-reference", { example: "/example" }],
    ["hostname", { example: "example.com" }],
    ["ipv4", { mentioned: /\b(?:\d{1,3}\.){3}\d{1,3}\b/, example: "192.0.2.1" }],
    ["ipv6", { example: "2001:db8::1" }],
    [
      "uuid",
      {
        mentioned: /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/i,
        example: "00000000-0000-4000-8000-000000000000",
      },
    ],
    ["json-pointer", { example: "/example" }],
    ["regex", { example: ".*" }],
  ]);

/** A text of a format; undefined when the format is not known. */
export function exampleOfFormat(format: string): string | undefined {
  return FORMATS.get(format)?.example;
}

/** What a text mentions, by format; the first of each. */
export function formatsIn(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [format, { mentioned }] of FORMATS) {
    const match = mentioned?.exec(text)?.[0];
    if (match !== undefined) found.set(format, match);
  }
  return found;
}
