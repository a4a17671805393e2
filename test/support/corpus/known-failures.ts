/** Scenarios that do not end as they have to, and why: told in every table, and a test fails when one of them has been mended. */
export const knownFailures: ReadonlyMap<string, string> = new Map();
