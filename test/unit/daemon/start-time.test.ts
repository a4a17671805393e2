import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { onOwnClock, processBegan } from "#daemon/start-time.ts";
import { milliseconds, subtract } from "#domain/units.ts";
import { monotonicNow } from "#linux/clock.ts";

/** CLOCK_MONOTONIC, in ms. */
const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Fractions of a ms are rounded in both clocks. */
const rounding = 0.01;

/** Something read, and by how much it may be wrong: a process can be stopped between two readings of clocks, for as long as both took. */
function read<T>(what: () => T): { readonly value: T; readonly slack: number } {
  const before = sharedNow();
  const value = what();
  return { value, slack: sharedNow() - before + rounding };
}

const module = JSON.stringify(new URL("../../../src/daemon/start-time.js", import.meta.url).href);

test("when a process began is the same on every clock that is read, whenever it is asked", () => {
  const [first, second] = [read(processBegan), read(processBegan)];
  const apart = Math.abs(subtract(second.value, first.value));
  assert.ok(apart <= first.slack + second.slack, `${first.value} and ${second.value}`);
});

test("a child began when we started it, by what it says itself, and before it was asked", () => {
  const before = sharedNow();
  const program = `import { processBegan } from ${module};
    const now = () => Number(process.hrtime.bigint()) / 1e6;
    const asked = now();
    console.log(JSON.stringify({ asked, began: processBegan(), answered: now() }))`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const { asked, began, answered } = JSON.parse(stdout);
  assert.ok(began >= before - (answered - asked) - rounding && began <= asked, `${before} ${stdout}`);
});

test("our own start lies before 0 of no clock that began with us, and another's start before 0 when it began earlier", () => {
  const ours = read(() => onOwnClock(processBegan(), milliseconds(performance.now())));
  assert.ok(Math.abs(ours.value) <= ours.slack, `${ours.value} ms`);
  const minute = milliseconds(60_000);
  const earlier = read(() => onOwnClock(subtract(processBegan(), minute), milliseconds(performance.now())));
  assert.ok(Math.abs(earlier.value + minute) <= earlier.slack, `${earlier.value} ms`);
});

test("what lies between two times is the same on both clocks", () => {
  const minute = 60_000;
  const at = processBegan();
  const now = monotonicNow();
  const span = read(() => subtract(onOwnClock(milliseconds(at + minute), now), onOwnClock(at, now)));
  assert.ok(Math.abs(span.value - minute) <= span.slack, `${span.value} ms`);
});
