// Rows whose promise is not kept yet. A name goes from here with the change that keeps it.

/** Names of rows that the tests pass over. */
export const PENDING: readonly string[] = [
  "sweep-close-delimited",
  "captive-portal",
  "throttle-first",
  "invalid-utf8",
  "expired-token",
  "clock-skew",
];
