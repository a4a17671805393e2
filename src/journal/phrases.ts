import { describeShare, describeSize, describeSpan } from "./amounts.ts";
import type { FailureFields, ReasonFields, VictimFields } from "./field-groups.ts";
import type { RankedFields } from "./vocabulary.ts";

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

const namedBehind = 2;

/** Whom the victim was chosen from, and who came next. */
export function rankedAmong(victim: VictimFields, ranking: readonly RankedFields[], eligible: number): string {
  const others = ranking.filter(({ pid }) => pid !== victim.pid).slice(0, namedBehind);
  const behind = others.map((other) => `${whom(other)} ${describeSize(other.badness_kib)}`).join(", ");
  return `badness ${describeSize(victim.badness_kib)}, one of ${eligible}${behind === "" ? "" : `; next ${behind}`}`;
}

/** What a system call said, after a colon. Nothing, when no call failed. */
export const failed = ({ call, subject, errno, advice }: FailureFields): string =>
  call === undefined ? "" : `: cannot ${call} ${subject ?? ""}: ${errno ?? "unknown"}; ${advice ?? ""}`;
