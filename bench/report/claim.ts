// The one line of the README: what a run says about us and the AWS SDK, in its own figures.

import type { MeasuredRow } from "../rows/row.ts";
import { ROUND_TRIP_MS } from "../server/long-line.ts";
import { median, medianRatio } from "../statistics.ts";
import { formatValue } from "./figures.ts";

/** Writes the claim. Throws where a row of it was not measured. */
export function toClaim(rows: readonly MeasuredRow[]): string {
  const samplesOf = (id: string, name: "dcaf" | "aws-sdk" | "aws-sdk-http1"): number[] => {
    const samples = rows.find((row) => row.id === id)?.samples.get(name);
    if (samples === undefined) throw new Error(`The claim needs the row ${id} of ${name}.`);
    return samples;
  };
  const share = (id: string, other: "aws-sdk" | "aws-sdk-http1"): string =>
    `${Math.round(100 * medianRatio(samplesOf(id, "dcaf"), samplesOf(id, other)))} %`;
  const first = (name: "dcaf" | "aws-sdk"): string =>
    formatValue(Math.round(median(samplesOf("first-event", name))), "ms");
  const [ours, theirs] = [first("dcaf"), first("aws-sdk")];
  return `A call takes ${share("invoke-1", "aws-sdk-http1")} of the processor time that the AWS SDK takes at its fastest, an event of a stream ${share("bulk-stream", "aws-sdk-http1")}; on a line of ${ROUND_TRIP_MS} ms the first text is there after ${ours}, where its default needs ${theirs}.`;
}
