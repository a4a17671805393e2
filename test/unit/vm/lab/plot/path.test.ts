import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { lineThrough, lowestPerPixel } from "#test/vm/lab/plot/path.ts";

test("a line goes from each point to the next, in tenths of a pixel", () => {
  equal(
    lineThrough([
      { x: 10, y: 20.04 },
      { x: 11.26, y: 19.5 },
      { x: 12, y: 30 },
    ]),
    "M10 20l1.3-.5l.7 10.5",
  );
});

test("what is rounded does not add up", () => {
  const points = Array.from({ length: 101 }, (_, index) => ({ x: index * 1.04, y: index % 2 }));
  const steps = [...lineThrough(points).matchAll(/l([\d.]+)/g)].map(([, step]) => Number(step));
  equal(Math.round(steps.reduce((a, b) => a + b, 0)), 104);
});

test("points on a level line are left out but for its ends", () => {
  const level = [1, 2, 3, 4].map((x) => ({ x, y: 5 }));
  equal(lineThrough([...level, { x: 5, y: 9 }]), "M1 5l3 0l1 4");
});

test("of points in the same pixel the worst is drawn", () => {
  const points = [
    { x: 1.1, y: 5 },
    { x: 0.9, y: 8 },
    { x: 1.2, y: 6 },
    { x: 2, y: 1 },
  ];
  deepEqual(lowestPerPixel(points), [
    { x: 1, y: 8 },
    { x: 2, y: 1 },
  ]);
});
