// Rows about memory: the client runs in a process of its own, so that its figures are its own.

import { crc32, gzipSync } from "node:zlib";
import { ANSWER, ANSWER_FRAMES, deltaFrame, textFrames, withFlippedBit } from "../answer.ts";
import type { Bench } from "../bench.ts";
import { afterWarmUp, type ClientReports, runClient } from "../client-process.ts";
import type { Reply, Script } from "../fault-server.ts";
import {
  allFail,
  allOf,
  formatBytes,
  formatMs,
  isStreamError,
  longestMs,
  readInTurn,
  withFigures,
} from "../judge.ts";
import type { Growth } from "../memory-watch.ts";
import { type Failure, type Reading, STREAM_READINGS } from "../reading.ts";
import { beginStream, promptOf, sendPage, sendStream } from "../replies.ts";
import type { Finding, Measures } from "../row.ts";

const MIB = 1024 * 1024;

/** The most that buffers may take over what a client at rest has. */
const MAX_BUFFER_BYTES = MIB;
/** The most that a process may grow by over a body it has no use for; tests allow for other Nodes. */
const MAX_RSS_BYTES = 5 * MIB;
const BRIEF_MAX_RSS_BYTES = 16 * MIB;

/** The deadline of a refusal that does not end. */
const LIMIT_MS = 300;

const REFUSAL = { "content-type": "application/json", "x-amzn-errortype": "ValidationException" };

const GIB = 1024 * MIB;

async function readFlips(bench: Bench): Promise<ClientReports["flips"]> {
  const server = await bench.serve(
    afterWarmUp((request, reply) => {
      const damaged = withFlippedBit(ANSWER, Number(promptOf(request)));
      return sendStream(reply, damaged, { framing: "length", ending: "clean" });
    }),
  );
  const step = bench.choose(3, 60);
  const count = Math.ceil((ANSWER.length * 8) / step);
  const bits = Array.from({ length: count }, (_, index) => index * step);
  return runClient({ kind: "flips", url: server.url, bits });
}

async function bitFlips(bench: Bench): Promise<Finding> {
  const { refused, accepted } = await readFlips(bench);
  const mutations = bench.choose(1_000_000, 20_000);
  const decoded = await runClient({ kind: "decode", mutations, seed: 1 });
  const wrong = accepted.length + decoded.flips.wrong + decoded.mutations.wrong;
  const flips = decoded.flips.tried.toLocaleString("en");
  const told = accepted.length === 0 ? "all caught" : `not caught: ${accepted.join(", ")}`;
  return {
    ours: `${told} (${refused.toLocaleString("en")}); of all ${flips} and of ${mutations.toLocaleString("en")} random mutations ${decoded.flips.wrong + decoded.mutations.wrong} got past the decoder`,
    isMet: wrong === 0,
  };
}

async function flipMemory(bench: Bench): Promise<Finding> {
  const { growth } = await readFlips(bench);
  return { ours: formatBytes(growth.bufferBytes), isMet: growth.bufferBytes <= MAX_BUFFER_BYTES };
}

/** Reads something in another process: outcomes, and how it grew meanwhile. */
async function readApart(
  bench: Bench,
  script: Script,
  readings: readonly Reading[],
): Promise<ClientReports["read"]> {
  const server = await bench.serve(afterWarmUp(script));
  return runClient({ kind: "read", url: server.url, readings });
}

/** A frame that claims 4 GiB: with the checksum it had, and with one that fits the claim. */
async function hugeLength(bench: Bench): Promise<Finding> {
  const findings: Finding[] = [];
  for (const isChecksummed of [false, true]) {
    const [start = Buffer.alloc(0), ...rest] = ANSWER_FRAMES;
    const huge = Buffer.concat(rest);
    huge.writeUInt32BE(0xfffffff0, 0);
    if (isChecksummed) huge.writeUInt32BE(crc32(huge.subarray(0, 8)), 8);
    const { outcomes, growth } = await readApart(
      bench,
      async (_, reply) => {
        void beginStream(reply);
        // Never finished: the client has to say by itself that it will not wait for 4 GiB.
        await reply.send(Buffer.concat([start, huge]));
      },
      STREAM_READINGS,
    );
    const isRight = (failure: Failure): boolean =>
      isStreamError(failure, "corrupt") && failure.elapsedMs < bench.choose(1000, 10_000);
    findings.push(withBuffers(allFail(outcomes, isRight, "at once"), growth));
  }
  return worst(findings);
}

function withBuffers(finding: Finding, { bufferBytes }: Growth): Finding {
  const isSmall = bufferBytes <= MAX_BUFFER_BYTES;
  return withFigures(finding, `${formatBytes(bufferBytes)} of buffers`, isSmall);
}

/** The finding that is not met, else the last. */
function worst(findings: readonly Finding[]): Finding {
  return findings.find(({ isMet }) => !isMet) ?? (findings.at(-1) as Finding);
}

async function captivePortal(bench: Bench): Promise<Finding> {
  const { outcomes, growth } = await readApart(
    bench,
    (_, reply) => sendPage(reply, 200, "Sign in"),
    [...STREAM_READINGS, "invoke"],
  );
  const isRight = (failure: Failure): boolean =>
    isStreamError(failure, "protocol") &&
    failure.status === 200 &&
    /text\/html/.test(failure.message);
  return withBuffers(allFail(outcomes, isRight, "names text/html"), growth);
}

function isSmallRss(bench: Bench, { rssBytes }: Growth): boolean {
  return rssBytes <= bench.choose(MAX_RSS_BYTES, BRIEF_MAX_RSS_BYTES);
}

/** Sends until the connection is gone, or it has been enough. */
async function pour(reply: Reply, part: Buffer, wholeBytes: number): Promise<void> {
  for (let sent = 0; sent < wholeBytes && !reply.isOver; sent += part.length) {
    await reply.send(part);
  }
}

async function endlessRefusal(bench: Bench): Promise<Finding> {
  let takenBytes = 0;
  const { outcomes, growth } = await readApart(
    bench,
    async (_, reply) => {
      const before = reply.sentBytes;
      void reply.head(400, REFUSAL, "length", GIB);
      await pour(reply, Buffer.alloc(64 * 1024, "x"), GIB);
      takenBytes = Math.max(takenBytes, reply.sentBytes - before);
    },
    ["response", "invoke"],
  );
  const figures = `+${formatBytes(growth.rssBytes)} (the server got rid of ${formatBytes(takenBytes)}, into the kernel for the most part)`;
  const isSmall = isSmallRss(bench, growth) && takenBytes < 64 * MIB;
  const poured = allFail(outcomes, ({ status }) => status === 400);
  return allOf(withFigures(poured, figures, isSmall), await stalledRefusal(bench));
}

/** A refusal whose body stands still: it is bounded in time too. */
async function stalledRefusal(bench: Bench): Promise<Finding> {
  const server = await bench.serve(async (_, reply) => {
    void reply.head(400, REFUSAL, "chunked");
    await reply.send(Buffer.from('{"message":"'));
  });
  const llm = bench.client(server);
  const outcomes = [
    ...(await readInTurn(llm, { timeouts: { firstEventMs: LIMIT_MS } }, ["response"])),
    ...(await readInTurn(llm, { timeouts: { responseMs: LIMIT_MS } }, ["invoke"])),
  ];
  const isRight = ({ status, elapsedMs }: Failure): boolean =>
    status === 400 && elapsedMs < LIMIT_MS + bench.choose(1000, 10_000);
  const figures = `where it stands still after ${formatMs(longestMs(outcomes))} (limit ${LIMIT_MS} ms)`;
  return withFigures(allFail(outcomes, isRight), figures);
}

async function gzipBomb(bench: Bench): Promise<Finding> {
  // Members of a gzip file may follow one another: 64 times 16 MiB of nothing.
  const member = gzipSync(Buffer.alloc(16 * MIB));
  const bomb = Buffer.concat(Array.from({ length: 64 }, () => member));
  const { outcomes, growth } = await readApart(
    bench,
    async (_, reply) => {
      const headers = { ...REFUSAL, "content-encoding": "gzip" };
      void reply.head(400, headers, "length", bomb.length);
      await reply.send(bomb);
    },
    ["response", "invoke"],
  );
  const finding = allFail(outcomes, ({ status }) => status === 400, "not inflated");
  return withFigures(finding, `+${formatBytes(growth.rssBytes)}`, isSmallRss(bench, growth));
}

/** What leaves the server while the reader sleeps stands in two kernel buffers, but for the rest. */
async function slowReader(bench: Bench): Promise<Finding> {
  const [start = Buffer.alloc(0)] = textFrames([]);
  const delta = deltaFrame(0, { text: "x".repeat(16_000) });
  let takenBytes = 0;
  const server = await bench.serve(
    afterWarmUp(async (_, reply) => {
      const before = reply.sentBytes;
      const watch = setInterval(() => {
        takenBytes = Math.max(takenBytes, reply.sentBytes - before);
      }, 10);
      void beginStream(reply);
      await reply.send(start);
      await pour(reply, delta, 320 * MIB);
      clearInterval(watch);
    }),
  );
  const pauseMs = bench.choose(5000, 1000);
  const { growth } = await runClient({ kind: "pause", url: server.url, pauseMs });
  return {
    ours: `${formatBytes(takenBytes)}, ${formatBytes(growth.bufferBytes)} of it in the client, the rest in the kernel`,
    isMet: growth.bufferBytes <= MAX_BUFFER_BYTES && takenBytes <= 16 * MIB,
  };
}

/** By the names of the rows. */
export const MEMORY: Measures = {
  "bit-flips": bitFlips,
  "flip-memory": flipMemory,
  "length-4g": hugeLength,
  "captive-portal": captivePortal,
  "endless-400": endlessRefusal,
  "gzip-400": gzipBomb,
  "slow-reader": slowReader,
};
