import type { AlarmKind, Reason, Watermark } from "#domain/alarm.ts";
import type { MemcgPreference, RankerName } from "#domain/branch.ts";
import type { Escalation, Signal } from "#domain/decision.ts";
import type { Withheld } from "#domain/finding.ts";
import type { MemcgStanding } from "#domain/memcg.ts";
import type { FactName } from "#domain/snapshot.ts";
import type { CgroupPath, KiB, Milliseconds, OomScoreAdj, Percent, Pid, StartTicks, Uid } from "#domain/units.ts";

declare const value: unique symbol;

/** A field of the journal: what it says, and (for the compiler only) the type of its value. */
export interface Field<T> {
  readonly summary: string;
  readonly [value]?: T;
}

const field = <T>(summary: string): Field<T> => ({ summary });

/** One place of the ranking, as the journal and `--json` print it. */
export interface RankedFields {
  readonly pid: Pid;
  readonly start_ticks: StartTicks;
  readonly comm: string;
  readonly uid?: Uid | undefined;
  readonly oom_score_adj: OomScoreAdj;
  readonly rss_kib: KiB;
  readonly swap_kib: KiB;
  readonly badness_kib: KiB;
  readonly terms_kib: Readonly<Record<string, KiB>>;
}

/** One place among cgroups, as the journal and `--json` print it. */
export interface RankedMemcgFields {
  readonly memcg: CgroupPath;
  readonly preference: MemcgPreference;
  /** memory.current over what it was promised. */
  readonly unprotected_kib: KiB;
  readonly swap_kib: KiB;
  /** Of these that are told in a second, a negative one means that it gave some back. */
  readonly growth_kib_per_s?: number;
  readonly stalled_percent?: Percent;
  readonly pgscan_per_s?: number;
  readonly io_cost_ms_per_s?: number;
}

/** Every field there is, once: the words of the journal, of `--json` and of the metrics. The suffix is the unit. */
export const vocabulary = {
  advice: field<string>("What the operator can do about it"),
  after_ms: field<Milliseconds>("Time since the victim was signalled or adopted"),
  alarm_kind: field<AlarmKind>("How loud the alarm is: approaching, scarce, stalling, thrashing or exhausted"),
  also: field<readonly string[]>("What else was proven, where one proof is not enough, in words"),
  architecture: field<string>("Processor architecture"),
  asked: field<number>("How many givers were asked"),
  available_below_kib: field<KiB>("A stall counts only while less than this is available"),
  available_kib: field<KiB>("What can be had without swapping: MemAvailable"),
  badness_kib: field<KiB>("The score: memory that counts for or against; the sum of its terms"),
  cache_below_kib: field<KiB>("An exchange counts only while the page cache is smaller than this"),
  cache_kib: field<KiB>("The page cache: files in memory, of which at least 1 % of RAM is assumed"),
  call: field<string>("The system call or file operation that failed"),
  chosen_by: field<RankerName>("What the cgroup was chosen by: size, growth, swap, pressure, pgscan or io-cost"),
  chosen_memcg: field<CgroupPath>("The cgroup inside the watched one from which somebody goes"),
  capability: field<string>("What the machine or our rights do not give"),
  comm: field<string>("Name of the task, at most 15 bytes, escaped"),
  commit_left_kib: field<KiB>("What the kernel may still promise to programs"),
  commit_limit_kib: field<KiB>("All that the kernel may promise to programs: CommitLimit"),
  consequence: field<string>("What follows from it for tidemark"),
  container: field<string>("The container of the process, as its cgroup names it: what runs it, and its id"),
  dropped: field<number>("How many entries were lost"),
  dry_run: field<boolean>("Nobody is signalled, whatever happens"),
  eligible: field<number>("How many processes could have been chosen"),
  ended: field<string>(
    "How a giver or a program came to its end: exit and its status, a signal, timed-out, or why it was not asked",
  ),
  errno: field<string>("What the system call answered: the symbolic name"),
  exchanged_percent: field<Percent>("What was reclaimed and refaulted in exchange, as a share of the page cache"),
  expected_kib: field<KiB>("What was to come back with the victim"),
  fact: field<FactName>("The sensor"),
  family_grown_kib: field<KiB>("By how much that family has grown since trouble began"),
  family_kib: field<KiB>("What all of that family give back"),
  grace_ms: field<Milliseconds>("From asking the victim to SIGKILL"),
  program: field<string>("What is run in place of a signal"),
  session_role: field<string>("What the victim is to its session: nobody else was left to choose"),
  family_young: field<number>("Of a fork storm: how many of that family were started since trouble began"),
  family_processes: field<number>("How many could be chosen of a family that is to blame though none of it is alone"),
  falls_kib: field<KiB>("By how much headroom falls in a second"),
  file: field<string>("The file that is written"),
  files: field<readonly string[]>("Files the configuration was read from, in order"),
  free_kib: field<KiB>("What a program may take of the kernel's zone"),
  freed_kib: field<KiB>("What has come back"),
  from_kind: field<AlarmKind>("How loud the alarm was before"),
  given_back_kib: field<KiB>("Pages of files that only the start needed"),
  giver: field<string>("Who was asked to give memory back, by its name"),
  group: field<readonly Pid[]>("The others of its memcg or family that die with it: a hundred at most"),
  group_memcg: field<CgroupPath>("The memcg that dies as a whole (memory.oom.group), or cannot"),
  group_processes: field<number>("How many others die with it"),
  headroom_below_kib: field<KiB>("A fall counts only while headroom is below this"),
  headroom_kib: field<KiB>("What could be had if everything reclaimable were reclaimed"),
  high_kib: field<KiB>("The watermark above which an alarm ends"),
  hold_for_ms: field<Milliseconds>("How long the limit had to be exceeded"),
  horizon_ms: field<Milliseconds>("A fall counts when min is nearer than this"),
  kill_unit: field<"memcg" | "app" | "family">("With what the victim dies; absent when it dies alone"),
  kernel_release: field<string>("As uname -r prints it"),
  kernel_zone: field<string>("The kernel's zone that has most left"),
  kills: field<number>("How many victims were signalled since the start"),
  lasted_ms: field<Milliseconds>("How long the alarm was up"),
  late_ms: field<Milliseconds>("How much later than planned the look came, the time asleep not counted"),
  left_ms: field<Milliseconds>("Until min is reached, should headroom go on falling"),
  limit_kib: field<KiB>("What a memcg may hold"),
  limit_percent: field<Percent>("The share, of stall or of the exchange, that raises an alarm"),
  locked_kib: field<KiB>("Of that: what no shortage can take"),
  looks: field<number>("How many looks were recorded"),
  low_kib: field<KiB>("The watermark below which a victim is asked to go (SIGTERM)"),
  memcg: field<CgroupPath>("The cgroup of the process, in the hierarchy that controls memory"),
  min_kib: field<KiB>("The watermark below which a victim is killed (SIGKILL)"),
  needed_kib: field<KiB>("What the kernel's zone has to have free to serve a program"),
  next_look_ms: field<Milliseconds>("Time until the next look"),
  oom_score_adj: field<OomScoreAdj>("The process's own adjustment, -1000 to 1000"),
  output: field<string>("The beginning of what a giver or a program wrote"),
  output_bytes: field<number>("How much a giver or a program wrote, up to what a pipe holds"),
  pid: field<Pid>("Process id"),
  policy: field<string>("The policy that ranks"),
  problems: field<readonly string[]>("What is wrong, one line each"),
  protection: field<string>("Which of our own protections could not be had"),
  ram_kib: field<KiB>("RAM without the pools of huge pages"),
  ranking: field<readonly RankedFields[]>("The best candidates, worst badness first"),
  memcg_ranking: field<readonly RankedMemcgFields[]>("The cgroups that were compared, the first to go first"),
  reap: field<string>("How giving the memory back went"),
  reason: field<Reason["kind"]>("The kind of evidence"),
  reclaimable_kib: field<KiB>("What could be reclaimed in the kernel's zone"),
  reclaimed_directly_kib: field<KiB>("What those who wanted memory had to reclaim themselves"),
  reclaimed_kib: field<KiB>("What was reclaimed within the window"),
  refaulted_kib: field<KiB>("What was reclaimed before and wanted again within the window"),
  resident_kib: field<KiB>("What tidemark itself holds in memory"),
  returns_kib: field<KiB>("What comes back for certain when it dies: anonymous memory, swap, page tables"),
  rss_kib: field<KiB>("Resident memory"),
  rehearsals: field<number>("How many kills of a child of its own went as they should"),
  rules: field<number>("How many rules are in force"),
  scope_grown_kib: field<KiB>("By how much what the members of a memcg hold grew within the window"),
  scope_memcg: field<CgroupPath>(
    "The memcg that is short of memory, or is to be watched; absent: it is the whole machine",
  ),
  scope_size_kib: field<KiB>("What a memcg has in RAM, clean pages of files not counted"),
  scope_swap_kib: field<KiB>("What of a memcg is swapped out"),
  slow_fault_ms: field<Milliseconds>("From here on page faults are slow"),
  share_percent: field<Percent>("Share of the window that was spent stalled"),
  sharers: field<readonly Pid[]>(
    "Other processes that use the same memory and were signalled with the victim, the first 100",
  ),
  sharing: field<number>("How many others use the same memory and were signalled with the victim"),
  signal: field<Signal>("The signal sent"),
  size_kib: field<KiB>("What the file holds"),
  skipped_why: field<string>("Why the victim was given up"),
  stall_limit_percent: field<Percent>("The share of stall that an exchange has to come with"),
  stall_line: field<"some" | "full">("Which line of PSI: some tasks or all of them stalled"),
  slept_ms: field<Milliseconds>("How long the machine was suspended since the look before"),
  standing: field<Exclude<MemcgStanding, "watched">>(
    "Why a memcg is not watched: absent, unlimited or limit-too-small",
  ),
  start_ticks: field<StartTicks>("Start time in ticks since boot: with the pid, the identity of a process"),
  subject: field<string>("What the call was about"),
  suppressed: field<number>("Entries of the same kind and cause that were counted, not written, since the last one"),
  swap_free_kib: field<KiB>("Free swap"),
  swapped_in_kib: field<KiB>("What was read back from swap within the window"),
  swap_kib: field<KiB>("Swapped-out memory"),
  sysctl: field<string>("The setting of the kernel, as sysctl names it"),
  sysctl_value: field<number>("What it is set to"),
  terms_kib: field<Readonly<Record<string, KiB>>>("What the badness is made of"),
  threshold_kib: field<KiB>("The watermark itself, or the limit that was set"),
  disk_wait_percent: field<Percent>("Share of the window in which somebody waited for a disk"),
  fault_ms: field<Milliseconds>("What was waited for each page fault that needed a disk; absent: there was none"),
  took_ms: field<Milliseconds>("How long it took"),
  trigger: field<Escalation>("Why another signal followed"),
  uid: field<Uid>("User id of the process"),
  uptime_ms: field<Milliseconds>("Time since the start"),
  version: field<string>("Version of tidemark"),
  waited_ms: field<Milliseconds>("From the alarm to the signal"),
  wanted_kib: field<KiB>("What is missing until the alarm ends"),
  watermark: field<Watermark>("Which watermark was crossed: min, low or high"),
  waits_at_most_ms: field<Milliseconds>("How long something is put off at most"),
  why: field<string>("What happened instead, or who asked"),
  window_ms: field<Milliseconds>("The window over which stall, exchange or growth is measured"),
  withheld_why: field<Withheld>("Why no victim was signalled at this look"),
  zone: field<"headroom">("What the watermark belongs to"),
} as const;

/** Every field there is, with the type of its value. */
export type Vocabulary = { readonly [N in keyof typeof vocabulary]: ValueOf<(typeof vocabulary)[N]> };
/** The name of a field; its unit is the end of it. */
export type FieldName = keyof Vocabulary;

type ValueOf<F> = F extends Field<infer T> ? T : never;
