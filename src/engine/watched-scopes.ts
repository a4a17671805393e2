import type { Decision } from "#domain/decision.ts";
import type { Finding } from "#domain/finding.ts";
import type { MemcgStanding, WatchedMemcg } from "#domain/memcg.ts";
import { knownValue } from "#domain/snapshot.ts";
import { type Milliseconds, subtract } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import { limitOf } from "./memcg-headroom.ts";
import type { ScopeName, ScopeState } from "./scope-state.ts";
import { memcgScope, type Scope, type SoundLook } from "./scopes.ts";
import { type Step, stay, then } from "./step.ts";

/** A memcg that is to be watched, or a name that fits none. */
interface Seen {
  readonly name: string;
  readonly standing: MemcgStanding;
  readonly memcg?: WatchedMemcg;
  readonly scope?: Scope;
}

/** The memcgs that a look can decide about, the innermost first, and what there is to say of those that are to be watched. */
export interface WatchedScopes {
  readonly scopes: readonly Scope[];
  readonly step: Step;
}

/** Finds out which memcgs are to be decided about, says once how it stands with each, and lets go of those that are no more. */
export function watchScopes(state: EngineState, machine: Scope, look: SoundLook): WatchedScopes {
  const seen = seeAll(machine, look);
  if (seen === undefined) return { scopes: [], step: stay(state) };
  const scopes = seen.flatMap(({ scope }) => scope ?? []).toSorted((a, b) => depthOf(b) - depthOf(a));
  const left = letGo(state, new Set(scopes.map(({ name }) => name)), look.snapshot.takenAt);
  return { scopes, step: then(left, (next) => sayStandings(next, seen)) };
}

const depthOf = ({ name }: Scope): number => name?.split("/").length ?? 0;

/** Every memcg that the plan names and that is there, and every name that fits none. Undefined: nobody could tell. */
function seeAll(machine: Scope, look: SoundLook): readonly Seen[] | undefined {
  const { memcgs: plans } = look.plan;
  const memcgs = plans.length === 0 ? [] : knownValue(look.snapshot.memcgs);
  if (memcgs === undefined) return undefined;
  const named = memcgs.filter((memcg) => plans.some(({ path }) => path === memcg.named));
  const missing = plans.filter(({ path }) => named.every((memcg) => memcg.named !== path));
  return [
    ...named.map((memcg) => seeMemcg(memcg, machine, look)),
    ...missing.map(({ path }): Seen => ({ name: path, standing: "absent" })),
  ];
}

function seeMemcg(memcg: WatchedMemcg, machine: Scope, look: SoundLook): Seen {
  const scope = memcgScope(memcg, machine, look);
  const seen = { name: memcg.path, memcg };
  return typeof scope === "string" ? { ...seen, standing: scope } : { ...seen, standing: "watched", scope };
}

function sayStandings(state: EngineState, seen: readonly Seen[]): Step {
  if (seen.length === 0 && state.memcgs.size === 0) return stay(state);
  const news = seen.filter(({ name, standing }) => state.memcgs.get(name) !== standing);
  return {
    decisions: [],
    findings: news.map(({ name, standing, memcg }): Finding => {
      const limit = memcg && limitOf(memcg);
      return { kind: "memcg-standing", name, standing, ...(limit !== undefined && { limit }) };
    }),
    state: { ...state, memcgs: new Map(seen.map(({ name, standing }) => [name, standing])) },
  };
}

/** A memcg that is gone, or has no limit any more, takes its alarm with it; whoever was in flight there is not followed on. */
function letGo(state: EngineState, watched: ReadonlySet<ScopeName>, at: Milliseconds): Step {
  const isOver = (name: ScopeName) => name !== undefined && !watched.has(name);
  const over = [...state.elsewhere].filter(([name]) => isOver(name)).map(([, scope]) => scope);
  if (over.length === 0) return stay(state);
  return {
    decisions: over.flatMap(releaseVictim),
    findings: over.flatMap((scope) => sayEnd(scope, at)),
    state: { ...state, elsewhere: new Map([...state.elsewhere].filter(([name]) => !isOver(name))) },
  };
}

const releaseVictim = ({ inFlight }: ScopeState): readonly Decision[] =>
  inFlight === undefined ? [] : [{ kind: "release", victim: inFlight.victim.identity }];

function sayEnd({ alarm, trend, inFlight }: ScopeState, at: Milliseconds): readonly Finding[] {
  const findings: Finding[] = [];
  if (inFlight !== undefined) {
    const { victim, begunAt } = inFlight;
    const skipped = { kind: "refused", why: "memcg-gone" } as const;
    findings.push({ kind: "victim-skipped", victim, after: subtract(at, begunAt), skipped });
  }
  if (alarm?.memcg !== undefined && trend !== undefined) {
    const { kind: from, memcg, since } = alarm;
    findings.push({ kind: "alarm-cleared", from, memcg, lasted: subtract(at, since), headroom: trend.headroom });
  }
  return findings;
}
