import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { anchors, indexOfAnchor } from "#procfs/oom-report/anchors.ts";
import { bytesOf } from "#test/support/fixture.ts";
import { seed } from "#test/support/seed.ts";

const search = (text: string, start = 0): number => indexOfAnchor(bytesOf(text), start);

/** What a search word by word finds. */
function searchSlowly(text: string, start: number): number {
  const found = anchors.map((anchor) => text.indexOf(anchor, start)).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
}

describe("the search for anchors", () => {
  test("finds each of them wherever it stands, and after its own beginning", () => {
    for (const anchor of anchors) {
      for (let at = 0; at < 20; at++) equal(search(`${"x".repeat(at)}${anchor}`), at, anchor);
      deepEqual([search(anchor), search(anchor, 1)], [0, searchSlowly(anchor, 1)], anchor);
      equal(search(anchor.slice(0, -1) + anchor), anchor.length - 1, anchor);
      equal(search(anchor.slice(0, -1)), -1, anchor);
    }
  });

  const pieces = fc.constantFrom(
    ...anchors.flatMap((anchor) => [anchor, anchor.slice(0, -1), anchor.slice(1), "m", " "]),
  );

  test(`finds what a search word by word finds (seed ${seed})`, () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.nat({ max: 40 }), (words, start) => {
        const text = words.join("");
        equal(search(text, start), searchSlowly(text, start), text);
      }),
      { seed, numRuns: 500 },
    );
  });
});
