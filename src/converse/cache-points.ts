// The caller's own cache points, made legal over the whole request. They count in the order in which
// the service reads a request: tools, then system, then messages.

import type { ReportChange, RequestChange } from "../core/request-change.ts";
import type { CacheSection, CacheTraits, ModelTraits } from "../models/model-traits.ts";
import { hasCachePoint, type MaybeCachePoint } from "./cache-point-search.ts";
import type { ConverseBody } from "./converse-options.ts";

/** How many points a request may hold. */
const MAX_CACHE_POINTS = 4;

/** One point of a request, and what becomes of it. */
interface Point {
  readonly section: CacheSection;
  /** Of the message; 0 elsewhere. */
  readonly message: number;
  /** Of the point in its list. */
  readonly index: number;
  readonly path: string;
  readonly ttl: string | undefined;
  fate: "keep" | "without-ttl" | "leave-out";
}

const LISTS = { tools: "toolConfig.tools", system: "system", messages: "messages" } as const;

/**
 * Leaves out what the model, or any model, would refuse: all points of a model or a section without
 * caching, a `ttl` the model does not have, a longer `ttl` after a shorter one, and points beyond the
 * fourth. Of too many, the last one of the tools and the last one of the instructions stay, for they
 * change least, and then those nearest the end, for they cover most. A list of nothing but points
 * goes too. Returns the very same body when nothing changes. Every change is reported.
 */
export function fitCachePoints(
  body: ConverseBody,
  traits: ModelTraits,
  report: ReportChange = () => {},
): ConverseBody {
  const points = findPoints(body);
  if (points.length === 0) return body;
  const { cache } = traits;
  if (cache !== undefined) leaveOutRefused(points, cache, report);
  leaveOutLonely(points, body, report);
  leaveOutSurplus(points, report);
  if (cache !== undefined && cache !== false) leaveOutTtls(points, cache, report);
  orderTtls(points, report);
  return withoutEmptyLists(rebuild(body, points));
}

function findPoints(body: ConverseBody): Point[] {
  // Most requests have no point, and are not to pay for those that have.
  if (!hasCachePoint(body)) return [];
  const points: Point[] = [];
  const find = (
    section: CacheSection,
    message: number,
    list: readonly MaybeCachePoint[] | undefined,
  ) => {
    for (const [index, { cachePoint }] of (list ?? []).entries()) {
      if (cachePoint == null) continue;
      const inside = section === "messages" ? `.${message}.content` : "";
      const path = `${LISTS[section]}${inside}.${index}`;
      points.push({ section, message, index, path, ttl: cachePoint.ttl, fate: "keep" });
    }
  };
  find("tools", 0, body.toolConfig?.tools);
  find("system", 0, body.system);
  for (const [index, { content }] of (body.messages ?? []).entries()) {
    find("messages", index, content);
  }
  return points;
}

function leaveOutRefused(points: Point[], cache: CacheTraits | false, report: ReportChange): void {
  let told: CacheSection | undefined;
  for (const point of points) {
    const { section, path } = point;
    if (cache !== false && cache.sections.includes(section)) continue;
    point.fate = "leave-out";
    if (told === section) continue;
    told = section;
    const what = cache === false ? "caches nothing" : `does not cache ${section}`;
    warn(report, path, "cache-refused", `The model ${what}: its cache points are left out.`);
  }
}

/** Tools and instructions may not consist of points alone. */
function leaveOutLonely(points: readonly Point[], body: ConverseBody, report: ReportChange): void {
  const lists = [
    ["tools", body.toolConfig?.tools, "tools-only-cache-points"],
    ["system", body.system, "cache-point-first"],
  ] as const;
  for (const [section, list, rule] of lists) {
    const lonely = points.filter((point) => point.section === section && point.fate === "keep");
    if (lonely.length === 0 || lonely.length !== list?.length) continue;
    for (const point of lonely) point.fate = "leave-out";
    warn(report, LISTS[section], rule, "There is nothing but cache points: the list is left out.");
  }
}

function leaveOutSurplus(points: readonly Point[], report: ReportChange): void {
  const left = points.filter(({ fate }) => fate !== "leave-out");
  const surplus = left.length - MAX_CACHE_POINTS;
  if (surplus <= 0) return;
  const stays = new Set<Point>();
  for (const section of ["tools", "system"]) {
    const last = left.findLast((point) => point.section === section);
    if (last !== undefined) stays.add(last);
  }
  for (const point of left.toReversed()) if (stays.size < MAX_CACHE_POINTS) stays.add(point);
  const dropped = left.filter((point) => !stays.has(point));
  for (const point of dropped) point.fate = "leave-out";
  report({
    path: dropped[0]?.path ?? "",
    rule: "cache-points-too-many",
    message: `A request holds at most ${MAX_CACHE_POINTS} cache points: ${surplus} of ${left.length} are left out.`,
    kind: "repair",
  });
}

function leaveOutTtls(points: readonly Point[], cache: CacheTraits, report: ReportChange): void {
  for (const point of points) {
    if (point.fate !== "keep" || point.ttl === undefined) continue;
    if (cache.ttls.some((ttl) => ttl === point.ttl)) continue;
    point.fate = "without-ttl";
    const message = "The model does not have this ttl: it is left out, for the usual five minutes.";
    warn(report, `${point.path}.cachePoint.ttl`, "cache-refused", message);
  }
}

function orderTtls(points: readonly Point[], report: ReportChange): void {
  let hasShort = false;
  for (const point of points) {
    if (point.fate === "leave-out") continue;
    const isLong = point.fate === "keep" && point.ttl === "1h";
    if (isLong && hasShort) {
      point.fate = "without-ttl";
      const message =
        "One hour cannot follow five minutes (tools, system, messages): this ttl is left out.";
      warn(report, `${point.path}.cachePoint.ttl`, "cache-ttl-order", message);
    }
    hasShort ||= !isLong;
  }
}

function warn(report: ReportChange, path: string, rule: string, message: string): void {
  report({ path, rule, message, kind: "warning" } satisfies RequestChange);
}

/** The body with the fates of its points come true; untouched lists are the same ones. */
function rebuild(body: ConverseBody, points: readonly Point[]): ConverseBody {
  const changed = points.filter(({ fate }) => fate !== "keep");
  if (changed.length === 0) return body;
  const { toolConfig, system, messages } = body;
  const result = { ...body };
  const inTools = changed.filter(({ section }) => section === "tools");
  if (toolConfig !== undefined && inTools.length > 0) {
    result.toolConfig = { ...toolConfig, tools: apply(toolConfig.tools, inTools) };
  }
  const inSystem = changed.filter(({ section }) => section === "system");
  if (system !== undefined && inSystem.length > 0) result.system = apply(system, inSystem);
  const inMessages = new Map<number, Point[]>();
  for (const point of changed) {
    if (point.section !== "messages") continue;
    const others = inMessages.get(point.message);
    if (others === undefined) inMessages.set(point.message, [point]);
    else others.push(point);
  }
  if (messages === undefined || inMessages.size === 0) return result;
  result.messages = messages.map((message, index) => {
    const here = inMessages.get(index);
    return here === undefined ? message : { ...message, content: apply(message.content, here) };
  });
  return result;
}

function apply<Block extends MaybeCachePoint>(
  list: readonly Block[],
  points: readonly Point[],
): Block[] {
  const fates = new Map(points.map(({ index, fate }) => [index, fate]));
  return list.flatMap((entry, index) => {
    const fate = fates.get(index);
    if (fate === undefined) return [entry];
    if (fate === "leave-out") return [];
    const { ttl: _, ...cachePoint } = entry.cachePoint ?? { type: "default" };
    return [{ cachePoint } as unknown as Block];
  });
}

/** Lists that hold nothing any more are refused when they are empty. */
function withoutEmptyLists(body: ConverseBody): ConverseBody {
  const hasNoTools = body.toolConfig?.tools.length === 0;
  const hasNoSystem = body.system?.length === 0;
  if (!hasNoTools && !hasNoSystem) return body;
  const result = { ...body };
  if (hasNoTools) delete result.toolConfig;
  if (hasNoSystem) delete result.system;
  return result;
}
