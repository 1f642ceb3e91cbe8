// A stand-in for duplo-jit that does as the test says and writes down how it was called.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type CredentialMember = "AccessKeyId" | "SecretAccessKey" | "SessionToken";

/** Credentials that must be found nowhere but in the `.env` file. */
export const CANARIES: Readonly<Record<CredentialMember, string>> = {
  AccessKeyId: "ASIACANARY+ID/one=",
  SecretAccessKey: "canary/secret+two==",
  SessionToken: "canary+token/three/".repeat(40),
};

/** What the real one prints. */
export const CREDENTIALS_JSON: string = JSON.stringify({
  Version: 1,
  ...CANARIES,
  Expiration: "2031-02-03T04:05:06Z",
});

export interface FakeDuploJit {
  /** A folder for PATH. */
  readonly bin: string;
  /** The arguments of the last call, `undefined` when there was none. */
  calledWith(): string[] | undefined;
}

/** Puts a `duplo-jit` with this shell script into the folder. */
export function fakeDuploJit(folder: string, script: string): FakeDuploJit {
  const bin = join(folder, "bin");
  const record = join(folder, "duplo-jit-arguments");
  mkdirSync(bin, { recursive: true });
  const program = join(bin, "duplo-jit");
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > '${record}'\n${script}\n`);
  chmodSync(program, 0o755);
  return {
    bin,
    calledWith() {
      try {
        return readFileSync(record, "utf8").trimEnd().split("\n");
      } catch {
        return undefined;
      }
    },
  };
}

/** A script that prints this text. */
export function printing(text: string): string {
  return `cat <<'END_OF_OUTPUT'\n${text}\nEND_OF_OUTPUT`;
}
