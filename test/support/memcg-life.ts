import assert from "node:assert/strict";
import type { WatchedMemcg } from "#domain/memcg.ts";
import { type CgroupPath, cgroupPath, mib, milliseconds, pid, startTicks } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { type EngineState, initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import type { Rule } from "#engine/rule.ts";
import { aMemcg, app, membership, watching } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, type ProcessWish, someMeminfo, somePressure, someTable } from "#test/support/a-snapshot.ts";
import { deepFreeze } from "#test/support/deep-freeze.ts";

export const inside: ProcessWish = { pid: 20, comm: "worker", anon: mib(600) };
export const helper: ProcessWish = { pid: 21, comm: "helper", anon: mib(200) };
export const outside: ProcessWish = { pid: 30, comm: "neighbour", anon: mib(9000) };
export const db = cgroupPath("/db");
const dbWorker: ProcessWish = { pid: 40, comm: "postgres", anon: mib(700) };
const everybody = [inside, helper, outside, dbWorker];
const homes = { [app]: [20, 21], [db]: [40] };

/** What one look of a test sees; amounts in MiB. */
export interface Look {
  readonly at: number;
  readonly available?: number;
  readonly used?: number;
  readonly memcgs?: readonly WatchedMemcg[];
  readonly isCloser?: boolean;
  readonly victims?: readonly VictimReport[];
  readonly full?: number;
}

export const see = ({ at, available = 8000, used = 100, memcgs, isCloser, victims, full = 0 }: Look) =>
  aSnapshot({
    at,
    meminfo: someMeminfo({ available: mib(available) }),
    pressure: somePressure({ some: full, full }),
    memcgs: memcgs ?? [aMemcg(mib(used))],
    ...(isCloser && { table: someTable(everybody), membership: membership(homes) }),
    ...(victims && { victims }),
  });

export const plan = (change: Partial<Plan> = {}) => aPlan({ memcgs: watching(app), ...change });

/** Decides look after look; inputs are frozen. */
export function live(looks: readonly Look[], by: Plan = plan()): readonly Verdict[] {
  let state: EngineState = initialState(milliseconds(0));
  return looks.map((look) => {
    const verdict = decide(deepFreeze(see(look)), deepFreeze(state), by);
    state = verdict.state;
    return verdict;
  });
}

export function last(looks: readonly Look[], by?: Plan): Verdict {
  const verdict = live(looks, by).at(-1);
  assert.ok(verdict);
  return verdict;
}

export const report = (of: number, kind: "alive" | "exited", at = 0): VictimReport => {
  const identity = { pid: pid(of), startTicks: startTicks(of) };
  const reap = { kind: "not-asked" } as const;
  return kind === "alive" ? { identity, kind, reap } : { identity, kind, at: milliseconds(at), reap };
};

export const signals = ({ decisions }: Verdict) =>
  decisions.flatMap((decision) =>
    decision.kind === "signal"
      ? [{ to: decision.victim.comm, signal: decision.signal, memcg: decision.alarm.memcg, of: decision.eligible }]
      : [],
  );

export const withheld = (verdict: Verdict) =>
  verdict.findings.flatMap((finding) => (finding.kind === "kill-withheld" ? [finding.why] : []));

export const standings = (verdict: Verdict) =>
  verdict.findings.flatMap((finding) =>
    finding.kind === "memcg-standing" ? [[finding.name, finding.standing, finding.limit]] : [],
  );

export const never = (name: string): Rule => ({
  verdict: "never",
  origin: "test",
  when: { name: { source: name, matches: (text) => text === name } },
});

export const scarceIn = (path: CgroupPath, used = 930): WatchedMemcg => aMemcg(mib(used), { path, named: path });
