import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mib } from "#domain/units.ts";
import { someProcess } from "#test/support/a-snapshot.ts";
import { atHalf } from "#test/support/gallery/record-programs.ts";

/** Two processes, that hold so many MiB each. */
const look = (a: number, b: number) => [
  someProcess({ pid: 2, anon: mib(a) }),
  someProcess({ pid: 3, anon: mib(b / 2), shmem: mib(b / 2) }),
];

const now = look(100, 300);

describe("atHalf", () => {
  it("takes the last look at which all together held no more than half, whoever held it", () => {
    const looks = [look(0, 0), look(10, 100), look(100, 100), look(100, 102), now];
    assert.equal(atHalf(looks, now), looks[2]);
  });

  it("takes the last one also when memory came, went and came again", () => {
    const looks = [look(10, 10), look(100, 290), look(20, 20), now];
    assert.equal(atHalf(looks, now), looks[2]);
  });

  it("takes what is there now when nobody looked while less was held: nothing is known to have grown", () => {
    assert.equal(atHalf([now], now), now);
  });
});
