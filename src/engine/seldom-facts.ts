import type { Alarm } from "#domain/alarm.ts";
import { onLists } from "#domain/meminfo.ts";
import type { Facts, Snapshot } from "#domain/snapshot.ts";
import { knownValue } from "#domain/snapshot.ts";
import { atLeast, below, type KiB, type Milliseconds, scale, subtract } from "#domain/units.ts";
import { type FeltStall, isFelt } from "./felt-stall.ts";
import type { Plan } from "./plan.ts";

/** Facts of detectors that are dear or change rarely: read at a lower rate than the rest, and remembered in between. */
const seldomFacts = ["zoneinfo", "overcommit"] as const;
type SeldomFact = (typeof seldomFacts)[number];

/** In calm they are as seldom as this many of the longest waits: reading all zones costs more than all other files together. */
const calmPatience = 10;

/** What was read of them, and when; and what the kernel had on its lists at the last look. */
export type SeldomFacts = {
  readonly [F in SeldomFact]?: { readonly value: Facts[F] | undefined; readonly readAt: Milliseconds };
} & { readonly listed?: KiB };

/** Whether a fact is one of them. */
export const isSeldom = (fact: string): fact is SeldomFact => seldomFacts.some((each) => each === fact);

/** What is known of them after a look. One that could not be read is unknown, and tried again in its turn. */
export function rememberSeldom(snapshot: Snapshot, before: SeldomFacts): SeldomFacts {
  const { takenAt: readAt, zoneinfo, overcommit } = snapshot;
  const meminfo = knownValue(snapshot.meminfo);
  return {
    ...before,
    ...(meminfo && { listed: onLists(meminfo) }),
    ...(zoneinfo && { zoneinfo: { value: knownValue(zoneinfo), readAt } }),
    ...(overcommit && { overcommit: { value: knownValue(overcommit), readAt } }),
  };
}

/** Whether what the kernel could reclaim itself is short, however much headroom others are thought to have. */
export const areListsShort = ({ listed }: SeldomFacts, { headroom }: Plan): boolean =>
  listed !== undefined && below(listed, headroom.high);

interface Remembering {
  readonly seldom: SeldomFacts;
  readonly alarm: Alarm | undefined;
  readonly feltStall: FeltStall | undefined;
}

/**
 * Those that a detector needs and whose time has come. At the near pace they are read under an alarm, while tasks stall, and when
 * the kernel's own lists are short, however much headroom others are thought to have.
 */
export function seldomNeeds(before: Remembering, at: Milliseconds, plan: Plan): readonly SeldomFact[] {
  const { seldom, alarm, feltStall } = before;
  const isCalm = alarm === undefined && !areListsShort(seldom, plan) && !isFelt(feltStall, at);
  const every = isCalm ? scale(plan.pacing.calm, calmPatience) : plan.pacing.near;
  return seldomFacts.filter((fact) => {
    const readAt = seldom[fact]?.readAt;
    const isDue = readAt === undefined || atLeast(subtract(at, readAt), every);
    return isDue && plan.detectors.some(({ needs }) => needs.includes(fact));
  });
}
