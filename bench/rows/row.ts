// A row of the table: something that is measured for each client, in rounds.

import type { ClientName } from "../clients/client.ts";
import type { Session } from "../session.ts";

/** For each client that could be measured, a value for each round, in the unit of the row. */
export type Samples = Map<ClientName, number[]>;

/** How the values of a row are written. */
export type Unit = "µs" | "ms" | "count" | "bytes";

/** One row and how it is measured. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  measure(session: Session): Promise<Samples>;
}

/** A measured row. */
export interface MeasuredRow extends Pick<Row, "id" | "title" | "unit"> {
  readonly samples: Samples;
}

/** Adds a value to a client's. */
export function addSample(samples: Samples, name: ClientName, value: number): void {
  const values = samples.get(name);
  if (values === undefined) samples.set(name, [value]);
  else values.push(value);
}
