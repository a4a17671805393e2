import { gib, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import { wantedUnits } from "#engine/kill-manner.ts";
import { highestWatermark } from "#plan/highest-watermark.ts";
import { amount } from "./amount.ts";
import { duration } from "./duration.ts";
import { largestSize, size } from "./size.ts";
import { choice, flag, nameOf, share, type ValueOf, type ValueType, whole } from "./value-type.ts";

/** One thing an operator can set. Everything said about it anywhere is made of this. */
export interface Setting {
  readonly type: ValueType<unknown>;
  /** As it would be written. */
  readonly default: string | number | boolean | readonly string[];
  readonly summary: string;
  /** Why the default is the default. */
  readonly because: string;
  readonly since: string;
}

/** Settings that are written under one `[name]`. */
export interface Section {
  readonly summary: string;
  readonly settings: Readonly<Record<string, Setting>>;
}

const since = "0.1.0";
const minutes = (n: number) => seconds(n * 60);
const hours = (n: number) => minutes(n * 60);

const watermark = amount({ size: [mib(1), largestSize], share: [percent(0.1), highestWatermark] });

/** The only place where a setting exists. The section "" is the top of the file. */
export const schema = {
  "": {
    summary: "The top of the file.",
    settings: {
      preset: {
        type: nameOf("a preset"),
        default: "desktop",
        summary: 'A shipped set of settings that this file builds upon; "none" for the bare defaults.',
        because: "most machines that freeze are desktops",
        since,
      },
    },
  },
  headroom: {
    summary:
      "Headroom is what could be had if everything reclaimable were reclaimed: available memory and free swap. " +
      "Below low a victim is asked to exit, below min it is killed, and the alarm ends above high. " +
      "Of those left to auto, min is half of low and high one and a half of it; low follows the other two if they are given.",
    settings: {
      min: {
        type: watermark,
        default: "auto",
        summary: "Below this much headroom the victim is killed at once and its memory reaped.",
        because: "half of low leaves a victim that was asked to exit as much room again to do so",
        since,
      },
      low: {
        type: watermark,
        default: "auto",
        summary: "Below this much headroom a victim is chosen and asked to exit.",
        because:
          "100 MiB × √(RAM in GiB), at most a fifth of user memory, grows as the kernel's own min_free_kbytes does: sane from 512 MiB to 512 GiB",
        since,
      },
      high: {
        type: watermark,
        default: "auto",
        summary: "Below this much headroom a warning is due; at or above it an alarm is over.",
        because: "one and a half of low: far enough above it that an alarm does not flicker",
        since,
      },
    },
  },
  policy: {
    summary: "Who goes first. Each policy has options of its own, in [policy.NAME].",
    settings: {
      name: {
        type: nameOf("a policy"),
        default: "desktop",
        summary: "The policy that ranks the candidates.",
        because: "it goes by the memory that really comes back, not by inherited oom_score_adj",
        since,
      },
      preference: {
        type: share([percent(0), percent(100)]),
        default: "30%",
        summary: "What a prefer rule adds to a score and an avoid rule takes from it, as a share of RAM and swap.",
        because: "as much as oom_score_adj 300: decides between equals, does not spare the one that filled the machine",
        since,
      },
    },
  },
  guard: {
    summary:
      "What a session is made of goes after everybody else: compositor, display server and manager, logins, shells that lead a " +
      "terminal, terminals and multiplexers, service managers, buses, sound, screen lockers, ssh. `tidemark explain PID` says whether, and why.",
    settings: {
      session: {
        type: flag,
        default: true,
        summary: "Whether the session is recognised and spared, without any rule.",
        because:
          "with a compositor go all windows: it is hardly ever the cause, and often the largest after the browser",
        since,
      },
      last_resort: {
        type: flag,
        default: true,
        summary: "Whether the session may go when nobody else can be chosen; false leaves that to the kernel.",
        because: "a machine that stands still has lost its session as well, and the kernel would choose from it anyway",
        since,
      },
    },
  },
  kill: {
    summary: "How a kill goes on after its first signal.",
    settings: {
      term_grace: {
        type: duration([milliseconds(0), minutes(5)]),
        default: "3s",
        summary: "From SIGTERM to SIGKILL. Headroom below min cuts it short.",
        because:
          "0.5 s loses what is open, 10 s lets memory run out: both are found among the peers, and complained about",
        since,
      },
      reap_grace: {
        type: duration([milliseconds(0), seconds(10)]),
        default: "150ms",
        summary: "From SIGKILL to taking the memory away, while there is time. Below min there is none.",
        because: "robust futexes are released from that memory; a process that can run needs less",
        since,
      },
      kill_timeout: {
        type: duration([milliseconds(100), minutes(5)]),
        default: "3s",
        summary: "From SIGKILL to giving the victim up and taking the next one.",
        because: "10 GiB come back in half a second; longer is a process stuck in the kernel",
        since,
      },
      confirm_timeout: {
        type: duration([milliseconds(0), minutes(1)]),
        default: "500ms",
        summary: "From the exit of a victim to giving up waiting for its memory.",
        because: "shared memory may never come back, and the next decision has to be made without it",
        since,
      },
      cool_down: {
        type: duration([milliseconds(0), minutes(10)]),
        default: "1s",
        summary: "From the end of one kill to the next one. Headroom below min overrides it.",
        because: "one shortage, one victim: the others need a moment to run with what came back",
        since,
      },
      budget: {
        type: whole([1, 1000]),
        default: 10,
        summary: "How many kills may begin within budget_window, whatever happens.",
        because: "whoever needs more is not short of memory because of the victims",
        since,
      },
      budget_window: {
        type: duration([seconds(1), hours(24)]),
        default: "1min",
        summary: "The time over which the budget is counted.",
        because: "a service that is restarted and killed again shows within a minute",
        since,
      },
      unit: {
        type: choice(wantedUnits),
        default: "auto",
        summary:
          'What one kill takes: "process" the victim alone, "family" all that are like it as well, "app" its application ' +
          '(its systemd unit, or what is below its main process), "memcg" all of its cgroup where that holds one ' +
          'application, "auto" a fork storm that replaces what it loses, and below min as much of a guilty family as it ' +
          "takes. Who must live stays out of a family; an application or a cgroup with somebody in it who must live is " +
          "not taken, but the part of it below that one.",
        because:
          "a storm forks faster than single kills can follow; everybody else stops at a loss, and the rest keeps its work",
        since,
      },
    },
  },
  pacing: {
    summary: "How far apart looks at the machine are.",
    settings: {
      calm: {
        type: duration([milliseconds(10), minutes(1)]),
        default: "1s",
        summary: "The longest wait, when memory is plenty.",
        because: "a look costs well under a millisecond, and pressure ends the wait early",
        since,
      },
      near: {
        type: duration([milliseconds(1), seconds(10)]),
        default: "20ms",
        summary: "The shortest wait while headroom is not falling.",
        because: "a machine that stays near a watermark must not be watched by a busy loop",
        since,
      },
      tight: {
        type: duration([milliseconds(1), seconds(1)]),
        default: "4ms",
        summary: "The shortest wait of all: headroom near a watermark and falling, or a victim on its way.",
        because: "at 6 GiB in a second, 24 MiB are filled in that time",
        since,
      },
      fastest_fill: {
        type: size([mib(64), gib(1024)]),
        default: "6GiB",
        summary: "No machine fills memory faster than this much in a second.",
        because: "what earlyoom saw with four busy writers; it decides how long a wait is safe",
        since,
      },
      fastest_swap_fill: {
        type: size([mib(64), gib(1024)]),
        default: "1GiB",
        summary: "No machine swaps out more than this much in a second.",
        because:
          "earlyoom goes by 800 MiB, and a fill twice as fast is still seen in time; with nothing left but swap, looks that come as fast as RAM fills take the processor that compresses it",
        since,
      },
      table_every: {
        type: duration([seconds(1), hours(1)]),
        default: "10s",
        summary:
          "How often processes are read in calm, so that their cmdline is known in trouble; only if a rule asks for it.",
        because: "reading cmdline takes the lock that a victim may hold, so it is never read on the way to a kill",
        since,
      },
    },
  },
  notify: {
    summary:
      "Those who can give memory back are asked before anybody has to go, one [[giver]] after the other, while there is time: " +
      "when memory becomes short, never below min, nor when a stall is proven.",
    settings: {
      deadline: {
        type: duration([milliseconds(10), minutes(1)]),
        default: "2s",
        summary: "How long a kill may wait for all givers together.",
        because: "an alarm at low leaves seconds on most machines, and crossing min ends the wait anyway",
        since,
      },
      cool_down: {
        type: duration([milliseconds(0), hours(24)]),
        default: "1min",
        summary: "How long they are left in peace after they were asked.",
        because: "what was given a moment ago cannot be given again, and asking costs memory itself",
        since,
      },
    },
  },
  journal: {
    summary: "What is written about it all, on standard error.",
    settings: {
      format: {
        type: choice(["auto", "json", "text"]),
        default: "auto",
        summary: 'One JSON object or one sentence a line; "auto" is text on a terminal and under systemd.',
        because: "people read terminals and the systemd journal, programs read pipes",
        since,
      },
      level: {
        type: choice(["debug", "info", "warn", "error"]),
        default: "info",
        summary: "The least important thing that is still written.",
        because: "info is silent while nothing changes",
        since,
      },
    },
  },
  protection: {
    summary: "What tidemark does so that it stays quick when nothing else is.",
    settings: {
      nice: {
        type: whole([-20, 19]),
        default: -20,
        summary: "Its own CPU priority.",
        because: "with every core busy, a killer of ordinary priority waits for its turn",
        since,
      },
      oom_score_adj: {
        type: whole([-1000, 1000]),
        default: -1000,
        summary: "Its own oom_score_adj.",
        because: "the kernel's killer must not take the one that is about to help",
        since,
      },
      lock_memory: {
        type: flag,
        default: true,
        summary: "Whether its memory is locked against being paged out.",
        because: "a page fault on a thrashing disk takes seconds",
        since,
      },
    },
  },
} as const satisfies Readonly<Record<string, Section>>;

/** What was written and what is default, by section and key, before any machine is known. */
export type Config = {
  readonly [S in keyof typeof schema]: {
    readonly [K in keyof (typeof schema)[S]["settings"]]: ValueOf<SettingType<(typeof schema)[S]["settings"][K]>>;
  };
};

type SettingType<S> = S extends { readonly type: infer V } ? V : never;

/** What a rule may say. Each condition may be a list, of which one has to match. */
export const ruleKeys = {
  verdict:
    '"never": is not killed. "only": with one such rule, nobody else is killed. ' +
    '"first": goes before everybody who is not, whatever their size, as long as it gives back a five-hundredth of RAM and swap. ' +
    '"prefer", "avoid": goes sooner, goes later. "neutral": for rules that say only how somebody goes, and meant where no verdict is written',
  name: "pattern of the task name, of which the kernel keeps 15 bytes",
  exe: "pattern of the path of the program",
  cmdline: "pattern of the arguments, joined by spaces",
  unit: 'pattern of the innermost systemd unit on the path of the cgroup, such as "postgresql*.service"',
  app: 'pattern of the application that a unit was made for, such as "org.mozilla.firefox"; a snap is known by its name as well',
  container:
    'pattern of the id of the container or of what runs it: "docker", "podman", "containerd", "cri-o", "lxc", "nspawn"',
  cgroup: "pattern of the path of the cgroup",
  user: "name of the user, as /etc/passwd has it when the settings are read",
  uid: 'number of the user, a comparison such as ">= 1000", or a range such as "1000..1999"',
  parent: "pattern of the task name of the parent",
  age: 'how long ago it was started: a comparison such as "> 10min", or a range such as "10s..1min"',
  oom_score_adj: 'a number, a comparison such as "> 0", or a range such as "200..300"',
  memory: 'what comes back when it dies: a comparison such as "> 1GiB" or "> 10%" (of user memory), or a range',
  signal:
    'what it is sent instead of SIGTERM while there is time, such as "SIGINT"; "SIGKILL" asks for nothing. Below min it is SIGKILL always',
  run:
    "a program that asks it to leave instead of that signal: its whole path and its arguments, each a text of its own; no shell reads " +
    "them. It runs as tidemark does, and only if nobody but root may change it",
  grace: "how long it has from that signal, or the start of that program, to SIGKILL, instead of kill.term_grace",
  kill_unit: "what dies with it, instead of kill.unit, in the same words",
  note: "whom it means, in a few words that are shown instead of the conditions",
} as const;

/** Which rule counts when several match, in two sentences. */
export const ruleOrder =
  "Every rule that matches has its say, wherever it stands: never wins over all, without an only that matches nobody else counts, " +
  "first wins over prefer and avoid, and these two cancel each other. " +
  "Of signal, run, grace and kill_unit each is taken from the last rule that matches and writes it.";

/** What a giver may say. */
export const giverKeys = {
  name: "what it is called in the journal; no two have the same",
  kind: '"hook": a program is run. "reclaim": the kernel reclaims memory of a cgroup. "drop-caches": caches are dropped',
  run: "of a hook: the program by its whole path, and its arguments, each a text of its own; no shell reads them",
  user: "of a hook: whose rights it has, by name; without it, those of tidemark",
  cgroup: "of reclaim: the path of the cgroup, in the hierarchy that controls memory",
  amount: 'of reclaim: how much, such as "512MiB", or "all"; cgroup v1 knows "all" only',
  level:
    "of drop-caches: 1 for clean page cache, 2 for dentries and inodes, 3 for both. It seldom makes sense: all of it counts as available already, and has to be read again",
  timeout: 'how long it has, "1s" unless said otherwise; then it is stopped with all it started',
} as const;

/** The verdicts a rule can have. */
export const ruleVerdicts = ["never", "only", "first", "prefer", "avoid", "neutral"] as const;

/** What a memcg to watch may say. */
export const memcgKeys = {
  path: "its path in the hierarchy that controls memory, or its folder; * stands for any part of one name, and each one that fits is watched",
  min: "below this much headroom within its limit a member is killed at once",
  low: "below this much a member is chosen and asked to exit",
  high: "at or above this much its alarm is over",
  stall_limit: 'the share of stall_window that its members have to lose to stalls, "70%" unless it is written',
  stall_window: "how long a stall within it has to last, as [stall] says unless it is written",
  swap_limit:
    "with more than this of it swapped out a member is chosen and asked to exit: a size, or a share of the swap it may use. Off unless written, as the others below",
  size_limit:
    "the same with more than this of it in RAM, clean pages of files not counted: a size, or a share of its limit or, without one, of RAM",
  hold_for: 'how long swap_limit or size_limit has to be exceeded without a break, "0ms" unless written',
  growth_limit:
    "the same when what its members hold grows by more than this within growth_window: a size, or a share as of size_limit",
  growth_window: 'the time in which growth_limit counts, "10s" unless written',
  kill_by:
    "which of the cgroups inside goes first: by size, growth, swap, pressure, pgscan or io-cost, see below. Unless it is written, its members are compared one by one",
  recursive:
    "true, unless written, to go down to a cgroup that has no others inside; false for one of those right inside",
  unit: '"memcg", unless written: all of that cgroup goes, or nobody if one in it must live. "process": one of it, chosen by the policy',
} as const;

/** `headroom.low`, or `preset` at the top of the file. */
export const settingName = (section: string, key: string): string => (section === "" ? key : `${section}.${key}`);
