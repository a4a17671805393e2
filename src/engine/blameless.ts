import type { ProcessFacts } from "#domain/process.ts";
import type { TableDigest } from "#domain/table-digest.ts";
import { add, atLeast, below, type KiB, kib, scale } from "#domain/units.ts";
import type { Eligible, Judgement } from "./appraise.ts";
import { broodOf } from "./brood.ts";
import { type FamilyName, nameFamiliesBy } from "./family.ts";
import { growthsBy, holds, totalGrowth } from "./family-growth.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { several } from "./fork-storm.ts";
import { aloneToBlame, cause, clearlyLarger, noticeable } from "./guilty-family.ts";
import type { Plan } from "./plan.ts";
import { columnsOf } from "./table-columns.ts";
import { findNow } from "./table-now.ts";

/** Who ranks first by itself, among those who were judged. */
interface First {
  readonly own: Eligible;
  readonly judgements: readonly Judgement[];
}

/** What is known of a table, and what there was when trouble began. */
export interface Remembered {
  readonly processes: readonly ProcessFacts[];
  readonly known: TableDigest;
  readonly ledger: FamilyLedger;
}

/**
 * Whether a family or a fork storm might be to blame instead of whoever ranks first: said by who has changed since trouble began and by
 * what families held then, and rather too often than not often enough.
 */
export function mayBlameOthers({ own, judgements }: First, record: Remembered, plan: Plan): boolean {
  const { processes, known, ledger } = record;
  // Nothing has changed since: trouble begins with this look.
  if (ledger.processes === processes) return false;
  if (known.since !== ledger.processes || ledger.settled.size > 0) return true;
  return mayBeStorm(judgements, ledger) || known.changes.some(renamesOthers(ledger)) || mayBeFamily(own, record, plan);
}

/** Whether there are as many newcomers of one kind as a storm has. */
function mayBeStorm(judgements: readonly Judgement[], { youngest }: FamilyLedger): boolean {
  const counts = new Map<FamilyName, number>();
  for (const { kind, process } of judgements) {
    if (kind === "ineligible" || !below(youngest, process.identity.startTicks)) continue;
    const name = broodOf(process);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts.values()].some((count) => count >= several);
}

/** Whether somebody has changed so that others, who have not, belong to another family now: they are copies of a parent, or were. */
function renamesOthers({ processes }: FamilyLedger): (change: TableDigest["changes"][number]) => boolean {
  return ({ before, now }) => {
    const changed = [before, now].flatMap((each) => each ?? []);
    const [one] = changed;
    if (one === undefined || (before !== undefined && now !== undefined && isNamedSame(before, now))) return false;
    const children = columnsOf(processes).childrenOf(one.identity.pid);
    return children.some((child) => changed.some((each) => isCopy(child, each)));
  };
}

const isCopy = (a: ProcessFacts, b: ProcessFacts): boolean => a.comm === b.comm && a.uid === b.uid;

const isNamedSame = (before: ProcessFacts, now: ProcessFacts): boolean =>
  isCopy(before, now) && before.parent === now.parent && before.traits.cgroup === now.traits.cgroup;

/** Whether the family that most growth is due to holds enough to be blamed before the one who ranks first, or instead of it. */
function mayBeFamily({ process, candidate }: Eligible, { known, ledger }: Remembered, { headroom }: Plan): boolean {
  const come = known.changes.flatMap(({ now }) => now ?? []);
  const gone = known.changes.flatMap(({ before }) => before ?? []);
  const familyOf = nameFamiliesBy(findNow(known));
  const growths = growthsBy({ come, gone }, ledger, { familyOf, isThere: () => false });
  const needed = scale(totalGrowth(growths), cause);
  const most = growths.find(({ grown }) => atLeast(grown, needed));
  if (most === undefined || below(most.grown, scale(headroom.low, noticeable))) return false;
  const held = mostHeld(
    most.family,
    come.filter((each) => familyOf(each) === most.family),
    ledger,
  );
  return familyOf(process) === most.family
    ? below(candidate.returns, scale(held, aloneToBlame))
    : atLeast(held, scale(candidate.badness.total, clearlyLarger));
}

/** What a family holds at the most: what it held, and all of those of it who changed. */
const mostHeld = (family: FamilyName, changed: readonly ProcessFacts[], { processes }: FamilyLedger): KiB =>
  changed.map(holds).reduce((all, each) => add(all, each), columnsOf(processes).held.get(family) ?? kib(0));
