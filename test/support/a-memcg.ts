import type { Membership, WatchedMemcg } from "#domain/memcg.ts";
import { type CgroupPath, cgroupPath, gib, type KiB, kib, mib, milliseconds, pid } from "#domain/units.ts";
import { bindDetector } from "#engine/define-detector.ts";
import type { MemcgPlan, ScopePlan } from "#engine/plan.ts";
import { headroom } from "#policies/detectors/headroom.ts";
import { stallDetector } from "./a-plan.ts";

/** The memcg of every test that needs but one. */
export const app: CgroupPath = cgroupPath("/app");

/** A memcg of 1 GiB, without swap, in which so much is used. */
export const aMemcg = (used: KiB, change: Partial<WatchedMemcg> = {}): WatchedMemcg => ({
  named: change.path ?? app,
  path: app,
  usage: used,
  swapped: kib(0),
  limits: { kind: "v2", memory: gib(1), swap: kib(0), swappiness: 60 },
  high: undefined,
  reclaimable: kib(0),
  events: { low: undefined, high: undefined, max: 0, oom: undefined, oomKill: undefined },
  pressure: undefined,
  ...change,
});

/** Alarms below 64, 128 and 192 MiB, and after a stall; nothing fits into a memcg of less than 256 MiB. */
const scopePlan: ScopePlan = {
  headroom: { min: mib(64), low: mib(128), high: mib(192) },
  detectors: [bindDetector(headroom, {}), stallDetector()],
  alarms: [
    { kind: "approaching", when: "any", detectors: ["headroom"], holdFor: milliseconds(0) },
    { kind: "scarce", when: "any", detectors: ["headroom"], holdFor: milliseconds(0) },
    { kind: "stalling", when: "any", detectors: ["stall"], holdFor: milliseconds(0) },
    { kind: "exhausted", when: "any", detectors: ["headroom"], holdFor: milliseconds(0) },
  ],
};

/** Watches memcgs, by their paths or patterns. */
export const watching = (...paths: readonly string[]): readonly MemcgPlan[] =>
  paths.map((path) => ({
    path,
    within: ({ limit }) => {
      if (limit === undefined) return "unlimited";
      return limit < mib(256) ? "limit-too-small" : scopePlan;
    },
  }));

/** Who is in which memcg, by its path. */
export const membership = (members: Readonly<Record<string, readonly number[]>>): Membership => ({
  watched: Object.entries(members).map(([path, pids]) => ({ path: cgroupPath(path), members: new Set(pids.map(pid)) })),
  groups: [],
});
