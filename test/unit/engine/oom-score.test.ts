import assert from "node:assert/strict";
import { test } from "node:test";
import { type Pages, pages, subtract } from "#domain/units.ts";
import { predictOomScore } from "#engine/oom-score.ts";

const since59 = { major: 5, minor: 9 };
const before59 = { major: 5, minor: 8 };
const totalPages = pages(6_171_021);

const negative = (n: number): Pages => subtract(pages(0), pages(n));
const scores = (values: readonly Pages[], release = since59) =>
  values.map((points) => predictOomScore({ points, totalPages }, release));

test("since 5.9 a process that holds nothing shows 666, one that holds all of the machine 1333", () => {
  assert.deepEqual(scores([pages(0), totalPages]), [666, 1333]);
});

test("since 5.9 an adj of 1000 adds 666 and one of −999 takes the same away", () => {
  assert.deepEqual(scores([pages(6171 * 1000), negative(6171 * 999)]), [1332, 1]);
});

test("what is below a thousandth of the machine is truncated, on both sides of zero alike", () => {
  // One thousandth is 6,171.02 pages, and 1000 × 2 / 3 is 666: rounding down would make 665 of every negative one.
  assert.deepEqual(scores([negative(1), negative(6171), pages(6171)]), [666, 666, 666]);
  assert.deepEqual(scores([negative(6172), pages(6172), pages(6172 * 2)]), [666, 667, 668]);
});

test("a score of zero needs all of adj −999: anybody else who shows zero is not eligible", () => {
  const ofThousand = (points: Pages) => predictOomScore({ points, totalPages: pages(1000) }, since59);
  assert.deepEqual([ofThousand(negative(999)), ofThousand(negative(998))], [0, 1]);
});

test("before 5.9 a score counts thousandths, and points are at least one", () => {
  assert.deepEqual(scores([pages(0), negative(5000), pages(6172), totalPages], before59), [0, 0, 1, 1000]);
  assert.equal(predictOomScore({ points: negative(7), totalPages: pages(500) }, before59), 2);
});

test("before 3.5 the score is made otherwise, and nothing is predicted", () => {
  assert.deepEqual(scores([pages(6172)], { major: 3, minor: 5 }), [1]);
  assert.deepEqual(scores([pages(6172)], { major: 3, minor: 4 }), [undefined]);
});
