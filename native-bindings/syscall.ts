import { SystemError } from "#domain/system-error.ts";
import { errnoNumber } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { queueWork } from "./queue-work.ts";
import { type SystemCallName, syscallNumbers } from "./syscall-numbers.ts";

type Word = number | bigint;
type Syscall = (number: number, ...words: Word[]) => number;

/** unistd.h: variadic there; arguments of one class are passed alike on x86-64 and arm64 Linux, and koffi runs no variadic function on a thread. */
const syscall = declare<Syscall>("long syscall(long number, long a, long b, long c, long d, long e)");

/** What a call came to: its value, or why not. The errno has been read right after it. */
export type SyscallResult = { readonly value: number } | { readonly errno: number };

function resultOf(value: number): SyscallResult {
  return value === -1 ? { errno: lastErrno() } : { value };
}

/** Makes a system call in this thread. On an architecture without numbers every call is ENOSYS. */
export function callKernel(name: SystemCallName, args: readonly Word[]): SyscallResult {
  const number = syscallNumbers[process.arch]?.[name];
  if (number === undefined) return { errno: errnoNumber("ENOSYS") };
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = args;
  return resultOf(syscall()(number, a, b, c, d, e));
}

/** Makes a system call on a thread of the pool. Where none takes it, that is EAGAIN, as if the kernel had no time. */
export function callKernelAside(name: SystemCallName, args: readonly Word[]): Promise<SyscallResult> {
  const number = syscallNumbers[process.arch]?.[name];
  if (number === undefined) return Promise.resolve({ errno: errnoNumber("ENOSYS") });
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = args;
  return new Promise((resolve) => {
    const queue = (): void => syscall().async(number, a, b, c, d, e, (_error, value) => resolve(resultOf(value)));
    try {
      queueWork(name, queue);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      resolve({ errno: errnoNumber(error.errno) });
    }
  });
}
