// The floor: the bytes of a request, ready-made, over a kept-alive socket of `node:http`, and an answer
// that is counted and thrown away. No signing, no building, no checking, no parsing.

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { BenchClient, Target, Turn } from "./client.ts";

/** A prompt of the floor is a body and its length. */
interface Body {
  readonly text: string;
  readonly bytes: number;
}

/** Makes the floor. Its answers have no text. */
export function create({ url, modelId }: Target): BenchClient<Body> {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === "https:";
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const path = `/model/${encodeURIComponent(modelId)}`;
  const send = isSecure ? httpsRequest : httpRequest;

  function ask(operation: string, body: Body, onFirst?: () => void): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = send(
        {
          host: hostname,
          port,
          method: "POST",
          path: `${path}/${operation}`,
          agent,
          headers: {
            "content-type": "application/json",
            "content-length": body.bytes,
          },
        },
        (response: IncomingMessage) => {
          if (onFirst !== undefined) response.once("data", onFirst);
          response.resume();
          response.once("end", () => resolve(""));
        },
      );
      request.once("error", reject);
      request.end(body.text);
    });
  }

  return {
    prepare: bodyOf,
    invoke: (body) => ask("converse", body),
    stream: (body, onFirst) => ask("converse-stream", body, onFirst),
  };
}

/** The same request as the others make. */
function bodyOf(turns: readonly Turn[]): Body {
  const messages = turns.map(({ role, text, png }) => {
    const image = png && { image: { format: "png", source: { bytes: toBase64(png) } } };
    return { role, content: image === undefined ? [{ text }] : [{ text }, image] };
  });
  const text = JSON.stringify({ messages, inferenceConfig: { maxTokens: 4096 } });
  return { text, bytes: Buffer.byteLength(text) };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
