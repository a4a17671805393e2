/*
 * 6713 (cat) R 6707 6707 4051 0 -1 4194304 101 0 0 0 0 0 0 0 20 0 1 0 113925 3133440 394 18446744073709551615 ...
 *
 * fs/proc/array.c: do_task_stat(). Field 1 is the pid, 2 the comm, 3 the state, 4 the parent, 6 the session, 7 the terminal, 9 the
 * flags, 20 the number of threads, 22 the start time, 23 the address space in bytes, 24 the resident pages, 28 where the stack
 * begins, 31 the signals pending for this thread, 38 the signal sent at exit. All since before 3.0.
 *
 * The comm is not escaped: it may hold `)`, blanks and newlines, and a multi-byte character cut in half at 15 bytes. No field
 * behind it holds a `)`, so the last one of the file ends it. Workers of the kernel have longer names, up to 63 bytes.
 */
import type { Identity } from "#domain/identity.ts";
import type { ProcessState } from "#domain/process.ts";
import { bytes as bytesOf, bytesToKiB, type KiB, type Pages, type Pid, pages, pid, startTicks } from "#domain/units.ts";
import {
  type Cursor,
  cursorOver,
  damageAt,
  expectText,
  readSigned,
  readUnsigned,
  readUnsignedIfExact,
  skipWord,
} from "./scanner.ts";
import { decodeText } from "./text.ts";
import { isWholeFile } from "./whole-file.ts";

/** What `/proc/PID/stat`, or that of one thread, tells. */
export interface StatFacts {
  readonly identity: Identity;
  /** Damaged UTF-8 shows as U+FFFD. Not escaped. */
  readonly comm: string;
  readonly state: ProcessState;
  /** Undefined where the kernel says 0: pid 1, kthreadd, and a parent outside of our pid namespace. */
  readonly parent: Pid | undefined;
  /** Its session is its own. */
  readonly leadsSession: boolean;
  /** Its session is its own and has a controlling terminal: an interactive shell, as a rule. */
  readonly leadsTerminal: boolean;
  /** PF_KTHREAD. */
  readonly isKernelThread: boolean;
  /** PF_EXITING, of this one thread: the leader may be gone while other threads go on. */
  readonly isExiting: boolean;
  readonly threads: number;
  /** Address space. Undefined from 8 PiB on, which a process can map at will with five-level page tables. */
  readonly virtual: KiB | undefined;
  /** Resident pages as the kernel reads them approximately; its own badness is made of this very number in 6.2–6.19. */
  readonly rss: Pages;
  /**
   * Where the stack begins, a random place that each execve(2) chooses anew: another place is another program, whatever its
   * name. 0 where it is not ours to know, or lies past 2^53.
   */
  readonly stackStart: number;
  /** Signals 1 to 31 that wait for this thread, a bit each: SIGKILL shows here from kill(2) until the end, in whatever state the process is. */
  readonly pendingSignals: number;
  /** Not the first thread of its process. `/proc` does not list such threads, and shows them to who asks by number. */
  readonly isFollower: boolean;
}

// include/linux/sched.h
const exitingFlag = 0x4;
const kernelThreadFlag = 0x200000;

const closingParenthesis = 0x29;

/** fs/proc/array.c: task_state_array. `P` (parked) is of kernel threads only; K and W are of 2.6.33–3.13. */
const states: Readonly<Record<string, ProcessState>> = {
  R: "running",
  S: "sleeping",
  D: "uninterruptible",
  T: "stopped",
  t: "tracing",
  X: "dead",
  x: "dead",
  Z: "zombie",
  I: "idle",
};

/** Undefined: the process is gone, and what was read ends early. @throws ParseError */
export function parseStat(bytes: Uint8Array): StatFacts | undefined {
  if (!isWholeFile(bytes)) return undefined;
  const cursor = cursorOver("PID/stat", bytes);
  const id = pid(readPositive(cursor));
  expectText(cursor, " (");
  const comm = readComm(cursor);
  const state = readState(cursor);
  const parent = readField(cursor);
  skipFields(cursor, 1);
  const session = readField(cursor);
  const terminal = readSignedField(cursor);
  skipFields(cursor, 1);
  const flags = readField(cursor);
  skipFields(cursor, 10);
  const threads = readField(cursor);
  skipFields(cursor, 1);
  const startedAt = startTicks(readField(cursor));
  const virtual = readAddressSpace(cursor);
  const rss = pages(readField(cursor));
  skipFields(cursor, 3);
  const stackStart = readAddress(cursor);
  skipFields(cursor, 2);
  const pendingSignals = readField(cursor);
  skipFields(cursor, 6);
  return {
    identity: { pid: id, startTicks: startedAt },
    comm,
    state,
    parent: parent === 0 ? undefined : pid(parent),
    leadsSession: session === id,
    leadsTerminal: session === id && terminal !== 0,
    isKernelThread: hasFlag(flags, kernelThreadFlag),
    isExiting: hasFlag(flags, exitingFlag),
    threads,
    virtual,
    rss,
    stackStart,
    pendingSignals,
    isFollower: readExitSignal(cursor) < 0,
  };
}

function readPositive(cursor: Cursor): number {
  const value = readUnsigned(cursor);
  if (value === 0) throw damageAt({ ...cursor, offset: 0 }, "a pid of at least 1");
  return value;
}

function readComm(cursor: Cursor): string {
  const end = cursor.bytes.lastIndexOf(closingParenthesis);
  if (end < cursor.offset) throw damageAt(cursor, 'a name and ")"');
  const comm = decodeText(cursor.bytes, cursor.offset, end);
  cursor.offset = end;
  expectText(cursor, ") ");
  return comm;
}

function readState(cursor: Cursor): ProcessState {
  const start = cursor.offset;
  skipWord(cursor);
  if (cursor.offset !== start + 1) throw damageAt({ ...cursor, offset: start }, "one letter for the state");
  return states[String.fromCharCode(cursor.bytes[start] ?? 0)] ?? "unknown";
}

function readField(cursor: Cursor): number {
  expectText(cursor, " ");
  return readUnsigned(cursor);
}

/** A device number: of 32 bits, printed with a sign. */
function readSignedField(cursor: Cursor): number {
  expectText(cursor, " ");
  return readSigned(cursor);
}

function readAddressSpace(cursor: Cursor): KiB | undefined {
  expectText(cursor, " ");
  const size = readUnsignedIfExact(cursor);
  return size === undefined ? undefined : bytesToKiB(bytesOf(size));
}

function readAddress(cursor: Cursor): number {
  expectText(cursor, " ");
  return readUnsignedIfExact(cursor) ?? 0;
}

/** −1 for all threads but the first. @see include/linux/sched/signal.h: thread_group_leader */
function readExitSignal(cursor: Cursor): number {
  expectText(cursor, " ");
  return readSigned(cursor);
}

/** Fields without meaning here are not read as numbers: some are negative, some fill 64 bits. */
function skipFields(cursor: Cursor, count: number): void {
  for (let i = 0; i < count; i++) {
    expectText(cursor, " ");
    skipWord(cursor);
  }
}

/** The flags are 32 bits wide, `&` works on signed ones, and a flag is one bit: so the sign does not matter. */
const hasFlag = (flags: number, flag: number): boolean => (flags & flag) !== 0;
