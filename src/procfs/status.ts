/*
 * Name:	cat
 * Uid:	0	0	0	0
 * Kthread:	0
 * VmSize:	    3060 kB
 * VmRSS:	    1752 kB
 * RssAnon:	     112 kB
 * RssFile:	    1640 kB
 * RssShmem:	       0 kB
 * VmPTE:	      52 kB
 * VmSwap:	       0 kB
 * CoreDumping:	0
 * Threads:	1
 * SigPnd:	0000000000000000
 * ShdPnd:	0000000000000000
 *
 * fs/proc/array.c: proc_pid_status(), fs/proc/task_mmu.c: task_mem(). A thread without an mm (kernel thread, zombie, late in
 * its exit) has no Vm and Rss lines at all. Rss* by kind since 4.5, CoreDumping since 4.15, Kthread since 6.4. The name is
 * escaped, so it cannot fake a line.
 */
import type { ProcessMemory } from "#domain/process.ts";
import { type Uid, uid } from "#domain/units.ts";
import { type LabelledValues, lineReader, readCount, readFlag, readKiB, requireLines } from "./labelled-lines.ts";
import { type Cursor, cursorOver, damageAt, expectEndOfLine, expectText, readUnsigned, skipWord } from "./scanner.ts";
import { isWholeFile } from "./whole-file.ts";

/** What this one file shows of an mm. How the kernel's OOM killer counts, no single file tells on every release. */
export type ShownMemory = Omit<ProcessMemory, "counted">;

/** What `/proc/PID/status`, or that of one thread, tells. */
export interface StatusFacts {
  /** The effective one: what `ps` shows as the user, and what a setuid program acts as. */
  readonly uid: Uid;
  readonly threads: number;
  /** Undefined: this thread has no mm. Another thread of the group may have one. */
  readonly memory: ShownMemory | undefined;
  /** SIGKILL is pending for the whole group. Stays from kill(2) until the process is reaped. */
  readonly isKilled: boolean;
  /** SIGKILL is pending for this one thread: another thread has ended the group, or executes a program in its place. */
  readonly isThreadKilled: boolean;
  /** A core is being dumped: the memory stays until it is written. False before Linux 4.15, which does not tell. */
  readonly isDumpingCore: boolean;
  /** Absent before Linux 6.4; PF_KTHREAD in `stat` says the same on every kernel. */
  readonly isKernelThread: boolean | undefined;
}

const ofMemory = {
  virtual: { text: "VmSize:", read: readKiB },
  rss: { text: "VmRSS:", read: readKiB },
  anon: { text: "RssAnon:", read: readKiB },
  file: { text: "RssFile:", read: readKiB },
  shmem: { text: "RssShmem:", read: readKiB },
  pageTables: { text: "VmPTE:", read: readKiB },
  swap: { text: "VmSwap:", read: readKiB },
} as const;

const ofEveryThread = {
  uid: { text: "Uid:", read: readEffectiveUid },
  threads: { text: "Threads:", read: readCount },
  isThreadKilled: { text: "SigPnd:", read: readHoldsSigkill },
  isKilled: { text: "ShdPnd:", read: readHoldsSigkill },
} as const;

const readLines = lineReader({
  ...ofEveryThread,
  ...ofMemory,
  isKernelThread: { text: "Kthread:", read: readFlag },
  isDumpingCore: { text: "CoreDumping:", read: readFlag },
});

/** Undefined: the process is gone, and what was read ends early. @throws ParseError */
export function parseStatus(bytes: Uint8Array): StatusFacts | undefined {
  if (!isWholeFile(bytes)) return undefined;
  const cursor = cursorOver("PID/status", bytes);
  const lines = readLines(cursor);
  const always = requireLines(cursor, lines, ofEveryThread);
  return {
    uid: always.uid,
    threads: always.threads,
    memory: hasMemory(lines) ? requireLines(cursor, lines, ofMemory) : undefined,
    isKilled: always.isKilled,
    isThreadKilled: always.isThreadKilled,
    isDumpingCore: lines.isDumpingCore ?? false,
    isKernelThread: lines.isKernelThread,
  };
}

const hasMemory = (lines: Partial<LabelledValues<typeof ofMemory>>): boolean => {
  for (const name in ofMemory) if (lines[name as keyof typeof ofMemory] !== undefined) return true;
  return false;
};

/** The second of `	real	effective	saved	filesystem`. */
function readEffectiveUid(cursor: Cursor): Uid {
  expectText(cursor, "\t");
  skipWord(cursor);
  expectText(cursor, "\t");
  return uid(readUnsigned(cursor));
}

/**
 * Whether the set of signals holds SIGKILL: signal 9 is bit 8, the lowest bit of the third hexadecimal digit from the end.
 * The set has 64 bits (128 on MIPS), so it is never made into a number.
 */
function readHoldsSigkill(cursor: Cursor): boolean {
  expectText(cursor, "\t");
  const start = cursor.offset;
  skipWord(cursor);
  expectEndOfLine(cursor);
  let digit = 0;
  for (let i = start; i < cursor.offset; i++) {
    const value = hexDigit(cursor.bytes[i] ?? 0);
    if (value === undefined) throw damageAt({ ...cursor, offset: start }, "a set of signals in hexadecimal");
    if (i === cursor.offset - 3) digit = value;
  }
  return (digit & 1) === 1;
}

function hexDigit(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x61 && byte <= 0x66) return byte - 0x61 + 10;
  return undefined;
}
