import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { onOwnClock, processBegan } from "#daemon/start-time.ts";
import { milliseconds, subtract } from "#domain/units.ts";
import { monotonicNow } from "#linux/clock.ts";

/** In ms: a process may be stopped between two readings. The origins of clocks lie much further apart. */
const slack = 1000;

const module = JSON.stringify(new URL("../../../src/daemon/start-time.js", import.meta.url).href);

test("when a process began is the same on every clock that is read, whenever it is asked", () => {
  const [first, second] = [processBegan(), processBegan()];
  assert.ok(Math.abs(subtract(second, first)) < slack, `${first} and ${second}`);
});

test("a child began when we started it, by what it says itself, and before it was asked", () => {
  const before = Number(process.hrtime.bigint()) / 1e6 - slack;
  const program = `import { processBegan } from ${module}; console.log(processBegan())`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const after = Number(process.hrtime.bigint()) / 1e6;
  assert.ok(Number(stdout) >= before && Number(stdout) <= after, `${before} ${stdout} ${after}`);
});

test("our own start lies before 0 of no clock that began with us, and another's start before 0 when it began earlier", () => {
  const ours = onOwnClock(processBegan(), milliseconds(performance.now()));
  assert.ok(Math.abs(ours) < slack, `${ours} ms`);
  const earlier = onOwnClock(subtract(processBegan(), milliseconds(60_000)), milliseconds(performance.now()));
  assert.ok(Math.abs(earlier + 60_000) < slack, `${earlier} ms`);
});

test("what lies between two times is the same on both clocks", () => {
  const at = processBegan();
  const now = monotonicNow();
  const span = subtract(onOwnClock(milliseconds(at + 60_000), now), onOwnClock(at, now));
  assert.ok(Math.abs(span - 60_000) < slack, `${span} ms`);
});
