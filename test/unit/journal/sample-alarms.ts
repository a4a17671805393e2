import type { RankerName } from "#domain/branch.ts";
import { cgroupPath, gib, kib, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import type { AlarmFields } from "#journal/field-groups.ts";

export const scarce: AlarmFields = {
  alarm_kind: "scarce",
  reason: "below-watermark",
  zone: "headroom",
  watermark: "low",
  headroom_kib: mib(150.4),
  threshold_kib: mib(320),
};

export const stalling: AlarmFields = {
  alarm_kind: "stalling",
  scope_memcg: cgroupPath("/machine.slice/vm"),
  reason: "stalled",
  stall_line: "full",
  share_percent: percent(42.25),
  limit_percent: percent(30),
  window_ms: seconds(2),
  available_kib: mib(700),
  available_below_kib: mib(720),
  also: ["headroom 700 MiB is below high (720 MiB)"],
};

const thrashing: AlarmFields = {
  alarm_kind: "thrashing",
  reason: "thrashing",
  exchanged_percent: percent(7.5),
  limit_percent: percent(3),
  refaulted_kib: mib(15),
  reclaimed_kib: mib(18.2),
  reclaimed_directly_kib: mib(4),
  swapped_in_kib: kib(0),
  cache_kib: mib(200),
  cache_below_kib: gib(4),
  stall_line: "full",
  share_percent: percent(31),
  stall_limit_percent: percent(20),
  window_ms: seconds(3),
  available_kib: gib(2.4),
  disk_wait_percent: percent(81),
  fault_ms: milliseconds(3.1),
  slow_fault_ms: milliseconds(1.5),
};

const falling: AlarmFields = {
  alarm_kind: "scarce",
  reason: "falling",
  headroom_kib: mib(900),
  headroom_below_kib: mib(960),
  falls_kib: gib(2),
  left_ms: milliseconds(283),
  horizon_ms: milliseconds(500),
  threshold_kib: mib(320),
};

const kernelZone: AlarmFields = {
  alarm_kind: "exhausted",
  reason: "kernel-zone",
  kernel_zone: "node 0 Normal",
  free_kib: mib(40),
  needed_kib: mib(41.6),
  reclaimable_kib: kib(900),
};

const commit: AlarmFields = {
  alarm_kind: "approaching",
  reason: "commit-below-watermark",
  watermark: "high",
  commit_left_kib: mib(800),
  commit_limit_kib: gib(8),
  threshold_kib: mib(960),
};

const inMemcg = { alarm_kind: "scarce", scope_memcg: cgroupPath("/user.slice") } as const;

const swapped: AlarmFields = {
  ...inMemcg,
  reason: "memcg-swap",
  scope_swap_kib: gib(1.2),
  threshold_kib: gib(1),
  hold_for_ms: milliseconds(0),
};

const large: AlarmFields = {
  ...inMemcg,
  reason: "memcg-size",
  scope_size_kib: gib(7.3),
  threshold_kib: gib(6),
  hold_for_ms: seconds(10),
};

const growing: AlarmFields = {
  ...inMemcg,
  reason: "memcg-growth",
  scope_grown_kib: mib(812),
  threshold_kib: mib(512),
  window_ms: seconds(10),
};

/** One alarm of each reason but those above, which come with every event in several ways. */
export const otherAlarms: readonly AlarmFields[] = [thrashing, falling, kernelZone, commit, swapped, large, growing];

/** Of a victim that goes for its family. */
export const ofFamily = { family_processes: 41, family_kib: gib(11.2), family_grown_kib: mib(212) };

/** Of a victim that does not die alone. */
export const ofUnit = {
  memcg: { kill_unit: "memcg", group_processes: 2, group_memcg: cgroupPath("/system.slice/db.service") },
  storm: { ...ofFamily, family_young: 38, kill_unit: "family", group_processes: 40 },
} as const;

const ranked = { preference: "none", swap_kib: mib(10) } as const;
const rates = { growth_kib_per_s: 40_960, stalled_percent: percent(12), pgscan_per_s: 5000, io_cost_ms_per_s: 7 };

/** Of a victim in one of several cgroups. */
export const ofBranch = (chosen_by: RankerName) => ({
  ...ofUnit.memcg,
  chosen_by,
  chosen_memcg: cgroupPath("/batch.slice/job.service"),
  memcg_ranking: [
    { ...ranked, memcg: cgroupPath("/batch.slice/job.service"), unprotected_kib: gib(3), ...rates },
    {
      ...ranked,
      memcg: cgroupPath("/batch.slice/db.service"),
      unprotected_kib: mib(500),
      preference: "avoid" as const,
    },
  ],
});

/** Of a victim that goes because nobody but the session is left. */
export const ofSession = { session_role: "compositor" };

/** Of a victim that nobody else shares memory with. */
export const asked = { signal: "SIGTERM", sharers: [], sharing: 0, waited_ms: milliseconds(3.4) } as const;
/** The same, without asking. */
export const killed = { signal: "SIGKILL", sharers: [], sharing: 0, waited_ms: milliseconds(0.2) } as const;

/** Reasons for choosing nobody. */
export const withheldWhys = [
  "recovering",
  "cool-down",
  "victim-elsewhere",
  "no-candidate",
  "table-unavailable",
] as const;

/** What a call without the right to it comes to. */
export const denied = {
  call: "pidfd_send_signal",
  errno: "EPERM",
  subject: "process 4242",
  advice: "run as root, or grant CAP_KILL",
};
