import fc from "fast-check";

// Making a failed case smaller plays a life a thousand times: CI has no time for that, and prints the seed.
fc.configureGlobal({ endOnFailure: process.env["CI"] !== undefined });

/** The seed of random tests: `SEED=…` plays a failure again. It is in every test's title. */
export const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** How many random cases: `RUNS=…`, or what a test does by itself. */
export const runs = (usual: number): number => Number(process.env["RUNS"] ?? usual);
