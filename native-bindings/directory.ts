import { errnoNumber, refusal } from "./errno.ts";
import type { Fd } from "./file.ts";
import { declare, lastErrno } from "./libc.ts";
import { syscallNumbers } from "./syscall-numbers.ts";

/** Prototype of syscall(2) as getdents64(2) takes it: musl has no wrapper of that name, and glibc none before 2.30. */
const getdents = declare<(number: number, fd: number, buffer: Uint8Array, size: number) => number>(
  "long syscall(long number, long fd, void *buffer, size_t size)",
);

/** struct linux_dirent64 (include/linux/dirent.h): u64 inode, s64 offset, u16 length of the record, u8 type, and the name. */
export const entryLayout = { length: 16, name: 19 } as const;

const digitZero = 0x30;

/**
 * Reads the next entries of an open directory, as many as fit into `buffer`, and tells those whose names are whole
 * numbers. Undefined: there were no more. No strings are made: `/proc` has thousands of such names.
 * @throws SystemError
 */
export function readNumberedEntries(fd: Fd, buffer: Uint8Array): readonly number[] | undefined {
  const number = syscallNumbers[process.arch]?.getdents64;
  if (number === undefined) throw refusal("getdents64", errnoNumber("ENOSYS"), `descriptor ${fd}`);
  const size = getdents()(number, fd, buffer, buffer.length);
  if (size < 0) throw refusal("getdents64", lastErrno(), `descriptor ${fd}`);
  return size === 0 ? undefined : numbersIn(buffer.subarray(0, size));
}

/** The names among records of getdents64(2) that are whole numbers above 0, in their order. */
export function numbersIn(records: Uint8Array): readonly number[] {
  const numbers: number[] = [];
  for (let at = 0; at + entryLayout.name < records.length; ) {
    const number = numberAt(records, at + entryLayout.name);
    if (number > 0) numbers.push(number);
    const length = (records[at + entryLayout.length] ?? 0) + (records[at + entryLayout.length + 1] ?? 0) * 256;
    if (length === 0) break;
    at += length;
  }
  return numbers;
}

/** 0 for any other name. */
function numberAt(records: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; records[at] !== 0; at++) {
    const digit = (records[at] ?? 0) - digitZero;
    if (digit < 0 || digit > 9) return 0;
    value = value * 10 + digit;
  }
  return value;
}
