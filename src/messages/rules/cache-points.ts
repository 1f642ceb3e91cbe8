// Rules on prompt-cache points.

import type { RequestRule } from "./request-rule.ts";
import { type BlockView, blocksNamed, type RequestView, recordOf } from "./view.ts";
import { modelError } from "./wording.ts";

const MAX_CACHE_POINTS = 4;

export const CACHE_POINT_RULES: readonly RequestRule[] = [
  {
    id: "cache-points-too-many",
    reference: "https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html",
    repair: "Keep the last four.",
    check({ cachePoints }, report) {
      const surplus = cachePoints[MAX_CACHE_POINTS];
      if (surplus === undefined) return;
      report(
        surplus.path,
        modelError(
          `A maximum of ${MAX_CACHE_POINTS} blocks with cache_control may be provided. Found ${cachePoints.length}.`,
        ),
      );
    },
  },
  {
    id: "cache-point-first",
    reference: "https://github.com/vercel/ai/issues/19851",
    repair: "Put the point after what is to be cached, in the same message.",
    check(view, report) {
      if (blocksNamed(view, "cachePoint").length === 0) return;
      for (const { blocks } of view.messages) {
        const [first] = blocks;
        if (first?.name !== "cachePoint" || !first.path.endsWith(".0")) continue;
        report(
          first.path,
          "There is nothing available to cache. Please remove the invalid cache point and try again.",
        );
      }
    },
  },
  {
    id: "cache-point-after-reasoning",
    reference: "https://github.com/anomalyco/opencode/issues/36517",
    repair: "Put the point before the reasoning.",
    check(view, report) {
      for (const [block, { path }] of blocksBeforeCachePoints(view)) {
        if (block.name !== "reasoningContent") continue;
        report(
          path,
          "Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.",
        );
      }
    },
  },
  {
    id: "cache-point-after-document",
    reference: "https://github.com/strands-agents/harness-sdk/issues/1966",
    repair: "Put the point before the document.",
    check(view, report) {
      for (const [block, { path }] of blocksBeforeCachePoints(view)) {
        const format = recordOf(block.value)["format"];
        if (block.name !== "document" || format == null || format === "pdf") continue;
        report(path, modelError(`${path}.type: Field required`));
      }
    },
  },
  {
    id: "cache-ttl-order",
    reference: "https://github.com/strands-agents/harness-sdk/issues/2121",
    repair: "Let points of one hour come first: tools, then system, then messages.",
    check({ cachePoints }, report) {
      let hasShort = false;
      for (const { path, value } of cachePoints) {
        const isLong = recordOf(value)["ttl"] === "1h";
        if (isLong && hasShort) {
          report(
            path,
            modelError(
              "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.",
            ),
          );
        }
        hasShort ||= !isLong;
      }
    },
  },
];

/** Each point that has a block directly before it in its message, with that block. */
function blocksBeforeCachePoints(view: RequestView): [before: BlockView, point: BlockView][] {
  const pairs: [BlockView, BlockView][] = [];
  if (blocksNamed(view, "cachePoint").length === 0) return pairs;
  for (const { blocks } of view.messages) {
    let before: BlockView | undefined;
    for (const block of blocks) {
      if (block.name === "cachePoint" && before !== undefined) pairs.push([before, block]);
      before = block;
    }
  }
  return pairs;
}
