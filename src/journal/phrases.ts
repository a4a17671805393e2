import { describeShare, describeSize, describeSpan } from "./amounts.ts";
import type { ChoiceFields, FailureFields, ReapFields, ReasonFields } from "./field-groups.ts";

/** `4242 (chrome)`. */
export const whom = ({ pid, comm }: { readonly pid: number; readonly comm: string }): string => `${pid} (${comm})`;

/** The evidence, in words: the middle of a sentence. */
export function because(reason: ReasonFields): string {
  switch (reason.reason) {
    case "below-watermark":
      return `${reason.zone} ${describeSize(reason.headroom_kib)} is below ${reason.watermark} (${describeSize(reason.threshold_kib)})`;
    case "stalled":
      return (
        `${reason.stall_line} stall took ${describeShare(reason.share_percent)} of ${describeSpan(reason.window_ms)} ` +
        `(limit ${describeShare(reason.limit_percent)}) with ${describeSize(reason.available_kib)} available ` +
        `(below ${describeSize(reason.available_below_kib)})`
      );
  }
}

/** `1 rule`, `4 rules`. */
export const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? "" : "s"}`;

const namedBehind = 2;

/** What the victim gives back, and whom it was chosen from. */
export function rankedAmong({ pid: chosen, returns_kib, badness_kib, ranking, eligible }: ChoiceFields): string {
  const place = ranking.findIndex(({ pid }) => pid === chosen) + 1;
  const next = ranking
    .slice(place, place + namedBehind)
    .map((each) => `${whom(each)} ${describeSize(each.badness_kib)}`);
  return (
    `gives back ${describeSize(returns_kib)}; place ${place} of ${eligible} with badness ${describeSize(badness_kib)}` +
    (next.length === 0 ? "" : `, before ${next.join(" and ")}`)
  );
}

/** How the memory was given back: the end of a sentence. */
export const reaped = (reap: ReapFields): string =>
  `${reap.reap}${reap.took_ms === undefined ? "" : ` in ${describeSpan(reap.took_ms)}`}${failed(reap)}`;

/** What a system call said, after a colon. Nothing, when no call failed. */
export const failed = ({ call, subject, errno, advice }: FailureFields): string =>
  call === undefined ? "" : `: cannot ${call} ${subject ?? ""}: ${errno ?? "unknown"}; ${advice ?? ""}`;
