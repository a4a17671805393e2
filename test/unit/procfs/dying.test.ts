import assert from "node:assert/strict";
import { test } from "node:test";
import { isDying } from "#procfs/dying.ts";

const living = { isExiting: false, threads: 1 };
const unharmed = { isKilled: false, isThreadKilled: false, isDumpingCore: false };

for (const [claim, stat, status, expected] of [
  ["a process nobody killed is not dying", living, unharmed, false],
  ["SIGKILL for the group is enough", living, { ...unharmed, isKilled: true }, true],
  [
    "SIGKILL for the leader is enough: another thread has ended the group",
    living,
    { ...unharmed, isThreadKilled: true },
    true,
  ],
  ["the only thread exits", { isExiting: true, threads: 1 }, unharmed, true],
  ["a zombie is counted no more, and has exited", { isExiting: true, threads: 0 }, unharmed, true],
  ["a leader that exits while others run on keeps the memory", { isExiting: true, threads: 2 }, unharmed, false],
  ["a core dump keeps the memory", living, { ...unharmed, isKilled: true, isDumpingCore: true }, false],
  [
    "a core dump keeps the memory of who exits, too",
    { isExiting: true, threads: 1 },
    { ...unharmed, isDumpingCore: true },
    false,
  ],
] as const) {
  test(claim, () => {
    assert.equal(isDying(stat, status), expected);
  });
}
