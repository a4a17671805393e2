import { type Alarm, alarmKinds, type FaultWait, type Reason, type Watermark } from "#domain/alarm.ts";
import { type BranchChoice, type BranchRates, type RankedBranch, rankerNames } from "#domain/branch.ts";
import type { Badness, Candidate, GuiltyFamily, ScoreTerm } from "#domain/candidate.ts";
import { type Decision, type DyingGroup, type MemorySharers, signals } from "#domain/decision.ts";
import {
  dropLevels,
  type Giver,
  type GiverEnding,
  type GiverMeans,
  type GiverOutput,
  type GiverReport,
  type LackingGiver,
  type Unready,
} from "#domain/giver.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { KiB } from "#domain/units.ts";
import type { ReapReport, VictimReport } from "#domain/victim-report.ts";
import { aFailure, anIdentity, aPreference } from "./fact-shapes.ts";
import { aGuard } from "./guard-shape.ts";
import {
  aFlag,
  among,
  aNumber,
  anAmount,
  aShare,
  aText,
  byKind,
  either,
  fieldsOf,
  listOf,
  oneOf,
  perhaps,
  someOf,
} from "./shape.ts";

const watermark = oneOf<Watermark>({ min: "", low: "", high: "" });
const line = oneOf<"some" | "full">({ some: "", full: "" });

const faults = perhaps(fieldsOf<FaultWait>({ share: aShare(), perFault: perhaps(anAmount()), slow: anAmount() }));

const reason = byKind<Reason>({
  "below-watermark": {
    zone: oneOf<"headroom">({ headroom: "" }),
    watermark,
    headroom: anAmount(),
    threshold: anAmount(),
  },
  "commit-below-watermark": { watermark, left: anAmount(), threshold: anAmount(), limit: anAmount() },
  falling: {
    headroom: anAmount(),
    perSecond: anAmount(),
    timeLeft: perhaps(anAmount()),
    horizon: anAmount(),
    below: anAmount(),
    threshold: anAmount(),
  },
  stalled: {
    line,
    share: anAmount(),
    limit: anAmount(),
    window: anAmount(),
    available: anAmount(),
    availableBelow: anAmount(),
    faults,
  },
  thrashing: {
    exchanged: anAmount(),
    limit: anAmount(),
    refaulted: anAmount(),
    reclaimed: anAmount(),
    reclaimedDirectly: anAmount(),
    swappedIn: anAmount(),
    cache: anAmount(),
    cacheBelow: anAmount(),
    line,
    stalled: anAmount(),
    stallLimit: anAmount(),
    window: anAmount(),
    available: anAmount(),
    faults,
  },
  "memcg-swap": { swapped: anAmount(), threshold: anAmount(), holdFor: anAmount() },
  "memcg-size": { size: anAmount(), threshold: anAmount(), holdFor: anAmount() },
  "memcg-growth": { grown: anAmount(), threshold: anAmount(), window: anAmount() },
  "kernel-zone": {
    node: anAmount(),
    name: aText(),
    free: anAmount(),
    needed: anAmount(),
    reclaimable: anAmount(),
  },
});

const alarm = fieldsOf<Alarm>({
  kind: among(alarmKinds),
  memcg: perhaps(aText()),
  reason,
  also: perhaps(listOf(reason)),
  since: anAmount(),
});

const candidate = fieldsOf<Candidate>({
  identity: anIdentity,
  comm: aText(),
  uid: perhaps(anAmount()),
  cgroup: perhaps(aText()),
  oomScoreAdj: aNumber(),
  rss: anAmount(),
  swap: anAmount(),
  returns: anAmount(),
  badness: fieldsOf<Badness>({
    total: aNumber(),
    terms: listOf(fieldsOf<ScoreTerm>({ name: aText(), value: aNumber() })),
  }),
  guard: perhaps(aGuard),
  family: perhaps(
    fieldsOf<GuiltyFamily>({
      name: aText(),
      processes: anAmount(),
      returns: anAmount(),
      grown: anAmount(),
      young: perhaps(anAmount()),
    }),
  ),
});
const sharers = fieldsOf<MemorySharers>({ suspects: listOf(anIdentity), protectedSuspects: listOf(anIdentity) });

const means = byKind<GiverMeans>({
  reclaim: { cgroup: aText(), amount: either(among(["all"]), anAmount<KiB>()) },
  "drop-caches": { level: among(dropLevels) },
  hook: { run: someOf(aText()), user: perhaps(aText()) },
  program: { run: someOf(aText()) },
});
const giver = fieldsOf<Giver>({ name: aText(), means, timeout: anAmount() });
const unready = oneOf<Unready>({ "not-ready": "", busy: "" });

const branchChoice = fieldsOf<BranchChoice>({
  by: among(rankerNames),
  path: aText(),
  ranking: listOf(
    fieldsOf<RankedBranch>({
      path: aText(),
      preference: aPreference,
      unprotected: anAmount(),
      swapped: anAmount(),
      rates: perhaps(
        fieldsOf<BranchRates>({ growth: aNumber(), stalled: aShare(), pgscan: anAmount(), ioCost: anAmount() }),
      ),
    }),
  ),
});

/** What was decided. */
export const aDecision = byKind<Decision>({
  signal: {
    signal: among(signals),
    victim: candidate,
    program: perhaps(giver),
    reapsAtOnce: aFlag,
    sharers,
    group: perhaps(
      byKind<DyingGroup>({
        memcg: { path: aText(), members: listOf(anIdentity), whole: perhaps(aText()) },
        app: { members: listOf(anIdentity), whole: perhaps(aText()) },
        family: { name: aText(), members: listOf(anIdentity), whole: perhaps(aText()) },
      }),
    ),
    branch: perhaps(branchChoice),
    alarm,
    ranking: listOf(candidate),
    eligible: anAmount(),
  },
  escalate: {
    signal: perhaps(among(signals)),
    victim: candidate,
    reapsAtOnce: aFlag,
    why: among(["grace-over", "exhausted", "program-failed"]),
    alarm,
  },
  adopt: { victim: candidate, sharers, alarm },
  reap: { victim: anIdentity },
  release: { victim: anIdentity },
  enlist: { givers: listOf(giver) },
  ask: { giver, alarm, headroom: anAmount(), wanted: anAmount() },
  dismiss: { giver },
});

const refusal = oneOf<Extract<VictimReport, { kind: "refused" }>["why"]>({
  gone: "",
  "identity-changed": "",
  "became-protected": "",
  "shares-memory-with-protected": "",
  "passed-over": "",
  failed: "",
});

/** What became of a decision. */
export const anOutcome = byKind<Outcome>({
  signalled: { at: anAmount(), sharers: listOf(anIdentity), group: perhaps(listOf(anIdentity)) },
  watched: {},
  begun: {},
  released: {},
  enlisted: { lacking: listOf(fieldsOf<LackingGiver>({ giver, failure: aFailure })) },
  asked: {},
  unready: { why: unready },
  rehearsed: {},
  refused: { why: refusal, failure: perhaps(aFailure) },
});

const reap = byKind<ReapReport>({
  "not-asked": {},
  "under-way": { since: anAmount() },
  released: { took: anAmount() },
  "exiting-by-itself": {},
  stuck: { failure: aFailure },
  unsupported: {},
});

/** Where a victim stands. */
export const aVictimReport = byKind<VictimReport>({
  refused: { identity: anIdentity, why: refusal, failure: perhaps(aFailure) },
  rehearsed: { identity: anIdentity },
  alive: { identity: anIdentity, reap },
  exited: { identity: anIdentity, at: anAmount(), reap },
});

const ending = byKind<GiverEnding>({ exited: { status: aNumber() }, signalled: { signal: aText() } });

/** Where a giver stands. */
export const aGiverReport = byKind<GiverReport>({
  giving: { giver: aText() },
  done: {
    giver: aText(),
    at: anAmount(),
    ending,
    output: fieldsOf<GiverOutput>({ beginning: aText(), bytes: anAmount() }),
  },
  unready: { giver: aText(), why: unready },
  rehearsed: { giver: aText() },
});
