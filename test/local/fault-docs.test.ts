// docs/faults.md is held to the table of faults.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EXCEPTION_NAMES } from "../../src/local/faults/exceptions.ts";
import { FAULT_NAMES, FAULT_RULES } from "../../src/local/faults/fault-rules.ts";
import { parseFaults } from "../../src/local/index.ts";

const text = readFileSync("docs/faults.md", "utf8");
const rows = text.split("\n").filter((line) => line.startsWith("| "));

test("every fault has a row that names its members, and there is no other", () => {
  const named = new Set<string>();
  for (const row of rows.slice(2)) {
    const [, name = "", members = ""] = row.split("|");
    const type = /`(\w+)`/.exec(name)?.[1] ?? "ThrottlingException";
    named.add(type);
    for (const [, member = ""] of members.matchAll(/`(\w+)`/g)) {
      assert.ok(member in FAULT_RULES[type as "latency"].members, `${type}: ${member}`);
    }
    if (type === "ThrottlingException") continue;
    for (const member of Object.keys(FAULT_RULES[type as "latency"].members)) {
      assert.ok(members.includes(`\`${member}\``), `${type}: ${member} is missing`);
    }
  }
  const expected = FAULT_NAMES.filter(
    (name) => name === "ThrottlingException" || !EXCEPTION_NAMES.includes(name as never),
  );
  assert.deepEqual([...named].sort(), [...expected].sort());
});

test("every exception is listed", () => {
  for (const name of EXCEPTION_NAMES) assert.ok(text.includes(`\`${name}\``), name);
});

test("the faults that are shown can be read", () => {
  const shown = [...text.matchAll(/(?:--fault |x-dcaf-fault: )"?([^`"\n]+?)(?="|`| --fault|\n)/g)];
  assert.ok(shown.length >= 4, `${shown.length}`);
  for (const [, fault = ""] of shown) parseFaults(fault);
  assert.deepEqual(parseFaults('throttle:message="slow, please"')[0], {
    type: "throttle",
    message: "slow, please",
  });
});
