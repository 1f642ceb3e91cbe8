// The lockfile names every optional package of every platform: npm refuses one that does not, and a
// lockfile made where a registry lacks some would break `npm ci` everywhere.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

interface Lockfile {
  readonly packages: Record<string, { optionalDependencies?: Record<string, string> }>;
}

for (const path of ["package-lock.json", "peers/aws-sdk/package-lock.json"]) {
  test(`${path} is complete for every platform`, () => {
    const { packages } = JSON.parse(readFileSync(path, "utf8")) as Lockfile;
    for (const [place, { optionalDependencies = {} }] of Object.entries(packages)) {
      for (const name of Object.keys(optionalDependencies)) {
        const isThere =
          `node_modules/${name}` in packages || `${place}/node_modules/${name}` in packages;
        assert.ok(isThere, `${place} wants ${name}`);
      }
    }
  });

  test(`${path} names no registry`, () => {
    assert.doesNotMatch(readFileSync(path, "utf8"), /"resolved": "http/);
  });
}
