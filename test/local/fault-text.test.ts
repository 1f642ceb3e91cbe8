import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FAULT_RULES, type MemberRule, SCOPE_MEMBERS } from "../../src/local/faults/fault-rules.ts";
import {
  type Fault,
  type FaultInput,
  formatFault,
  parseFaults,
  startLocalBedrock,
} from "../../src/local/index.ts";

/** Any value a member takes. */
function anyValue(rule: MemberRule): fc.Arbitrary<string | number> {
  if (rule.kind === "choice") return fc.constantFrom(...rule.choices);
  if (rule.kind === "text") return fc.string({ minLength: 1, unit: "binary" });
  const { min, max } = rule;
  return rule.integer ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

/** Any fault the table knows, with everything it needs and nothing that clashes. */
const anyFault: fc.Arbitrary<Fault> = fc
  .constantFrom(...(Object.keys(FAULT_RULES) as Fault["type"][]))
  .chain((type) => {
    const { members, required = [], exclusive = [], oneOf = [] } = FAULT_RULES[type];
    const all = { ...members, ...SCOPE_MEMBERS };
    const values = Object.fromEntries(
      Object.entries(all).map(([name, rule]) => [name, anyValue(rule)]),
    );
    const alternatives = [...exclusive, ...oneOf];
    return fc
      .tuple(
        fc.record(values, { requiredKeys: [...required, ...oneOf] }),
        fc.constantFrom(...(alternatives.length === 0 ? [""] : alternatives)),
      )
      .map(([drawn, kept]) => {
        const fault: Record<string, unknown> = { type };
        for (const name of Object.keys(all)) {
          if (!(name in drawn) || (alternatives.includes(name) && name !== kept)) continue;
          fault[name] = drawn[name];
        }
        return fault as unknown as Fault;
      });
  })
  .filter((fault) => fault.type !== "slicer" || (fault.variationBytes ?? 0) < fault.averageBytes);

test("a fault that is written and read is the same fault", () => {
  fc.assert(
    fc.property(fc.array(anyFault, { minLength: 1, maxLength: 4 }), (faults) => {
      const text = faults.map(formatFault).join("; ");
      assert.match(text, /^[\x20-\x7e]+$/);
      assert.deepEqual(parseFaults(text), faults);
    }),
    { numRuns: 2_000 },
  );
});

test("any text is faults or a TypeError", () => {
  const token = fc.constantFrom(
    "latency",
    "throttle",
    ":",
    "=",
    ",",
    ";",
    '"',
    "\\",
    "5",
    " ",
    "é",
  );
  const anyText = fc.oneof(
    fc.string(),
    fc.array(token).map((tokens) => tokens.join("")),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      let faults: Fault[];
      try {
        faults = parseFaults(text);
      } catch (error) {
        return error instanceof TypeError && error.message.startsWith("parseFaults: ");
      }
      assert.deepEqual(parseFaults(faults.map(formatFault).join(";") || "none"), faults);
      return true;
    }),
    { numRuns: 5_000 },
  );
});

test("faults are read as people write them", () => {
  const samples: [string, Fault[]][] = [
    ["none", []],
    [" none ", []],
    ["throttle", [{ type: "throttle" }]],
    ["latency:latencyMs=500", [{ type: "latency", latencyMs: 500 }]],
    [
      " latency : latencyMs = 1.5 , jitterMs = 1e2 ;reset_peer ",
      [{ type: "latency", latencyMs: 1.5, jitterMs: 100 }, { type: "reset_peer" }],
    ],
    [
      'ThrottlingException:frame=2,message="Slow, please; \\"now\\" \\u00e9"',
      [{ type: "ThrottlingException", frame: 2, message: 'Slow, please; "now" é' }],
    ],
    ["throttle:message=Slow down", [{ type: "throttle", message: "Slow down" }]],
    ["throttle:message=123", [{ type: "throttle", message: "123" }]],
    ["clock_skew:skewMs=-5", [{ type: "clock_skew", skewMs: -5 }]],
    [
      "truncation:bytes=0,times=3,probability=0.5",
      [{ type: "truncation", bytes: 0, times: 3, probability: 0.5 }],
    ],
  ];
  for (const [text, faults] of samples) assert.deepEqual(parseFaults(text), faults, text);
});

/** What is wrong in a text, as the error says behind where it stands. */
const WRONG: [text: string, message: RegExp][] = [
  ["", /^the name of a fault is missing, before, behind or between “;”\.$/],
  ["throttle;", /^the name of a fault is missing, before, behind or between “;”\.$/],
  [
    "latancy",
    /^“latancy” is not a known fault\. Did you mean “latency”\? Known: latency, timeout, /,
  ],
  ["Throttling", /Did you mean “ThrottlingException”\?/],
  ["quux", /^“quux” is not a known fault\. Known: latency,/],
  ["constructor", /^“constructor” is not a known fault\. /],
  ["__proto__:a=b", /^“__proto__” is not a known fault\. /],
  ["none; throttle", /^“none” is not a known fault\. /],
  ["throttle:", /^throttle: “” is not `member=value`\.$/],
  ["throttle:message", /^throttle: “message” is not `member=value`\.$/],
  ["throttle:type=latency", /^throttle: “type=latency” is not `member=value`\.$/],
  ["throttle:message=", /^throttle: message must be a non-empty string; got an empty string\.$/],
  ['throttle:message="a', /^a quotation mark is never closed\.$/],
  ['throttle:message="a" b', /^“"a" b” is not a text in quotes\.$/],
  ["throttle:times=1,times=2", /^throttle: times is given twice\.$/],
  ["throttle:__proto__=1", /^throttle: “__proto__” is not a known option\. /],
  ["latency", /^latency: latencyMs is required\.$/],
  ["latency:latencyMs=soon", /^latency: latencyMs must be a number; got “soon”\.$/],
  ['latency:latencyMs="5"', /^latency: latencyMs must be a number; got “5”\.$/],
  ["latency:latencyMs=-1", /^latency: latencyMs must be a number from 0 to 2147483647; got -1\.$/],
  ["latency:latencyMs=1e300", /must be a number from 0 to 2147483647; got 1e\+300\.$/],
  [
    "latency:latencyMS=5",
    /^latency: “latencyMS” is not a known option\. Did you mean “latencyMs”\?$/,
  ],
  [
    "slicer:average_size=5",
    /“average_size” is not a known option\. Did you mean “averageBytes”\?$/,
  ],
  ["throttle:toxicity=1", /Did you mean “probability”\?$/],
  ["throttle:times=0", /^throttle: times must be a whole number from 1 /],
  ["throttle:probability=2", /^throttle: probability must be a number from 0 to 1; got 2\.$/],
  ["reset_peer:scope=all", /^reset_peer: scope must be one of connection, stream; got “all”\.$/],
  ["reset_peer:afterBytes=1,afterFrames=1", /^reset_peer: afterFrames and afterBytes cannot stand/],
  ["limit_data", /^limit_data: one of bytes and frames is required, and not both\.$/],
  ["truncation:bytes=1,frames=1", /^truncation: one of bytes and frames is required, and not both/],
  [
    "slicer:averageBytes=5,variationBytes=5",
    /^slicer: variationBytes must be less than averageBytes/,
  ],
  [
    "ThrottlingException:frame=1,retryAfterMs=5",
    /: frame and retryAfterMs cannot stand together\.$/,
  ],
];

test("what cannot be read is a TypeError that says where and why", () => {
  for (const [text, expected] of WRONG) {
    assert.throws(
      () => parseFaults(text, "--fault"),
      (error: Error) => {
        assert.ok(error instanceof TypeError);
        assert.ok(error.message.startsWith("--fault: "), error.message);
        assert.match(error.message.slice("--fault: ".length), expected);
        return true;
      },
      text,
    );
  }
});

test("the option refuses the same, and names the place in its list", async () => {
  for (const [text, expected] of WRONG) {
    await assert.rejects(startLocalBedrock({ faults: ["throttle", text] }), (error: Error) => {
      assert.ok(error instanceof TypeError);
      const [, rest = ""] = error.message.split("startLocalBedrock: faults[1]: ");
      assert.match(rest, expected);
      return true;
    });
  }
});

test("objects are held to the same rules", async () => {
  const wrong: [unknown, RegExp][] = [
    [{ type: "latancy" }, /faults\[0\]: “latancy” is not a known fault\. Did you mean “latency”\?/],
    [
      { type: "latency", latencyMs: "5" },
      /faults\[0\]: latency: latencyMs must be a number; got “5”/,
    ],
    [{ type: "latency", latencyMs: Number.NaN }, /latencyMs must be a number from 0 .* got NaN/],
    [{ type: "latency", latencyMs: 5, jiterMs: 1 }, /“jiterMs” .* Did you mean “jitterMs”\?/],
    [
      { type: "throttle", message: 5 },
      /throttle: message must be a non-empty string; got a number/,
    ],
    [{}, /faults\[0\]: `type` must be the name of a fault; got undefined\. Known: latency/],
    [null, /faults\[0\]: a fault is a text or an object with `type`; got null\./],
    [5, /faults\[0\]: a fault is a text or an object with `type`; got a number\./],
  ];
  for (const [fault, expected] of wrong) {
    await assert.rejects(startLocalBedrock({ faults: [fault as FaultInput] }), {
      name: "TypeError",
      message: expected,
    });
  }
  for (const faults of ["throttle", {}, 5, true, null]) {
    await assert.rejects(startLocalBedrock({ faults: faults as unknown as [] }), {
      name: "TypeError",
      message:
        /^startLocalBedrock: faults must be a list of faults, such as \["throttle"\], or a function/,
    });
  }
});

test("members that are undefined are left out", async () => {
  const fault: Fault = { type: "throttle", times: undefined, message: undefined };
  assert.equal(formatFault(fault), "throttle");
  await (await startLocalBedrock({ faults: [fault] })).close();
});
