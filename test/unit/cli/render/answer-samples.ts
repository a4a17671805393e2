import { unusualSysctls } from "#daemon/unusual-sysctls.ts";
import type { ProcessView, RankingView } from "#daemon/views/explain-view.ts";
import type { StatusView } from "#daemon/views/status-view.ts";
import {
  cgroupPath,
  gib,
  kib,
  mib,
  oomScoreAdj,
  percent,
  pid,
  scale,
  seconds,
  startTicks,
  uid,
} from "#domain/units.ts";
import type { VictimFields } from "#journal/field-groups.ts";

const chrome: VictimFields = {
  pid: pid(4242),
  start_ticks: startTicks(991_234),
  comm: "chrome",
  uid: uid(1000),
  memcg: cgroupPath("/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.chromium.Chromium-4242.scope"),
  oom_score_adj: oomScoreAdj(300),
  rss_kib: gib(3.1),
  swap_kib: mib(512),
  returns_kib: gib(3.4),
  badness_kib: gib(3.3),
  terms_kib: { anon: gib(2.9), swap: mib(512), avoid: scale(mib(100), -1) },
};
export const evil: VictimFields = {
  ...chrome,
  pid: pid(77),
  comm: "a\n\u001b[2Jb",
  uid: undefined,
  badness_kib: kib(12),
};

export const ranking: RankingView = {
  scope: { kind: "global", total_kib: gib(24) },
  policy: "desktop",
  processes: 250,
  eligible: 3,
  is_complete: false,
  ranking: [chrome, evil, { ...evil, pid: pid(78) }],
  ineligible: { "kernel-thread": 231, init: 1, "rule-never": 12, "oom-score-adj-min": 3 },
  oom_group: undefined,
  unit: undefined,
};

/** The same in a memcg that dies as a whole. */
export const rankingInMemcg: RankingView = {
  ...ranking,
  scope: { kind: "memcg", total_kib: mib(512), memcg: cgroupPath("/user.slice\n"), members: 15 },
  is_complete: true,
  ineligible: { "out-of-scope": 235 },
  oom_group: { memcg: cgroupPath("/user.slice\n/app"), processes: 1 },
};

export const rankingOnNodes: RankingView = {
  ...ranking,
  scope: { kind: "nodes", total_kib: gib(12), nodes: "0-1,3", members: 1 },
  is_complete: true,
  ineligible: { "kernel-thread": 231, "out-of-scope": 16 },
};

export const process: Extract<ProcessView, { verdict: "eligible" }> = {
  pid: chrome.pid,
  start_ticks: chrome.start_ticks,
  comm: chrome.comm,
  uid: chrome.uid,
  oom_score_adj: chrome.oom_score_adj,
  memcg: chrome.memcg,
  exe: "/opt/google/chrome/chrome",
  rss_kib: chrome.rss_kib,
  swap_kib: chrome.swap_kib,
  policy: "desktop",
  scope: ranking.scope,
  eligible: 231,
  rules: [
    { rule: 'tidemark.toml:12 prefer name = "chrom*"', verdict: "prefer", matches: "yes" },
    { rule: 'tidemark.toml:16 avoid cmdline = "*--type=browser*"', verdict: "avoid", matches: "unknown" },
    { rule: 'preset desktop:9 never name = "Xorg"', verdict: "never", matches: "no" },
  ],
  verdict: "eligible",
  place: 1,
  candidate: chrome,
  oom_group: undefined,
  unit: undefined,
  asked: undefined,
  family: { processes: 340, returns_kib: gib(9.6) },
};

export const plenty: StatusView = {
  alarm: undefined,
  answer: "nothing",
  headroom_kib: gib(20.3),
  above_low_kib: gib(19.5),
  min_kib: mib(392),
  low_kib: mib(784),
  high_kib: mib(1176),
  most_headroom_kib: gib(24),
  available_kib: gib(20.3),
  ram_kib: gib(23.5),
  swap_free_kib: kib(0),
  swap_kib: kib(0),
  pressure: { some10_percent: percent(0.4), full10_percent: percent(0) },
  evidence: [
    {
      detector: "headroom",
      alarms: ["approaching", "scarce", "exhausted"],
      reason: "below-watermark",
      zone: "headroom",
      watermark: "high",
      headroom_kib: gib(20.3),
      threshold_kib: mib(1176),
    },
    {
      detector: "stall",
      alarms: ["stalling"],
      reason: "stalled",
      stall_line: "full",
      share_percent: percent(3),
      limit_percent: percent(40),
      window_ms: seconds(2),
      available_kib: gib(20.3),
      available_below_kib: gib(2.3),
    },
  ],
  givers: [],
  policy: "desktop",
  rules: 12,
  eligible: 231,
  first: chrome,
  unusual_sysctls: [],
  memcgs: [],
};

export const scarce: StatusView = {
  ...plenty,
  alarm: {
    alarm_kind: "scarce",
    reason: "below-watermark",
    zone: "headroom",
    watermark: "low",
    headroom_kib: mib(600),
    threshold_kib: mib(784),
  },
  answer: "SIGTERM",
  headroom_kib: mib(600),
  above_low_kib: kib(0),
  available_kib: mib(500),
  swap_kib: gib(4),
  swap_free_kib: mib(100),
  pressure: undefined,
  evidence: [],
  givers: [
    { giver: "browser", giver_kind: "hook", timeout_ms: seconds(1) },
    {
      giver: "cold\u001b[2J",
      giver_kind: "reclaim",
      timeout_ms: seconds(1),
      objection: "Cannot reclaim /background.slice: ENOENT; Name a cgroup that is there while calm",
    },
  ],
  unusual_sysctls: unusualSysctls({ panicOnOom: "always", killsAllocatingTask: true, dumpsTasks: false }),
};
