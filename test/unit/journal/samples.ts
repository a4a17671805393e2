import { rankerNames } from "#domain/branch.ts";
import { cgroupPath, gib, kib, mib, milliseconds, pid, seconds } from "#domain/units.ts";
import type { EventFields, EventName } from "#journal/catalogue.ts";
import type { ChoiceFields, VictimFields } from "#journal/field-groups.ts";
import { giverSamples } from "./giver-samples.ts";
import {
  asked,
  denied,
  killed,
  ofBranch,
  ofFamily,
  ofSession,
  ofUnit,
  otherAlarms,
  scarce,
  stalling,
  withheldWhys,
} from "./sample-alarms.ts";
import { bash, chrome, code, java } from "./sample-ranking.ts";

const victim: VictimFields = {
  ...chrome,
  memcg: cgroupPath("/user.slice/user-1000.slice/app.slice/app-chrome.scope"),
  returns_kib: gib(3.4),
};
const identity = { pid: victim.pid, start_ticks: victim.start_ticks };

const ofChoice = { ...victim, ranking: [chrome, java, code, bash], eligible: 231 };
const choice = { ...scarce, ...ofChoice };

const byProgram = { program: "/usr/local/bin/save-and-quit --now", signal: "SIGTERM", grace_ms: seconds(20) } as const;
const container = `docker ${"3f1c9e5b7a2d4860".repeat(4)}`;

/** Each alternative of what there is to say of a choice. */
const choices: readonly ChoiceFields[] = [
  { ...choice, signal: "SIGTERM" },
  { ...choice, signal: "SIGINT", container },
  { ...choice, ...stalling, pid: java.pid, comm: java.comm, signal: "SIGKILL", ...ofFamily },
  { ...choice, ...ofUnit.storm, signal: "SIGKILL" },
  { ...choice, ...ofSession, signal: "SIGKILL" },
  { ...choice, ...ofUnit.memcg, signal: "SIGTERM" },
  ...rankerNames.map((by) => ({ ...choice, ...ofBranch(by), signal: "SIGTERM" as const })),
  ...otherAlarms.map((alarm) => ({ ...ofChoice, ...alarm, signal: "SIGKILL" as const })),
];

/** At least one real-looking call of every event: each alternative of its fields at least once. */
export const samples: { readonly [N in EventName]: readonly EventFields<N>[] } = {
  "daemon.started": [
    { version: "0.1.0", pid: pid(321), kernel_release: "6.18.0", architecture: "x64", dry_run: false },
    { version: "0.1.0", pid: pid(321), kernel_release: "6.18.0", architecture: "arm64", dry_run: true },
  ],
  "daemon.ready": [
    {
      headroom_kib: gib(21.5),
      min_kib: mib(392),
      low_kib: mib(784),
      high_kib: mib(1176),
      policy: "desktop",
      rules: 3,
      took_ms: milliseconds(181.2),
    },
  ],
  "daemon.settled": [
    { resident_kib: mib(17), locked_kib: mib(9), given_back_kib: mib(30), rehearsals: 10, took_ms: milliseconds(120) },
  ],
  "daemon.stopped": [{ why: "SIGINT", uptime_ms: seconds(7260), kills: 1 }],
  "daemon.failed": [{ why: "the look failed" }, { why: "the first look failed", ...denied }],
  "recording.ended": [{ file: "/var/tmp/evening.tape", looks: 5231, size_kib: kib(412) }],
  "recording.lost": [{ file: "/var/tmp/evening.tape", why: "the disk is too slow for it" }],
  "capability.missing": [
    { capability: "PSI", consequence: "stall is not seen", advice: "boot with psi=1, or a kernel with CONFIG_PSI" },
  ],
  "kernel.unusual": [
    {
      sysctl: "vm.panic_on_oom",
      sysctl_value: 1,
      consequence: "if tidemark is late, the machine panics",
      advice: "keep the watermarks high",
    },
  ],
  "protection.degraded": [{ protection: "oom_score_adj -1000", ...denied }],
  "config.loaded": [
    { files: [], policy: "desktop", rules: 0 },
    { files: ["/etc/tidemark/tidemark.toml", "/etc/tidemark/tidemark.d/10-mine.toml"], policy: "kernel", rules: 4 },
  ],
  "config.reloaded": [{ files: ["/etc/tidemark/tidemark.toml"], policy: "kernel", rules: 4 }],
  "config.advised": [{ advice: 'tidemark.toml:3:8: warning: Cannot match "x": no process has such a name' }],
  "machine.resized": [{ ram_kib: gib(24), min_kib: mib(391.9), low_kib: mib(783.8), high_kib: mib(1175.7) }],
  "config.waiting": [{ waits_at_most_ms: seconds(10) }],
  "config.refused": [{ problems: ["tidemark.toml:3:7 unknown key", "tidemark.toml:9:1 not a size"] }],
  "alarm.raised": [scarce, stalling, ...otherAlarms],
  "alarm.changed": [
    { from_kind: "approaching", ...scarce },
    { from_kind: "approaching", ...stalling },
    ...otherAlarms.map((alarm) => ({ from_kind: "stalling" as const, ...alarm })),
  ],
  "alarm.cleared": [
    { from_kind: "exhausted", lasted_ms: milliseconds(2150), headroom_kib: gib(3.2) },
    { from_kind: "scarce", scope_memcg: cgroupPath("/app"), lasted_ms: milliseconds(90), headroom_kib: mib(700) },
  ],
  "kill.withheld": [
    ...withheldWhys.map((withheld_why) => ({ ...scarce, withheld_why })),
    { ...stalling, withheld_why: "budget-spent" },
    ...otherAlarms.map((alarm) => ({ ...alarm, withheld_why: "cool-down" as const })),
  ],
  "kill.rehearsed": [...choices, { ...choice, ...byProgram }],
  "victim.signalled": [
    { ...choice, ...asked },
    { ...choice, ...asked, container },
    { ...choice, ...ofUnit.memcg, group: [pid(7), pid(8)], ...killed },
    { ...choice, ...ofBranch("size"), group: [pid(7), pid(8)], ...killed },
    { ...choice, ...ofUnit.storm, group: [pid(7)], group_processes: 1, ...killed },
    { ...choice, ...ofSession, ...killed },
    {
      ...choice,
      ...stalling,
      signal: "SIGKILL",
      sharers: [pid(4243)],
      sharing: 1,
      waited_ms: milliseconds(12),
      ranking: [chrome],
      ...ofFamily,
    },
    ...otherAlarms.map((alarm) => ({ ...ofChoice, ...alarm, ...asked })),
  ],
  "victim.asked": choices.map((each) => ({ ...each, ...byProgram })),
  "victim.escalated": [
    { ...scarce, ...victim, trigger: "program-failed", signal: "SIGTERM", sharers: [], sharing: 0 },
    { ...scarce, ...victim, trigger: "grace-over", signal: "SIGKILL", sharers: [], sharing: 0 },
    { ...scarce, ...victim, container: "lxc web-1", trigger: "grace-over", signal: "SIGKILL", sharers: [], sharing: 0 },
    { ...stalling, ...victim, trigger: "exhausted", signal: "SIGKILL", sharers: [pid(4243), pid(4244)], sharing: 2 },
    ...otherAlarms.map((alarm) => ({
      ...alarm,
      ...victim,
      trigger: "grace-over" as const,
      signal: "SIGKILL" as const,
      sharers: [],
      sharing: 0,
    })),
  ],
  "victim.adopted": [
    { ...scarce, ...victim },
    { ...scarce, ...victim, container },
    { ...stalling, ...victim },
    ...otherAlarms.map((alarm) => ({ ...alarm, ...victim })),
  ],
  "victim.refused": [
    { ...identity, comm: "chrome", why: "identity-changed" },
    { ...identity, comm: "chrome", why: "failed", ...denied },
    { ...identity, why: "gone" },
    { ...identity, why: "became-protected" },
    { ...identity, why: "shares-memory-with-protected" },
    { ...identity, why: "passed-over" },
  ],
  "victim.exited": [
    {
      ...victim,
      container,
      after_ms: milliseconds(18.4),
      reap: "given back by process_mrelease",
      took_ms: milliseconds(4.2),
    },
    { ...victim, after_ms: milliseconds(350), reap: "left to its own exit" },
    { ...victim, after_ms: seconds(1), reap: "not given back", ...denied },
  ],
  "victim.reaped": [
    {
      ...victim,
      container,
      after_ms: milliseconds(6.1),
      reap: "given back by process_mrelease",
      took_ms: milliseconds(4.2),
    },
    { ...victim, after_ms: seconds(1), reap: "not given back", ...denied },
  ],
  "victim.skipped": [
    { ...victim, container, after_ms: seconds(5), skipped_why: "survived" },
    { ...victim, after_ms: milliseconds(1), skipped_why: "failed", ...denied },
  ],
  "victim.spared": [{ ...victim, container, after_ms: milliseconds(3000) }],
  "memory.back": [{ ...victim, container, after_ms: milliseconds(76), freed_kib: gib(3.5), expected_kib: gib(3.4) }],
  "memory.late": [{ ...victim, container, after_ms: seconds(2), freed_kib: mib(90), expected_kib: gib(3.4) }],
  ...giverSamples,
  "group.refused": [{ ...identity, comm: victim.comm, group_memcg: cgroupPath("/system.slice/db.service") }],
  "memcg.watched": [{ scope_memcg: cgroupPath("/machine.slice/vm"), limit_kib: gib(4) }],
  "memcg.unwatched": [
    { scope_memcg: cgroupPath("/machine.slice/vm-*"), standing: "absent" },
    { scope_memcg: cgroupPath("/vm"), standing: "unlimited" },
    { scope_memcg: cgroupPath("/tiny"), standing: "limit-too-small", limit_kib: mib(8) },
  ],
  "look.missed": [
    { late_ms: milliseconds(40), slept_ms: seconds(28_000) },
    { late_ms: seconds(12), slept_ms: milliseconds(0) },
  ],
  "sensor.lost": [{ fact: "pressure", ...denied, call: "read", errno: "EOPNOTSUPP", subject: "/proc/pressure/memory" }],
  "sensor.back": [{ fact: "pressure" }],
  "read.hung": [{ ...denied, call: "pread", errno: "ETIMEDOUT", subject: "/proc/9/cmdline" }],
  "table.incomplete": [{}, { ...denied, call: "parse", errno: "EBADMSG", subject: "/proc/9" }],
  "journal.dropped": [{ dropped: 17 }],
  "look.taken": [
    {
      took_ms: milliseconds(0.31),
      next_look_ms: seconds(3),
      headroom_kib: gib(21.5),
      available_kib: gib(21.5),
      swap_free_kib: kib(0),
    },
    { took_ms: milliseconds(0.31), next_look_ms: milliseconds(5), alarm_kind: "scarce" },
  ],
};
