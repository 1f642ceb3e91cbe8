// The environment a server is started with: a short list of names, and what the caller gives. A server is
// somebody else's program; what this process knows, AWS keys above all, is none of its business.

/** Where programs are and who runs them: what a program needs to start at all. */
const PASSED_ON = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "TMPDIR", "TZ"];
const PASSED_ON_BY_WINDOWS = [
  "APPDATA",
  "COMSPEC",
  "HOMEDRIVE",
  "HOMEPATH",
  "LOCALAPPDATA",
  "NUMBER_OF_PROCESSORS",
  "PATH",
  "PATHEXT",
  "PROCESSOR_ARCHITECTURE",
  "PROGRAMDATA",
  "PROGRAMFILES",
  "PROGRAMFILES(X86)",
  "PROGRAMW6432",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "USERNAME",
  "USERPROFILE",
  "WINDIR",
];

/**
 * What of `parent` a server gets, with `given` on top. What the caller gives is passed on whatever its
 * name: whoever writes a key there means it.
 */
export function environmentOfServer(
  parent: Readonly<Record<string, string | undefined>>,
  given: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(parent)) {
    // Old shells run what such a value holds.
    if (value === undefined || value.startsWith("()")) continue;
    if (isPassedOn(name, platform)) environment[name] = value;
  }
  return { ...environment, ...given };
}

function isPassedOn(name: string, platform: NodeJS.Platform): boolean {
  if (platform === "win32") return PASSED_ON_BY_WINDOWS.includes(name.toUpperCase());
  return PASSED_ON.includes(name) || name.startsWith("LC_");
}
