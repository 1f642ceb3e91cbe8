// Reading the many forms of a model id: plain, with the prefix of an inference profile, or an ARN.
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html

import { remembered } from "../core/remembered.ts";

/** What an id says by itself. */
export interface ParsedModelId {
  /** Without ARN and prefix, such as `anthropic.claude-sonnet-4-6`; absent when the ARN hides it. */
  readonly baseId?: string;
  /** Of a cross-region inference profile, such as `us` or `global`. */
  readonly prefix?: string;
  /** What kind of resource an ARN names, such as `application-inference-profile` or `prompt`. */
  readonly resource?: string;
}

const PREFIX = /^(us-gov|us|eu|apac|ap|jp|au|ca|in|global)\.(?=[a-z0-9-]+\.)/;

/** ARNs whose last part is the id of a model. The others only point at one. */
const TRANSPARENT = new Set(["foundation-model", "inference-profile"]);

/** Ids are few, but may come from outside. */
const MAX_REMEMBERED = 1000;

/** Never throws: an id of no known form is its own base id. */
export const parseModelId: (id: string) => ParsedModelId = remembered(MAX_REMEMBERED, parse);

function parse(id: string): ParsedModelId {
  const arn = /^arn:[^:]*:bedrock:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(id);
  if (arn === null) return withoutPrefix(id);
  const [, resource = "", name = ""] = arn;
  return TRANSPARENT.has(resource) ? { resource, ...withoutPrefix(name) } : { resource };
}

function withoutPrefix(id: string): ParsedModelId {
  const prefix = PREFIX.exec(id)?.[1];
  return prefix === undefined ? { baseId: id } : { prefix, baseId: id.slice(prefix.length + 1) };
}
