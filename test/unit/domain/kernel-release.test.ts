import assert from "node:assert/strict";
import { test } from "node:test";
import { isSince, parseKernelRelease } from "#domain/kernel-release.ts";

for (const [text, major, minor] of [
  ["6.18.44-fc-v769", 6, 18],
  ["2.6.32-754.el6.x86_64", 2, 6],
  ["7.0-rc3", 7, 0],
  ["5.9", 5, 9],
] as const) {
  test(`${text} is ${major}.${minor}`, () => assert.deepEqual(parseKernelRelease(text), { major, minor }));
}

for (const text of ["simulated", "", "6", "6.", "v6.1", "6.99999"]) {
  test(`"${text}" is no release`, () => assert.equal(parseKernelRelease(text), undefined));
}

test("releases are compared by numbers, not by letters, and each is since itself", () => {
  const order = [
    [3, 5],
    [5, 8],
    [5, 10],
    [6, 2],
    [6, 18],
    [7, 0],
  ] as const;
  for (const [at, [major, minor]] of order.entries()) {
    for (const [since, other] of order.entries()) assert.equal(isSince({ major, minor }, other), at >= since);
  }
});
