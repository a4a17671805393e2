import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type IdentityKey, identityKey } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { type CgroupPath, kib, scale } from "#domain/units.ts";
import { wantedUnits } from "#engine/kill-manner.ts";
import type { Plan } from "#engine/plan.ts";
import { chanceOf } from "#test/support/bench/random-table.ts";
import { chooseOne, judgeAll, type Kill, type Need, planFor, without } from "#test/support/gallery/choose.ts";
import { type GalleryMachine, galleryMachines } from "#test/support/gallery/machines.ts";
import { runs, seed } from "#test/support/seed.ts";

interface Case {
  readonly machine: GalleryMachine;
  readonly plan: Plan;
  readonly need: Need;
  /** A cgroup with `memory.oom.group`. */
  readonly marked: CgroupPath | undefined;
}

/** A machine of the gallery on which everybody holds something else, who is in the session as well as who is not. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    machine: fc.constantFrom(...galleryMachines()),
    number: fc.nat(),
    need: fc.constantFrom("scarce" as const, "exhausted" as const),
    unit: fc.constantFrom(...wantedUnits),
  })
  .map(({ machine, number, need, unit }) => {
    const chance = chanceOf(number);
    const resize = (table: ProcessTable): ProcessTable => ({
      ...table,
      processes: table.processes.map((process) => withSize(process, chance(40) === 0 ? 1000 : chance(300) / 100)),
    });
    const resized = { ...machine, before: resize(machine.before), now: resize(machine.now) };
    const plan = planFor(machine);
    const some = resized.now.processes[chance(resized.now.processes.length)]?.traits.cgroup;
    const marked = chance(2) === 0 && some !== "/" ? some : undefined;
    return { machine: resized, plan: { ...plan, kill: { ...plan.kill, unit } }, need, marked };
  });

function withSize(process: ProcessFacts, factor: number): ProcessFacts {
  const { memory } = process;
  if (memory === undefined) return process;
  const anon = kib(Math.min(scale(memory.anon, factor), 1e9));
  return { ...process, memory: { ...memory, anon, rss: anon, counted: anon } };
}

/** Who dies of a kill. */
const diesOf = ({ victim, group }: Kill, { now }: GalleryMachine): ReadonlySet<IdentityKey> => {
  const whole = group?.whole;
  // A cgroup that is killed at one stroke takes along whoever is in it, whether that one was named or not.
  const swept = now.processes.filter(({ traits: { cgroup } }) => whole !== undefined && isWithin(cgroup, whole));
  return new Set(
    [victim.identity, ...(group?.members ?? []), ...swept.map(({ identity }) => identity)].map(identityKey),
  );
};

const isWithin = (cgroup: CgroupPath | undefined, top: CgroupPath): boolean =>
  cgroup === top || cgroup?.startsWith(`${top}/`) === true;

/** Kills one after the other until nobody can be chosen, and shows each kill to `visit`. */
function killAll({ machine, plan, need, marked }: Case, visit: (kill: Kill, left: GalleryMachine) => void): number {
  let [left, kills] = [machine, 0];
  for (;;) {
    const kill = chooseOne(left, plan, { need, ...(marked !== undefined && { marked }) });
    if (kill === undefined) return kills;
    visit(kill, left);
    left = without(left, kill);
    kills += 1;
  }
}

describe(`the gallery with other sizes (seed ${seed})`, () => {
  it("takes nobody of the session, and no unit with one of it, while anybody else can be taken", () => {
    let [last, ended] = [0, 0];
    const taken = new Set<string>();
    const property = fc.property(cases, (drawn) => {
      killAll(drawn, (kill, left) => {
        const judgements = judgeAll(left, drawn.plan);
        const guarded = new Set(
          judgements.flatMap((each) =>
            each.kind === "ineligible" && each.guard !== undefined ? [identityKey(each.process.identity)] : [],
          ),
        );
        const isElse = judgements.some(
          ({ kind, process }) => kind === "eligible" && process.traits.cgroup !== drawn.marked,
        );
        const harmed = [...diesOf(kill, left)].filter((key) => guarded.has(key));
        taken.add(`${kill.group?.kind} ${kill.group?.whole === undefined ? "in part" : "whole"}`);
        if (isElse) assert.deepEqual(harmed, []);
        else last += harmed.length;
      });
      ended += 1;
    });
    fc.assert(property, { seed, numRuns: runs(60) });
    for (const one of ["undefined in part", "family in part", "app in part", "app whole", "memcg whole"]) {
      assert.ok(taken.has(one), `no kill was ${one}: ${[...taken]}`);
    }
    assert.ok(last > ended, `${last} parts of a session went last on ${ended} machines`);
  });
});
