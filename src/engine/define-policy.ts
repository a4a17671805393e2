import type { Badness, ScoreTerm } from "#domain/candidate.ts";
import type { Bound, ProcessFacts, ProcessMemory, UnreadProcesses } from "#domain/process.ts";
import type { FactName } from "#domain/snapshot.ts";
import { add, type Bytes, type KiB, kib } from "#domain/units.ts";
import type { FlagOption, OptionValues, PercentOption } from "./option.ts";

/** Options of a policy: it knows no machine, so none of them follows one. */
export type PolicyOptions = Readonly<Record<string, FlagOption | PercentOption>>;

/** An eligible process: it owns memory. */
export type ScoredProcess = ProcessFacts & { readonly memory: ProcessMemory };

/** What a score may depend on, besides the process. Nothing else: it is remembered for as long as these are the same. */
export interface Scope {
  /** RAM and swap of the scope: the kernel's `totalpages`. */
  readonly total: KiB;
  readonly pageSize: Bytes;
}

/** What counts for blame besides what each process holds. */
export interface Blames {
  /** A family of which no member is to blame may be. */
  readonly families: boolean;
  /** Who took most of what was taken since trouble began has that counted once more. */
  readonly growth: boolean;
  /** Of an application a large child goes before the process that started it. */
  readonly children: boolean;
}

/** Says who goes first. Everything else (who is eligible, when, how) is not a policy's business. */
export interface Policy<O extends PolicyOptions = PolicyOptions> {
  /** As written in the config. */
  readonly name: string;
  readonly summary: string;
  readonly needs: readonly FactName[];
  readonly options: O;
  /** Pure. The higher the total, the sooner it is chosen. A method, so that policies with different options fit one list. */
  score(process: ScoredProcess, scope: Scope, options: OptionValues<O>): Badness;
  /** By which of the two figures `limit` goes: the other need not be found out. Finding both out takes twice as long. */
  readonly bounds: Bound;
  /** What none of those can score above who were not read because they have so little, on the whole machine. Pure. */
  limit(unread: UnreadProcesses, scope: Scope, options: OptionValues<O>): KiB;
  /** Absent: processes are compared one by one, by their scores alone. */
  blames?(options: OptionValues<O>): Blames;
}

/** Declares a policy; its options are typed by their declaration. */
export const definePolicy = <const O extends PolicyOptions>(policy: Policy<O>): Policy<O> => policy;

/** A badness from its terms; terms of zero are left out, they explain nothing. */
export const badness = (terms: Readonly<Record<string, KiB>>): Badness => {
  const kept: ScoreTerm[] = [];
  let total = kib(0);
  for (const [name, value] of Object.entries(terms)) {
    if (value === 0) continue;
    kept.push({ name, value });
    total = add(total, value);
  }
  return { total, terms: kept };
};

/** A policy with its options filled in: what the engine runs on. */
export interface BoundPolicy {
  readonly name: string;
  readonly needs: readonly FactName[];
  readonly score: (process: ScoredProcess, scope: Scope) => Badness;
  readonly bounds: Bound;
  readonly limit: (unread: UnreadProcesses, scope: Scope) => KiB;
  readonly blames: Blames;
}

const oneByOne: Blames = { families: false, growth: false, children: false };

/** Fixes the values of a policy's options. */
export const bindPolicy = <O extends PolicyOptions>(policy: Policy<O>, values: OptionValues<O>): BoundPolicy => ({
  name: policy.name,
  needs: policy.needs,
  score: (process, scope) => policy.score(process, scope, values),
  bounds: policy.bounds,
  limit: (unread, scope) => policy.limit(unread, scope, values),
  blames: policy.blames?.(values) ?? oneByOne,
});

/** The values every option has when nobody sets it. */
export const defaultOptions = <O extends PolicyOptions>(options: O): OptionValues<O> =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default])) as OptionValues<O>;
