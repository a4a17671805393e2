import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { describe, it } from "node:test";
import { linuxMachine } from "#linux/linux-machine.ts";
import { lacksV1 } from "#test/support/conformance/v1-cgroup.ts";
import { toKill } from "#test/support/decisions.ts";
import { linuxWorld } from "#test/support/linux-world.ts";
import { reportOn, until } from "#test/support/world.ts";
import { describeMachine, type Skip } from "./describe-machine.ts";

using probe = linuxMachine();
const { canLowerOomScoreAdj, isRoot } = probe.capabilities;

const skipUnless = (can: boolean, skip: Skip): readonly Skip[] => (can ? [] : [skip]);

describeMachine("linux, live", {
  make: linuxWorld,
  skip: [
    ...skipUnless(canLowerOomScoreAdj, {
      reason: "without CAP_SYS_RESOURCE no hog can be given -1000",
      tests: ["a hog with oom_score_adj -1000 is never signalled"],
    }),
    ...skipUnless(isRoot, {
      reason: "only root can start a hog of another user",
      tests: ["a hog is in the table as what it is"],
    }),
    ...skipUnless(lacksV1("memory") === false, {
      reason: String(lacksV1("memory")),
      tests: ["a memcg is told to a look that asks for it, with those who are in it and nobody else"],
    }),
  ],
});

/** It may be gone since it was listed: the listing itself is one of them. */
function isPidfd(fd: string): boolean {
  try {
    return /pidfd/.test(readlinkSync(`/proc/self/fd/${fd}`));
  } catch {
    return false;
  }
}

const patience = 30_000;

/** Lets threads come to their end. */
async function settled(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + patience;
  while (!holds() && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
}

describe("linux, live: descriptors", () => {
  const list = () => readdirSync("/proc/self/fd");
  const countPidfds = () => list().filter(isPidfd).length;

  /** One whole life of a machine, with a kill in it. */
  async function liveThrough(): Promise<void> {
    await using world = linuxWorld();
    const { machine, start } = world;
    const { hog } = await start();
    machine.sense({
      needs: ["meminfo", "pressure", "vmstat", "zoneinfo", "swaps", "arc", "overcommit", "memcgs", "processes"],
      isPressing: false,
    });
    machine.act(toKill(hog));
    await until(machine, "the hog has exited", () => reportOn(machine, hog)?.kind === "exited");
    machine.act({ kind: "release", victim: hog });
  }

  it("are all given back when a machine is disposed of", async () => {
    // The first life opens what Node keeps for good. Threads of a machine let go of theirs a moment after it.
    await liveThrough();
    const before = list().length;
    for (let life = 0; life < 4; life += 1) await liveThrough();
    await settled(() => list().length <= before);
    assert.ok(list().length <= before, `${list().length} are open, and were ${before}`);
  });

  it("of victims are given back when they are released", async () => {
    await using world = linuxWorld();
    const { machine, start } = world;
    const { hog } = await start();
    machine.act(toKill(hog));
    assert.ok(countPidfds() > 0);
    await until(machine, "the hog has exited", () => reportOn(machine, hog)?.kind === "exited");
    machine.act({ kind: "release", victim: hog });
    await until(machine, "no descriptor of a process is left", () => countPidfds() === 0);
  });
});
