declare const unit: unique symbol;

/** A number that carries its unit in its type. Assigning across units, or adding them, does not compile. */
export type Quantity<U extends string> = number & { readonly [unit]: U };

/** Memory in units of 1024 bytes: the one unit of memory inside tidemark. */
export type KiB = Quantity<"KiB">;
/** Pages of the machine's own page size. */
export type Pages = Quantity<"Pages">;
/** Only where the kernel speaks bytes: page sizes, limits of cgroups, buffers. */
export type Bytes = Quantity<"Bytes">;
/** Monotonic time, or a span of it: the one unit of time inside tidemark. */
export type Milliseconds = Quantity<"Milliseconds">;
/** Only where the kernel speaks microseconds: PSI. */
export type Microseconds = Quantity<"Microseconds">;
/** A share of a whole, 0–100. */
export type Percent = Quantity<"Percent">;
/** A thread group as this pid namespace numbers it. Reused by the kernel: who it was is an `Identity`. */
export type Pid = Quantity<"Pid">;
/** A user, as our user namespace numbers it; 0 is root. */
export type Uid = Quantity<"Uid">;
/** A descriptor that stays with one process, whoever gets its pid later. @see pidfd_open(2) */
export type Pidfd = Quantity<"Pidfd">;
/** Time since boot in USER_HZ ticks (10 ms), as field 22 of `/proc/PID/stat` gives it. */
export type StartTicks = Quantity<"StartTicks">;
/** `oom_score_adj`, −1000 to 1000. */
export type OomScoreAdj = Quantity<"OomScoreAdj">;

/** A path inside the cgroup hierarchy, beginning with `/`. */
export type CgroupPath = string & { readonly [unit]: "CgroupPath" };

/** The kernel's OOM_SCORE_ADJ_MIN: a process that must never be chosen. */
export const oomScoreAdjMin = -1000 as OomScoreAdj;
/** The kernel's OOM_SCORE_ADJ_MAX. */
export const oomScoreAdjMax = 1000 as OomScoreAdj;

/** pid 1 of the initial pid namespace: the kernel's `is_global_init`. */
export const initPid = 1 as Pid;
/** The process everything of the kernel's own descends from. */
export const kthreaddPid = 2 as Pid;

const kibPerMiB = 1024;
const kibPerGiB = 1024 * 1024;
const bytesPerKiB = 1024;
/** USER_HZ is 100 on every architecture there is Node for. */
const millisecondsPerTick = 10;

function whole(value: number, name: string, from: number): number {
  if (!Number.isSafeInteger(value) || value < from) {
    throw new RangeError(`Cannot make ${name} of ${value}: it must be a whole number of at least ${from}`);
  }
  return value;
}

function within(value: number, name: string, [from, to]: readonly [number, number]): number {
  if (!Number.isFinite(value) || value < from || value > to) {
    throw new RangeError(`Cannot make ${name} of ${value}: it must lie between ${from} and ${to}`);
  }
  return value;
}

/** @throws RangeError unless `n` is finite and not negative; fractions are rounded down. */
export const kib = (n: number): KiB => Math.floor(within(n, "KiB", [0, Number.MAX_SAFE_INTEGER])) as KiB;
/** @throws RangeError as {@link kib} does. */
export const mib = (n: number): KiB => kib(n * kibPerMiB);
/** @throws RangeError as {@link kib} does. */
export const gib = (n: number): KiB => kib(n * kibPerGiB);
/** @throws RangeError unless `n` is a whole number of at least 0. */
export const pages = (n: number): Pages => whole(n, "Pages", 0) as Pages;
/** @throws RangeError unless `n` is a whole number of at least 0. */
export const bytes = (n: number): Bytes => whole(n, "Bytes", 0) as Bytes;
/** @throws RangeError unless `n` is finite and not negative. */
export const milliseconds = (n: number): Milliseconds =>
  within(n, "Milliseconds", [0, Number.MAX_SAFE_INTEGER]) as Milliseconds;
/** @throws RangeError as {@link milliseconds} does. */
export const seconds = (n: number): Milliseconds => milliseconds(n * 1000);
/** @throws RangeError unless `n` is finite and not negative. */
export const microseconds = (n: number): Microseconds =>
  within(n, "Microseconds", [0, Number.MAX_SAFE_INTEGER]) as Microseconds;
/** @throws RangeError outside 0–100. */
export const percent = (n: number): Percent => within(n, "Percent", [0, 100]) as Percent;
/** @throws RangeError unless `n` is a whole number of at least 1: 0 is "my own", negative numbers are groups. */
export const pid = (n: number): Pid => whole(n, "Pid", 1) as Pid;
/** @throws RangeError unless `n` is a whole number of at least 0. */
export const uid = (n: number): Uid => whole(n, "Uid", 0) as Uid;
/** @throws RangeError unless `n` is a whole number of at least 0. */
export const startTicks = (n: number): StartTicks => whole(n, "StartTicks", 0) as StartTicks;
/** @throws RangeError outside −1000–1000. */
export const oomScoreAdj = (n: number): OomScoreAdj =>
  within(whole(n, "OomScoreAdj", -1000), "OomScoreAdj", [-1000, 1000]) as OomScoreAdj;
/** @throws RangeError unless `path` begins with `/`. */
export function cgroupPath(path: string): CgroupPath {
  if (!path.startsWith("/")) throw new RangeError(`Cannot make CgroupPath of "${path}": it must begin with "/"`);
  return path as CgroupPath;
}

/** The sum of two quantities of one unit. */
export const add = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): Q => (a + b) as Q;
/** The difference, which may be negative: for spans and changes. */
export const subtract = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): Q => (a - b) as Q;
/** The difference, or zero where it would be negative: for amounts. */
export const lessened = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): Q => Math.max(0, a - b) as Q;
/** The sum of any number of quantities; 0 of none. */
export const sum = <Q extends Quantity<string>>(values: readonly Q[]): Q =>
  values.reduce<number>((total, value) => total + value, 0) as Q;
/** `a` multiplied by a plain number; not rounded. */
export const scale = <Q extends Quantity<string>>(a: Q, factor: number): Q => (a * factor) as Q;
/** The least whole number above `a`, or at it if that may be. */
export const firstWhole = <Q extends Quantity<string>>(a: Q, { mayEqual }: { readonly mayEqual: boolean }): Q =>
  (mayEqual ? Math.ceil(a) : Math.floor(a) + 1) as Q;
/** The greatest whole number below `a`, or at it if that may be. */
export const lastWhole = <Q extends Quantity<string>>(a: Q, { mayEqual }: { readonly mayEqual: boolean }): Q =>
  (mayEqual ? Math.floor(a) : Math.ceil(a) - 1) as Q;
/** The smaller of two. */
export const least = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): Q => (a < b ? a : b) as Q;
/** The larger of two. */
export const greatest = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): Q => (a > b ? a : b) as Q;
/** `a`, held between `low` and `high`, both included. */
export const clamp = <Q extends Quantity<string>>(a: Q, low: NoInfer<Q>, high: NoInfer<Q>): Q =>
  greatest(low, least(a, high));
/** Whether `a` is less than `b`. At its very value a watermark is not fallen below. */
export const below = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): boolean => a < b;
/** Whether `a` is `b` or more: the opposite of {@link below}. */
export const atLeast = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): boolean => a >= b;
/** How many times `b` goes into `a`; 0 when `b` is 0. */
export const ratio = <Q extends Quantity<string>>(a: Q, b: NoInfer<Q>): number => (b === 0 ? 0 : a / b);
/** `a` as a share of `whole`, held to 0–100; 0 when the whole is 0. */
export const share = <Q extends Quantity<string>>(a: Q, total: NoInfer<Q>): Percent =>
  percent(Math.min(100, Math.max(0, ratio(a, total) * 100)));
/** That share of a whole; not rounded. */
export const percentOf = <Q extends Quantity<string>>(p: Percent, total: Q): Q => ((total * p) / 100) as Q;

/** Exact: no page is smaller than 4 KiB. */
export const pagesToKiB = (n: Pages, pageSize: Bytes): KiB => ((n * pageSize) / bytesPerKiB) as KiB;
/** Rounded towards zero, as every division in the kernel's scores is. */
export const kibToPages = (n: KiB, pageSize: Bytes): Pages => Math.trunc((n * bytesPerKiB) / pageSize) as Pages;
/** Rounded down: a part of a KiB is none. */
export const bytesToKiB = (n: Bytes): KiB => Math.floor(n / bytesPerKiB) as KiB;
/** Exact up to 8 PiB. */
export const kibToBytes = (n: KiB): Bytes => (n * bytesPerKiB) as Bytes;
/** For people; with its fraction. */
export const kibToMiB = (n: KiB): number => n / kibPerMiB;
/** For people; with its fraction. */
export const kibToGiB = (n: KiB): number => n / kibPerGiB;
/** With its fraction. */
export const microsecondsToMilliseconds = (n: Microseconds): Milliseconds => (n / 1000) as Milliseconds;
/** With its fraction. */
export const millisecondsToMicroseconds = (n: Milliseconds): Microseconds => (n * 1000) as Microseconds;
/** For people; with its fraction. */
export const millisecondsToSeconds = (n: Milliseconds): number => n / 1000;
/** Rounded down: a part of a tick is none. */
export const millisecondsToTicks = (n: Milliseconds): StartTicks => Math.floor(n / millisecondsPerTick) as StartTicks;
/** Exact. */
export const ticksToMilliseconds = (n: StartTicks): Milliseconds => (n * millisecondsPerTick) as Milliseconds;
