import { cgroupPath, gib, mib, milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "./a-plan.ts";
import type { ProcessWish } from "./a-snapshot.ts";
import { type Look, last, opening } from "./engine-life.ts";

/** Where a storm was typed. */
export const scope = cgroupPath("/user.slice/app.slice/vte-spawn-1.scope");
/** A unit that is not of one application. */
export const session = cgroupPath("/user.slice/user-1000.slice/session-1.scope");

/** The largest process of all, and innocent. */
export const browser: ProcessWish = { pid: 50, comm: "browser", anon: gib(2) };
/** Who starts all of a brood. */
export const spawner: ProcessWish = { pid: 100, comm: "storm", anon: mib(1), cgroup: scope };

interface Brood {
  readonly count?: number;
  readonly from?: number;
  readonly change?: Partial<ProcessWish>;
}

/** Processes it started. */
export const brood = ({ count = 30, from = 1000, change = {} }: Brood = {}): readonly ProcessWish[] =>
  Array.from({ length: count }, (_, index) => ({
    pid: from + index,
    comm: "storm",
    parent: 100,
    anon: mib(100),
    cgroup: scope,
    ...change,
  }));

/** Trouble approaches with one table, and `min` is crossed with the other. */
export const stormy = (now: readonly ProcessWish[], before: readonly ProcessWish[] = [spawner]): readonly Look[] => [
  { at: 0, available: 1100, table: [browser, ...before] },
  { at: 1000, available: 300, table: [browser, ...before, ...now] },
];

/** The same, and a storm it is: one went, its memory came back, and more were born than went. */
export const heedless = (now: readonly ProcessWish[], before: readonly ProcessWish[] = [spawner]): readonly Look[] => {
  const few = now.slice(0, 25);
  const seen = { at: 1000, available: 700, table: [browser, ...before, ...few] };
  const warned: readonly Look[] = [{ at: 0, available: 1100, table: [browser, ...before] }, seen];
  const { identity } = opening(last(warned)).victim;
  const left = now.filter(({ pid }) => pid !== identity.pid);
  return [
    ...warned,
    {
      at: 1100,
      available: 700,
      victims: [{ identity, kind: "exited", at: milliseconds(1050), reap: { kind: "not-asked" } }],
    },
    { at: 2000, available: 700 },
    { at: 5000, available: 300, table: [browser, ...before, ...left] },
  ];
};

/** Who goes, by pid, the victim first. */
export const gone = (looks: readonly Look[], plan: Plan = aPlan()): readonly number[] => {
  const { victim, group } = opening(last(looks, plan));
  return [victim, ...(group?.members.map((identity) => ({ identity })) ?? [])].map(({ identity }) => identity.pid);
};

/** Of some processes. */
export const pids = (processes: readonly ProcessWish[]): readonly number[] => processes.map(({ pid }) => pid);
