import type { RankerName } from "#domain/branch.ts";
import { kib, type Milliseconds } from "#domain/units.ts";
import { describeShare, describeSize, describeSpan } from "./amounts.ts";
import type {
  AlarmFields,
  ChoiceFields,
  FailureFields,
  FaultWaitFields,
  ReapFields,
  ReasonFields,
} from "./field-groups.ts";
import type { RankedMemcgFields } from "./vocabulary.ts";

/** `4242 (chrome)`. */
export const whom = ({ pid, comm, container }: Whom): string =>
  `${pid} (${comm})${container === undefined ? "" : ` in container ${shortenId(container)}`}`;

interface Whom {
  readonly pid: number;
  readonly comm: string;
  readonly container?: string | undefined;
}

/** As the tools of containers show an id: whoever reads it can paste it. */
const shortenId = (container: string): string => container.replace(/\b([0-9a-f]{12})[0-9a-f]{52}$/, "$1");

/** All that was proven, in words: the middle of a sentence. */
export const because = (alarm: AlarmFields): string =>
  `${inMemcg(alarm)}${[describeReason(alarm), ...(alarm.also ?? [])].join(", and ")}`;

/** Where it is, when it is not the whole machine that is short of memory. */
export const inMemcg = ({ scope_memcg: memcg }: Pick<AlarmFields, "scope_memcg">): string =>
  memcg === undefined ? "" : `in memcg ${memcg} `;

/** One proof in words. */
export function describeReason(reason: ReasonFields): string {
  switch (reason.reason) {
    case "below-watermark":
      return `${reason.zone} ${describeSize(reason.headroom_kib)} is below ${reason.watermark} (${describeSize(reason.threshold_kib)})`;
    case "commit-below-watermark":
      return (
        `${describeSize(reason.commit_left_kib)} of ${describeSize(reason.commit_limit_kib)} may still be promised to ` +
        `programs, below ${reason.watermark} (${describeSize(reason.threshold_kib)})`
      );
    case "falling":
      return (
        `headroom ${describeSize(reason.headroom_kib)} falls by ${describeSize(reason.falls_kib)} in a second: ` +
        `${timeToMin(reason)} (limit ${describeSpan(reason.horizon_ms)}, below ${describeSize(reason.headroom_below_kib)})`
      );
    case "thrashing":
      return (
        `${describeShare(reason.exchanged_percent)} of the page cache (${describeSize(reason.cache_kib)}, below ${describeSize(reason.cache_below_kib)}) came and went in ` +
        `${describeSpan(reason.window_ms)} (limit ${describeShare(reason.limit_percent)}): ${describeSize(reason.refaulted_kib)} ` +
        `refaulted, ${describeSize(reason.reclaimed_kib)} reclaimed, ${describeSize(reason.swapped_in_kib)} swapped in; ` +
        `${reason.stall_line} stall took ${describeShare(reason.share_percent)} (limit ${describeShare(reason.stall_limit_percent)}) ` +
        `with ${describeSize(reason.available_kib)} available${faultsOf(reason)}`
      );
    case "kernel-zone":
      return (
        `the kernel's zone ${reason.kernel_zone} has ${describeSize(reason.free_kib)} free and ` +
        `${describeSize(reason.reclaimable_kib)} to reclaim, and needs more than ${describeSize(reason.needed_kib)}`
      );
    case "memcg-swap":
      return `${describeSize(reason.scope_swap_kib)} of it is swapped out, more than ${describeSize(reason.threshold_kib)}${lasting(reason)}`;
    case "memcg-size":
      return `${describeSize(reason.scope_size_kib)} of it is in RAM, more than ${describeSize(reason.threshold_kib)}${lasting(reason)}`;
    case "memcg-growth":
      return `it grew by ${describeSize(reason.scope_grown_kib)} in ${describeSpan(reason.window_ms)}, more than ${describeSize(reason.threshold_kib)}`;
    case "stalled":
      return (
        `${reason.stall_line} stall took ${describeShare(reason.share_percent)} of ${describeSpan(reason.window_ms)} ` +
        `(limit ${describeShare(reason.limit_percent)}) with ${describeSize(reason.available_kib)} available ` +
        `(below ${describeSize(reason.available_below_kib)})${faultsOf(reason)}`
      );
  }
}

/** What a detector sees against what it takes, whether it proves anything or not. */
export function describePresent(seen: ReasonFields): string {
  switch (seen.reason) {
    case "below-watermark":
      return `${describeSize(seen.headroom_kib)}, ${seen.watermark} is ${describeSize(seen.threshold_kib)}`;
    case "commit-below-watermark":
      return `${describeSize(seen.commit_left_kib)} left to promise, ${seen.watermark} is ${describeSize(seen.threshold_kib)}`;
    case "falling":
      return `${timeToMin(seen)}, counts within ${describeSpan(seen.horizon_ms)} while headroom is below ${describeSize(seen.headroom_below_kib)}`;
    case "thrashing":
      return (
        `${describeShare(seen.exchanged_percent)} of ${describeShare(seen.limit_percent)}: page cache that came and went in ` +
        `${describeSpan(seen.window_ms)} while it is below ${describeSize(seen.cache_below_kib)}; with ${describeShare(seen.share_percent)} of ` +
        `${describeShare(seen.stall_limit_percent)} ${seen.stall_line} stall${faultsOf(seen)}`
      );
    case "kernel-zone":
      return (
        `${describeSize(seen.free_kib)} free in ${seen.kernel_zone}, ${describeSize(seen.reclaimable_kib)} to reclaim; ` +
        `the kernel needs ${describeSize(seen.needed_kib)}`
      );
    case "memcg-swap":
      return `${describeSize(seen.scope_swap_kib)} swapped out, limit ${describeSize(seen.threshold_kib)}`;
    case "memcg-size":
      return `${describeSize(seen.scope_size_kib)} in RAM, limit ${describeSize(seen.threshold_kib)}`;
    case "memcg-growth":
      return `grew by ${describeSize(seen.scope_grown_kib)} in ${describeSpan(seen.window_ms)}, limit ${describeSize(seen.threshold_kib)}`;
    case "stalled":
      return (
        `${describeShare(seen.share_percent)} of ${describeShare(seen.limit_percent)}: ${seen.stall_line} stall over ` +
        `${describeSpan(seen.window_ms)}, while less than ${describeSize(seen.available_below_kib)} is available${faultsOf(seen)}`
      );
  }
}

const lasting = ({ hold_for_ms: span }: { readonly hold_for_ms: Milliseconds }): string =>
  span === 0 ? "" : ` for ${describeSpan(span)}`;

/** `; somebody waited for disks 81 % of the time, 3.1 ms for a page fault (slow from 1.5 ms on)`. */
function faultsOf({ disk_wait_percent: share, fault_ms: perFault, slow_fault_ms: slow }: FaultWaitFields): string {
  if (share === undefined || slow === undefined) return "";
  const waited = `; somebody waited for disks ${describeShare(share)} of the time`;
  return perFault === undefined
    ? waited
    : `${waited}, ${describeSpan(perFault)} for a page fault (slow from ${describeSpan(slow)} on)`;
}

const timeToMin = ({ left_ms }: { readonly left_ms?: Milliseconds | undefined }): string =>
  left_ms === undefined ? "does not fall" : `min in ${describeSpan(left_ms)}`;

/** `1 rule`, `4 rules`. */
export const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? "" : "s"}`;

const namedBehind = 2;

/** What the victim gives back, and whom it was chosen from. */
export function rankedAmong(choice: ChoiceFields): string {
  const { pid: chosen, returns_kib, badness_kib, ranking, eligible } = choice;
  const place = ranking.findIndex(({ pid }) => pid === chosen) + 1;
  const next = ranking
    .slice(place, place + namedBehind)
    .map((each) => `${whom(each)} ${describeSize(each.badness_kib)}`);
  return (
    `gives back ${describeSize(returns_kib)}; place ${place} of ${eligible} with badness ${describeSize(badness_kib)}` +
    (next.length === 0 ? "" : `, before ${next.join(" and ")}`) +
    ofFamily(choice) +
    ofMemcg(choice) +
    ofSession(choice)
  );
}

/** Why this cgroup of the watched one, and which would have been next. */
function ofMemcg({ chosen_memcg: chosen, chosen_by: by, memcg_ranking: ranking = [] }: ChoiceFields): string {
  if (chosen === undefined || by === undefined) return "";
  const place = ranking.findIndex(({ memcg }) => memcg === chosen);
  const own = ranking[place];
  const next = ranking[place + 1];
  if (own === undefined) return "";
  const before = next === undefined ? "" : `, before ${next.memcg} with ${describeRank(next, by)}`;
  return `; memcg ${chosen} goes by ${by} with ${describeRank(own, by)}${before}`;
}

/** What a cgroup has of that which it is ranked by. */
export function describeRank(ranked: RankedMemcgFields, by: RankerName): string {
  const { preference } = ranked;
  return `${describeFigure(ranked, by)}${preference === "none" ? "" : ` (${preference})`}`;
}

const unknownRate = "a rate that is not known yet";

function describeFigure(ranked: RankedMemcgFields, by: RankerName): string {
  const { unprotected_kib, swap_kib, growth_kib_per_s, stalled_percent, pgscan_per_s, io_cost_ms_per_s } = ranked;
  switch (by) {
    case "size":
      return describeSize(unprotected_kib);
    case "swap":
      return describeSize(swap_kib);
    case "growth":
      if (growth_kib_per_s === undefined) return unknownRate;
      return growth_kib_per_s < 0 ? "no growth" : `${describeSize(kib(growth_kib_per_s))} in a second`;
    case "pressure":
      return stalled_percent === undefined ? unknownRate : describeShare(stalled_percent);
    case "pgscan":
      return pgscan_per_s === undefined ? unknownRate : `${pgscan_per_s} pages in a second`;
    case "io-cost":
      return io_cost_ms_per_s === undefined ? unknownRate : `${io_cost_ms_per_s} ms in a second`;
  }
}

/** Why somebody goes who is spared as long as anybody else can go. */
const ofSession = ({ session_role: role }: ChoiceFields): string =>
  role === undefined ? "" : `; it is of the session (${role.replaceAll("-", " ")}): nobody else was left to choose`;

/** Why somebody goes who is not large. */
function ofFamily({ family_processes, family_kib, family_grown_kib, family_young }: ChoiceFields): string {
  if (family_processes === undefined || family_kib === undefined || family_grown_kib === undefined) return "";
  return (
    `; family: ${describeSize(family_kib)} in ${family_processes} processes, which grew by ` +
    `${describeSize(family_grown_kib)} since trouble began` +
    (family_young === undefined ? "" : `, ${family_young} of them started since`)
  );
}

/** How the memory was given back: the end of a sentence. */
export const reaped = (reap: ReapFields): string =>
  `${reap.reap}${reap.took_ms === undefined ? "" : ` in ${describeSpan(reap.took_ms)}`}${failed(reap)}`;

/** What a system call said, after a colon. Nothing, when no call failed. */
export const failed = ({ call, subject, errno, advice }: FailureFields): string =>
  call === undefined ? "" : `: cannot ${call} ${subject ?? ""}: ${errno ?? "unknown"}; ${advice ?? ""}`;
