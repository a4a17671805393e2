import { readdirSync, readlinkSync } from "node:fs";
import { type Pid, pid } from "#domain/units.ts";
import { closeFd, type Fd, openIfPresent, readAtIfPresent } from "#native-bindings/file.ts";
import { failureOf, isDenied, isGone, isUntellable, lacksDescriptors } from "./failure.ts";
import type { KeptDescriptors } from "./kept-descriptors.ts";
import type { PatientReader } from "./patient-reader.ts";

/** The files of processes below one root. What has gone is `undefined`, everywhere. */
export interface ProcessFiles {
  /** All ids in `/proc`, in no order that means anything. @throws SystemError or an error of node:fs */
  listPids(): readonly Pid[];
  /** The threads of a process. */
  listThreads(of: Pid): readonly Pid[] | undefined;
  /**
   * What a file of a process tells, by its name below `/proc/PID`. The bytes are those of one buffer for all reads:
   * whoever parses them keeps none. The end of a very long `cmdline` is left out.
   * @throws SystemError, and what `parse` throws
   */
  read<T>(of: Pid, file: string, parse: (bytes: Uint8Array) => T | undefined): T | undefined;
  /** Where the executable lies. Undefined also when it is not ours to know, too deep to be told, and for kernel threads, which have none. */
  readExe(of: Pid): string | undefined;
  /** Who reads: what `/proc/self` points to. */
  readSelf(): Pid | undefined;
}

/** `stat` and `status` are shorter; `cgroup` and `cmdline` may be longer. */
const firstSize = 4096;
/** No file of the kernel's own making is longer: `status` with 65,536 groups has 0.7 MiB. */
const mostSize = 1024 * 1024;
/**
 * Enough for Java with all its class paths. A process can name any memory of its own as its arguments (PR_SET_MM),
 * gigabytes if it likes, and we would hold a copy of it.
 */
export const mostOfCmdline = 32 * 1024;

/** What may help with the reading. */
export interface ReadingHelp {
  /** Reads what can hang. */
  readonly patient?: PatientReader | undefined;
  /** Has descriptors that stay open. */
  readonly kept?: KeptDescriptors;
}

/** A reader of the processes below a root, with one buffer for all of them. */
export function makeProcessFiles(root: string, { patient, kept }: ReadingHelp = {}): ProcessFiles {
  const proc = `${root}/proc`;
  let buffer = new Uint8Array(firstSize);
  let self: Pid | undefined;

  const readWhole = (fd: Fd, most: number): Uint8Array | undefined => {
    for (;;) {
      const size = readAtIfPresent(fd, buffer, 0);
      if (size === undefined) return undefined;
      if (size < buffer.length || buffer.length >= most) return buffer.subarray(0, Math.min(size, most));
      buffer = new Uint8Array(buffer.length * 2);
    }
  };

  const openFile = (of: Pid, file: string): Fd | undefined => {
    const path = `${proc}/${of}/${file}`;
    try {
      return openIfPresent(path);
    } catch (error) {
      if (kept === undefined || !lacksDescriptors(failureOf(error, path))) throw error;
      // What stays open is a convenience; to see who is there is not.
      kept[Symbol.dispose]();
      return openIfPresent(path);
    }
  };

  const readHere = <T>(of: Pid, file: string, parse: (bytes: Uint8Array) => T | undefined): T | undefined => {
    const open = kept?.find(of, file);
    const fd = open ?? openFile(of, file);
    if (fd === undefined) return undefined;
    const isKept = open !== undefined || kept?.take(of, file, fd) === true;
    try {
      const content = readWhole(fd, file === "cmdline" ? mostOfCmdline : mostSize);
      return content && parse(content);
    } finally {
      if (!isKept) closeFd(fd);
    }
  };

  return {
    listPids: () => onlyPids(readdirSync(proc)),
    listThreads: (of) => unlessGone(`${proc}/${of}/task`, (path) => onlyPids(readdirSync(path))),
    read(of, file, parse) {
      if (file !== "cmdline" || patient === undefined) return readHere(of, file, parse);
      const content = patient.read(of, `${proc}/${of}/${file}`);
      return content && parse(content);
    },
    readExe: (of) => unlessGone(`${proc}/${of}/exe`, (path) => withoutMark(readlinkSync(path, "utf8"))),
    readSelf() {
      self ??= onlyPids([unlessGone(`${proc}/self`, (path) => readlinkSync(path, "utf8")) ?? ""])[0];
      return self;
    },
  };
}

/** fs/d_path.c marks what was unlinked, such as a program that was upgraded while it runs; rules mean it all the same. */
const deletedMark = " (deleted)";
const withoutMark = (path: string): string => (path.endsWith(deletedMark) ? path.slice(0, -deletedMark.length) : path);

function onlyPids(names: readonly string[]): readonly Pid[] {
  const pids: Pid[] = [];
  for (const name of names) {
    const number = Number(name);
    if (Number.isSafeInteger(number) && number > 0) pids.push(pid(number));
  }
  return pids;
}

function unlessGone<T>(path: string, read: (path: string) => T): T | undefined {
  try {
    return read(path);
  } catch (error) {
    const failure = failureOf(error, path);
    if (isGone(failure) || isDenied(failure) || isUntellable(failure)) return undefined;
    throw error;
  }
}
