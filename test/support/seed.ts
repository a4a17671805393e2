/** The seed of random tests: `SEED=…` plays a failure again. It is in every test's title. */
export const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** How many random cases: `RUNS=…`, or what a test does by itself. */
export const runs = (usual: number): number => Number(process.env["RUNS"] ?? usual);
