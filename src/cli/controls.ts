// Characters that steer a terminal instead of standing in a line: the controls of ASCII (but tab and
// line feed) and of ISO 6429, and those that turn the direction of text. What a service, a model or a
// file says may hold them, to move the cursor, set the clipboard or pass for something else.

const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for.
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text without controls. */
export function removeControls(text: string): string {
  return text.replace(CONTROLS, "");
}

/** The text with `\u009b` in the place of the control of that number. JSON keeps its meaning. */
export function escapeControls(text: string): string {
  return text.replace(
    CONTROLS,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
