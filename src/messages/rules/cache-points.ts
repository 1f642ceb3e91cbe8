// Rules on prompt-cache points.

import { blocksOf, modelError } from "./conversation.ts";
import { type BlockView, type RequestRule, recordOf } from "./view.ts";

const MAX_CACHE_POINTS = 4;

export const CACHE_POINT_RULES: readonly RequestRule[] = [
  {
    id: "cache-points-too-many",
    reference: "https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html",
    repair: "Keep the last four.",
    *check({ tools, system, messages }) {
      const points = cachePointsOf([...tools, ...system, ...blocksOf(messages)]);
      const surplus = points[MAX_CACHE_POINTS];
      if (surplus === undefined) return;
      yield {
        path: surplus.path,
        message: modelError(
          `A maximum of ${MAX_CACHE_POINTS} blocks with cache_control may be provided. Found ${points.length}.`,
        ),
      };
    },
  },
  {
    id: "cache-point-first",
    reference: "https://github.com/vercel/ai/issues/19851",
    repair: "Put the point after what is to be cached, in the same message.",
    *check({ messages }) {
      for (const { blocks } of messages) {
        const [first] = blocks;
        if (first?.name !== "cachePoint" || !first.path.endsWith(".0")) continue;
        yield {
          path: first.path,
          message:
            "There is nothing available to cache. Please remove the invalid cache point and try again.",
        };
      }
    },
  },
  {
    id: "cache-point-after-reasoning",
    reference: "https://github.com/anomalyco/opencode/issues/36517",
    repair: "Put the point before the reasoning.",
    *check({ messages }) {
      for (const { blocks } of messages) {
        for (const [position, { name, path }] of blocks.entries()) {
          if (name !== "cachePoint" || blocks[position - 1]?.name !== "reasoningContent") continue;
          yield {
            path,
            message:
              "Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.",
          };
        }
      }
    },
  },
  {
    id: "cache-ttl-order",
    reference: "https://github.com/strands-agents/harness-sdk/issues/2121",
    repair: "Let points of one hour come first: tools, then system, then messages.",
    *check({ tools, system, messages }) {
      let hasShort = false;
      for (const { path, value } of cachePointsOf([...tools, ...system, ...blocksOf(messages)])) {
        const isLong = recordOf(value)["ttl"] === "1h";
        if (isLong && hasShort) {
          yield {
            path,
            message: modelError(
              "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
            ),
          };
        }
        hasShort ||= !isLong;
      }
    },
  },
];

function cachePointsOf(blocks: readonly BlockView[]): BlockView[] {
  return blocks.filter(({ name }) => name === "cachePoint");
}
