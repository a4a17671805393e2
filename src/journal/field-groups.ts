import { always, either, type FieldGroup, perhaps, tagged, together } from "./event.ts";

type Shape<G> = G extends FieldGroup<infer F> ? F : never;

/** What a memcg takes against a limit of its own. */
const ownLimit = either(
  either(
    together(tagged("reason", "memcg-swap"), always("scope_swap_kib", "threshold_kib", "hold_for_ms")),
    together(tagged("reason", "memcg-size"), always("scope_size_kib", "threshold_kib", "hold_for_ms")),
  ),
  together(tagged("reason", "memcg-growth"), always("scope_grown_kib", "threshold_kib", "window_ms")),
);

/** How long page faults take that need a disk. */
export const faultWait = perhaps("disk_wait_percent", "fault_ms", "slow_fault_ms");
/** How long they take, as it is written; absent where it does not matter. */
export type FaultWaitFields = Shape<typeof faultWait>;

/** Why an alarm is up. */
export const reason = either(
  either(
    either(
      together(tagged("reason", "below-watermark"), always("zone", "watermark", "headroom_kib", "threshold_kib")),
      together(
        tagged("reason", "commit-below-watermark"),
        always("watermark", "commit_left_kib", "commit_limit_kib", "threshold_kib"),
      ),
    ),
    either(
      together(
        tagged("reason", "falling"),
        always("headroom_kib", "headroom_below_kib", "falls_kib", "horizon_ms", "threshold_kib"),
        perhaps("left_ms"),
      ),
      together(tagged("reason", "kernel-zone"), always("kernel_zone", "free_kib", "needed_kib", "reclaimable_kib")),
    ),
  ),
  either(
    either(
      ownLimit,
      together(
        tagged("reason", "stalled"),
        always("stall_line", "share_percent", "limit_percent", "window_ms", "available_kib", "available_below_kib"),
        faultWait,
      ),
    ),
    together(
      tagged("reason", "thrashing"),
      always(
        "exchanged_percent",
        "limit_percent",
        "refaulted_kib",
        "reclaimed_kib",
        "reclaimed_directly_kib",
        "swapped_in_kib",
        "cache_kib",
        "cache_below_kib",
        "stall_line",
        "share_percent",
        "stall_limit_percent",
        "window_ms",
        "available_kib",
      ),
      faultWait,
    ),
  ),
);
/** Why an alarm was raised, as it is written. */
export type ReasonFields = Shape<typeof reason>;

/** An alarm with its reason. */
export const alarm = together(always("alarm_kind"), reason, perhaps("also", "scope_memcg"));
/** An alarm with its reason, as it is written. */
export type AlarmFields = Shape<typeof alarm>;

/** A process, for good. */
export const identity = always("pid", "start_ticks");

/** A victim, with what a report about its death has to say. */
export const victim = together(
  identity,
  always("comm", "oom_score_adj", "rss_kib", "swap_kib", "returns_kib", "badness_kib", "terms_kib"),
  perhaps("uid", "memcg", "container"),
);
/** Who it is about, as it is written. */
export type VictimFields = Shape<typeof victim>;

/** A choice that can be checked: who else there was. */
export const choice = together(
  alarm,
  victim,
  always("ranking", "eligible", "signal"),
  perhaps("family_processes", "family_kib", "family_grown_kib", "family_young"),
  perhaps("kill_unit", "group_memcg", "group_processes"),
  perhaps("chosen_memcg", "chosen_by", "memcg_ranking"),
  perhaps("session_role"),
);
/** Why it was this one, as it is written. */
export type ChoiceFields = Shape<typeof choice>;

/** A system call that failed. */
export const failure = always("call", "errno", "subject", "advice");

/** A system call that failed, if it was one. */
export const failurePerhaps = perhaps("call", "errno", "subject", "advice");
/** What a system call refused, as it is written; absent when none did. */
export type FailureFields = Shape<typeof failurePerhaps>;

/** How giving memory back went. */
export const reaping = together(always("reap"), perhaps("took_ms"), failurePerhaps);
/** How giving memory back went, as it is written. */
export type ReapFields = Shape<typeof reaping>;
