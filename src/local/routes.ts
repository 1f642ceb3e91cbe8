// Which operation a request names.

/** The operations the endpoint knows. */
export type LocalOperation = "converse" | "converse-stream" | "count-tokens";

/** What a path stands for. */
export interface Route {
  readonly operation: LocalOperation;
  /** As the caller wrote it, percent-decoded. */
  readonly modelId: string;
}

const MODEL_PATH = /^\/model\/([^/]+)\/(converse|converse-stream|count-tokens)$/;

/** The operation of a method and URL; undefined when Bedrock knows none. The query is ignored. */
export function routeOf(method: string | undefined, url: string | undefined): Route | undefined {
  const [path = ""] = (url ?? "").split("?");
  const match = method === "POST" ? MODEL_PATH.exec(path) : null;
  if (match === null) return undefined;
  const modelId = decodeLabel(match[1] ?? "");
  return modelId === undefined ? undefined : { operation: match[2] as LocalOperation, modelId };
}

function decodeLabel(label: string): string | undefined {
  try {
    return decodeURIComponent(label);
  } catch {
    return undefined;
  }
}

/** Whether somebody only asks what answers here. */
export function isHealthCheck(method: string | undefined, url: string | undefined): boolean {
  return (method === "GET" || method === "HEAD") && (url === "/" || url === "/health");
}
