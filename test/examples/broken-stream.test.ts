import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startLocalBedrock } from "../../src/local/index.ts";
import { offlineVariables, runExample, withTemporaryFolder } from "./run-example.ts";

/** Enough for the first events of a stream and too little for all. */
const BYTES_BEFORE_THE_CUT = 2_000;

test("handle-broken-stream keeps what had arrived when the connection breaks", async () => {
  const local = await startLocalBedrock({ pauseMs: 5 });
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url } = incoming;
    const forwarded = request(new URL(url ?? "/", local.url), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      let bytes = 0;
      answer.on("data", (chunk: Buffer) => {
        outgoing.write(chunk);
        bytes += chunk.length;
        if (bytes > BYTES_BEFORE_THE_CUT) outgoing.destroy();
      });
    });
    incoming.pipe(forwarded);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  try {
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await withTemporaryFolder(async (folder) => {
      const run = await runExample("handle-broken-stream", offlineVariables(folder, url));
      assert.equal(run.stderr, "");
      assert.equal(run.status, 0);
      assert.match(run.stdout, /^1, 2, 3, .*\nStreamError after \d+ characters/);
      assert.doesNotMatch(run.stdout, /20/);
      assert.equal(local.requests.length, 1);
    });
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    await local.close();
  }
});
