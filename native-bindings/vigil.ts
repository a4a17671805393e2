import { type Milliseconds, milliseconds } from "#domain/units.ts";
import { errnoNumber, refusal } from "./errno.ts";
import { mapCode } from "./executable-memory.ts";
import type { Fd } from "./file.ts";
import { machineCode, vigilCode } from "./machine-code.ts";
import { pollfdLayout, type Readiness, readinessAt, type Watched, writePollSet } from "./poll.ts";
import { mapShared } from "./shared-memory.ts";
import { callLayout } from "./syscall-batch.ts";
import { type SystemCallName, syscallNumbers } from "./syscall-numbers.ts";

/** Compares a part of a file with a text of the same length, byte by byte, as strings are: numbers of one width compare as numbers do. */
export interface Bound {
  readonly at: number;
  readonly text: Uint8Array;
  /** The part is the same, or `text` is the least or the most that it may be. */
  readonly holds: "same" | "least" | "most";
}

/** A file that is read again and again, and what has to hold in it. */
export interface GuardedFile {
  readonly fd: Fd;
  /** Another size is another text. */
  readonly size: number;
  readonly bounds: readonly Bound[];
}

/** What is waited for, and what is checked meanwhile. */
export interface VigilOrder {
  readonly watched: readonly Watched[];
  /** From one check to the next. */
  readonly every: Milliseconds;
  /** So many checks are made, at least one. */
  readonly rounds: number;
  readonly files: readonly GuardedFile[];
}

/** What a check found. */
export interface Sighting {
  /** When it was; CLOCK_MONOTONIC. */
  readonly at: Milliseconds;
  /** In the order of the files. */
  readonly texts: readonly Uint8Array[];
}

/** How a vigil ended. */
export interface VigilEnding {
  /** All checks were made, something has moved, a descriptor is ready, or it could not be kept. */
  readonly why: "over" | "moved" | "ready" | "failed";
  readonly readiness: readonly Readiness[];
  /** The last check at which everything held. Undefined: there was none. */
  readonly last: Sighting | undefined;
}

/** A poll that looks at files while it waits. */
export interface Vigil extends Disposable {
  /** One at a time, on a thread of the pool. All descriptors have to stay open until it has ended. */
  keep(order: VigilOrder): Promise<VigilEnding>;
}

/** struct vigil in words of 8 bytes (see machine-code.ts), and where in the mapping the rest lies. */
const words = { rounds: 0, every: 1, fresh: 5, kept: 6, size: 7, testCount: 8, tests: 9, callCount: 10, calls: 11 };
const wordSize = BigInt64Array.BYTES_PER_ELEMENT;
const place = { tests: 1024, pollSet: 2560, fresh: 4096, kept: 12_288, texts: 20_480 };
const mappingSize = 24_576;
const sightSize = place.kept - place.fresh;
/** struct timespec, at the beginning of what is read. */
const clockSize = 16;
const testWords = 3;
/** time.h */
const clockMonotonic = 1;

/** More than a file may have, and more bounds or descriptors than are watched in calm, are not understood. */
const mostBytes = 4080;
const most = {
  files: (sightSize - clockSize) / mostBytes,
  tests: (place.pollSet - place.tests) / (testWords * wordSize),
  watched: (place.fresh - place.pollSet) / pollfdLayout.size,
};

/** Where the text of a file lies in what is read. */
const textAt = (file: number): number => clockSize + file * mostBytes;

/** How many bytes of a file a vigil can have before it: fewer are asked for, or its size is not known. */
export const roomForFile = mostBytes;

/**
 * A check by JavaScript costs three times what the kernel needs to print the file: after a second of sleep nothing of V8 is in the
 * caches. So the thread that waits reads, and compares bytes; nobody else is woken before there is something to tell.
 * @throws SystemError where this machine has no code for it, or does not let us map it
 */
export function makeVigil(): Vigil {
  const [keep, run, numbers] = [vigilCode[process.arch], machineCode[process.arch], syscallNumbers[process.arch]];
  if (keep === undefined || run === undefined || numbers === undefined) {
    throw refusal("mmap", errnoNumber("ENOSYS"), `code for ${process.arch}`);
  }
  const code = mapCode(Uint8Array.of(...keep, ...run));
  const memory = mapShared(mappingSize);
  const page = new BigInt64Array(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  const pollSet = bytes.subarray(place.pollSet, place.fresh);
  const addressOf = (offset: number): bigint => memory.address + BigInt(offset);

  let callCount = 0;
  /** @returns where its result will be */
  const addCall = (name: SystemCallName, ...args: readonly (number | bigint)[]): number => {
    const at = words.calls + callCount * callLayout.words;
    page.fill(0n, at, at + callLayout.words);
    page[at + callLayout.number] = BigInt(numbers[name]);
    page.set(args.map(BigInt), at + callLayout.firstArgument);
    callCount += 1;
    return (at + callLayout.result) * wordSize;
  };

  let testCount = 0;
  let textsEnd = place.texts;
  const addTest = (least: number, greatest: number, size: number): void => {
    if (testCount === most.tests) throw new RangeError(`Cannot keep a vigil over more than ${most.tests} bounds`);
    page.set([addressOf(least), addressOf(greatest), BigInt(size)], place.tests / wordSize + testCount * testWords);
    testCount += 1;
  };
  const addText = (text: Uint8Array): number => {
    const at = textsEnd;
    if (at + text.length > mappingSize) throw new RangeError("Cannot keep a vigil: its bounds are too long");
    bytes.set(text, at);
    textsEnd += text.length;
    return at;
  };
  const addBound = (at: number, { text, holds }: Omit<Bound, "at">): void => {
    if (text.length === 0) return;
    const reference = addText(text);
    if (holds !== "most") addTest(reference, at, text.length);
    if (holds !== "least") addTest(at, reference, text.length);
  };
  const expectResult = (at: number, value: number): void =>
    addBound(at, { text: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer), holds: "same" });

  const write = ({ watched, every, rounds, files }: VigilOrder): void => {
    if (watched.length > most.watched || files.length > most.files) {
      throw new RangeError(`Cannot keep a vigil over ${watched.length} descriptors and ${files.length} files`);
    }
    [callCount, testCount, textsEnd] = [0, 0, place.texts];
    writePollSet(pollSet, watched);
    const seconds = Math.floor(every / 1000);
    page[words.rounds] = BigInt(rounds);
    page.set([BigInt(seconds), BigInt(Math.round((every - seconds * 1000) * 1e6))], words.every);
    const left = addressOf((words.every + 2) * wordSize);
    expectResult(addCall("ppoll", addressOf(place.pollSet), watched.length, left), 0);
    for (const [file, { fd, size, bounds }] of files.entries()) {
      const at = place.fresh + textAt(file);
      expectResult(addCall("pread64", fd, addressOf(at), mostBytes), size);
      for (const bound of bounds) addBound(at + bound.at, bound);
    }
    addCall("clock_gettime", clockMonotonic, addressOf(place.fresh));
    page.set([addressOf(place.fresh), addressOf(place.kept), BigInt(sightSize)], words.fresh);
    page.set([BigInt(testCount), addressOf(place.tests), BigInt(callCount)], words.testCount);
  };

  const sighting = (files: readonly GuardedFile[]): Sighting => {
    const clock = place.kept / wordSize;
    return {
      at: milliseconds(Number(page[clock]) * 1000 + Number(page[clock + 1]) / 1e6),
      texts: files.map(({ size }, file) => bytes.slice(place.kept + textAt(file), place.kept + textAt(file) + size)),
    };
  };

  const conclude = ({ watched, rounds, files }: VigilOrder): VigilEnding => {
    const roundsLeft = Number(page[words.rounds]);
    return {
      why: roundsLeft === 0 ? "over" : whyEnded(Number(page[words.calls + callLayout.result])),
      readiness: watched.map((_, index) => readinessAt(pollSet, index)),
      last: roundsLeft === rounds ? undefined : sighting(files),
    };
  };

  return {
    keep(order) {
      write(order);
      return new Promise((resolve, reject) => {
        code.run.async(page, 0, (error) => {
          if (error === null) resolve(conclude(order));
          else reject(error);
        });
      });
    },
    [Symbol.dispose]() {
      memory[Symbol.dispose]();
      code[Symbol.dispose]();
    },
  };
}

/** By what ppoll answered: nothing was ready, and then the files were read; so many are; or why it was refused. */
function whyEnded(polled: number): VigilEnding["why"] {
  if (polled < 0) return "failed";
  return polled > 0 ? "ready" : "moved";
}
