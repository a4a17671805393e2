import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { describeTallies, judgeRun, type Result } from "#test/vm/verdict.ts";

const through = (name: string, seconds: number): Result => ({ name, seconds, isStuck: false, isWell: true });
const stuck = (name: string, seconds: number): Result => ({ name, seconds, isStuck: true, isWell: false });

test("a guest that takes more than four times as long as the slowest that switched itself off hangs", () => {
  const others = [through("a", 30), through("b", 50)];
  deepEqual(judgeRun([...others, stuck("c", 201)]), { well: 2, wrong: [], hung: ["c"], unplayed: 0 });
  deepEqual(judgeRun([...others, stuck("c", 200)]), { well: 2, wrong: [], hung: [], unplayed: 1 });
});

test("where no guest switched itself off in time, it is the host that is slow", () => {
  deepEqual(judgeRun([stuck("a", 450), stuck("b", 450), stuck("not begun", 0)]), {
    well: 0,
    wrong: [],
    hung: [],
    unplayed: 3,
  });
});

test("a story that ends otherwise than it has to is wrong, however much time there was", () => {
  deepEqual(judgeRun([{ ...through("a", 10), isWell: false }, stuck("b", 0)]).wrong, ["a"]);
});

test("a guest that switched itself off did not hang, however long it took", () => {
  equal(judgeRun([through("a", 400), through("b", 50)]).well, 2);
});

test("of a story that was played several times it is told how often it ended as it had to", () => {
  const wrong = { ...through("a", 10), isWell: false };
  deepEqual(describeTallies([through("a", 1), through("b", 1), wrong, through("b", 2)]), ["a: 1 of 2", "b: 2 of 2"]);
  deepEqual(describeTallies([through("a", 1), through("b", 1)]), []);
});
