import type { Bound, UnreadProcesses } from "#domain/process.ts";
import { bytesToKiB, kib, oomScoreAdjMin, type Pid, pid } from "#domain/units.ts";
import { openIterator } from "#native-bindings/bpf.ts";
import { closeFd, type Fd } from "#native-bindings/file.ts";
import { readPipe } from "#native-bindings/pipe.ts";
import { mapShared, type SharedMemory } from "#native-bindings/shared-memory.ts";
import { censusRecord } from "./census-program.ts";
import type { RssSlack } from "./counted-rss.ts";
import { ignore } from "./failure.ts";
import { highestPermille, type Weighing, type Weight } from "./weigh-process.ts";

/** What every process has, of one moment and without opening a file. */
export interface Census extends Disposable {
  /** All who have memory. Undefined: it could not be taken this time. Valid until the next one. */
  take(by: Weighing): Tally | undefined;
}

/** Who has how much at the most; a process may be there more than once. */
export interface Tally {
  readonly count: number;
  readonly pids: Uint32Array;
  /** What the kernel counts for each, in KiB of RAM and swap. */
  readonly counted: Float64Array;
  /** What each can have at the most, in KiB of RAM and swap; and by the kernel's measure, in thousandths of the machine. */
  readonly most: Readonly<Record<Bound, Float64Array>>;
}

const wordSize = Int32Array.BYTES_PER_ELEMENT;
const recordSize = censusRecord.words * wordSize;
/** For so many processes there is room from the beginning: pages that nobody writes to cost nothing. */
const roomFor = 16_384;

/** @param link what `openCensus` opened, which is closed at the end */
export function makeCensus(link: Fd, slackOf: RssSlack): Census {
  let room = makeRoom(roomFor);

  const grow = (): void => {
    const larger = makeRoom(room.size * 2);
    larger.bytes.set(room.bytes);
    room.memory[Symbol.dispose]();
    room = larger;
  };

  const readAll = (): number => {
    const list = openIterator(link);
    try {
      for (let filled = 0; ; ) {
        if (filled === room.bytes.length) grow();
        const size = readPipe(list, room.bytes.subarray(filled));
        if (size === 0) return filled / recordSize;
        filled += size;
      }
    } finally {
      closeFd(list);
    }
  };

  return {
    take(by) {
      try {
        const count = readAll();
        weighAll(room, count, { ...by, slackOf });
        return { ...room, count };
      } catch (error) {
        return ignore(error, "the files of the processes tell the same");
      }
    },
    [Symbol.dispose]() {
      room.memory[Symbol.dispose]();
      closeFd(link);
    },
  };
}

interface Scales extends Weighing {
  readonly slackOf: RssSlack;
}

interface Room extends Omit<Tally, "count"> {
  readonly size: number;
  readonly memory: SharedMemory;
  readonly bytes: Uint8Array;
}

/** One mapping for all: the records, then what follows from them. */
function makeRoom(size: number): Room {
  const bytesOfRecords = size * recordSize;
  const bytesOfSizes = size * Float64Array.BYTES_PER_ELEMENT;
  const memory = mapShared(bytesOfRecords + 4 * bytesOfSizes + size * wordSize);
  const { buffer } = memory;
  const sizes = (nth: number): Float64Array => new Float64Array(buffer, bytesOfRecords + nth * bytesOfSizes, size);
  return {
    size,
    memory,
    bytes: new Uint8Array(buffer, 0, bytesOfRecords),
    counted: sizes(0),
    most: { held: sizes(1), own: sizes(2), permille: sizes(3) },
    pids: new Uint32Array(buffer, bytesOfRecords + 4 * bytesOfSizes, size),
  };
}

/** In plain numbers: the daemon compiles nothing, and ten thousand calls would take as long as the kernel needs for all of them. */
function weighAll({ bytes, pids, counted, most }: Room, count: number, { total, pageSize, slackOf }: Scales): void {
  const words = new Int32Array(bytes.buffer, 0, count * censusRecord.words);
  const pageKiB = bytesToKiB(pageSize);
  const permilleOfKiB = 1000 / total;
  const { oomScoreAdj, resident, anon, swapped, pageTables, threads } = censusRecord;
  let at = 0;
  for (let n = 0; n < count; n += 1) {
    // 16 bits with a sign, as the kernel keeps it.
    const adj = ((words[at + oomScoreAdj] ?? 0) << 16) >> 16;
    const swap = Math.max(0, words[at + swapped] ?? 0);
    const pages = Math.max(0, words[at + resident] ?? 0) + swap;
    const slack = slackOf(words[at + threads] ?? 1);
    const held = pages * pageKiB + (words[at + pageTables] ?? 0) + slack;
    pids[n] = words[at] ?? 0;
    counted[n] = pages * pageKiB;
    most.held[n] = held;
    // Two of the four counters.
    most.own[n] = (Math.max(0, words[at + anon] ?? 0) + swap) * pageKiB + slack / 2;
    most.permille[n] = adj === oomScoreAdjMin ? 0 : Math.min(highestPermille, Math.max(0, held * permilleOfKiB + adj));
    at += censusRecord.words;
  }
}

/** What is to be said of those who are not known. */
export function summarizeRest(tally: Tally, isKnown: (pid: Pid) => boolean): UnreadProcesses | undefined {
  const { count, most } = tally;
  let [others, held, own, permille] = [0, 0, 0, 0];
  for (let n = 0; n < count; n += 1) {
    if (isKnown(pidAt(tally, n))) continue;
    others += 1;
    held = Math.max(held, most.held[n] ?? 0);
    own = Math.max(own, most.own[n] ?? 0);
    permille = Math.max(permille, most.permille[n] ?? 0);
  }
  return others === 0 ? undefined : { count: others, held: kib(held), own: kib(own), permille };
}

/** What somebody can have at the most. */
export const weightAt = ({ most }: Tally, n: number): Weight => ({
  held: kib(most.held[n] ?? 0),
  own: kib(most.own[n] ?? 0),
  permille: most.permille[n] ?? 0,
});

/** Who stands at a place. */
export const pidAt = ({ pids }: Tally, n: number): Pid => pid(pids[n] ?? 0);
