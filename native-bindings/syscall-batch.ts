import { errnoNumber, refusal } from "./errno.ts";
import { mapCode } from "./executable-memory.ts";
import { machineCode } from "./machine-code.ts";
import { queueWork } from "./queue-work.ts";
import type { SyscallResult } from "./syscall.ts";
import { type SystemCallName, type SystemCallNumbers, syscallNumbers } from "./syscall-numbers.ts";

/** struct call { long number, argument[5], result; } in words of 8 bytes. */
export const callLayout = { words: 7, number: 0, firstArgument: 1, result: 6 } as const;

/** No call answers this: values are small, and an errno is above −4096. */
const untouched = -(2n ** 63n);

/** A system call with plain numbers as arguments: no pointers, so that nothing can be written where it should not. */
export interface BatchedCall {
  readonly name: SystemCallName;
  readonly args: readonly number[];
}

/** System calls on a helper thread, made one right after the other. */
export interface RunningBatch {
  /** Whether the first call has been made: false while all threads of the pool are busy. */
  hasBegun(): boolean;
  /** In the order of the calls. */
  readonly results: Promise<readonly SyscallResult[]>;
}

/** Runs several system calls within microseconds of each other, on a thread of the pool. */
export interface SyscallBatch extends Disposable {
  /** @throws SystemError where no thread takes it: nothing has been called then */
  start(calls: readonly BatchedCall[]): RunningBatch;
}

/**
 * koffi runs one native function in a thread, and a second one only after the event loop had its turn: milliseconds
 * later, when a victim of SIGKILL has long begun to let go of its memory. So one function makes all the calls.
 * @throws SystemError where this machine has no code for it, or does not let us map it
 */
export function makeSyscallBatch(): SyscallBatch {
  const code = machineCode[process.arch];
  const numbers = syscallNumbers[process.arch];
  if (code === undefined || numbers === undefined) {
    throw refusal("mmap", errnoNumber("ENOSYS"), `code for ${process.arch}`);
  }
  const memory = mapCode(code);
  let underWay = 0;
  let isDisposed = false;
  const unmapWhenIdle = (): void => {
    if (isDisposed && underWay === 0) memory[Symbol.dispose]();
  };
  return {
    start(calls) {
      if (isDisposed) throw new Error("Cannot start a batch: its code is mapped no more");
      return queueWork("system calls", () => {
        const records = writeRecords(calls, numbers);
        let conclude = (_error: unknown): void => undefined;
        const results = new Promise<readonly SyscallResult[]>((resolve, reject) => {
          conclude = (error) => {
            if (error === null) resolve(calls.map((_, index) => resultAt(records, index)));
            else reject(error);
          };
        });
        // Outside of the promise: what is thrown here is for whoever starts the batch.
        memory.run.async(records, calls.length, (error) => {
          underWay--;
          unmapWhenIdle();
          conclude(error);
        });
        underWay++;
        return { hasBegun: () => Atomics.load(records, callLayout.result) !== untouched, results };
      });
    },
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      unmapWhenIdle();
    },
  };
}

function writeRecords(calls: readonly BatchedCall[], numbers: SystemCallNumbers): BigInt64Array {
  // koffi hands the address of the backing store to the thread and keeps no reference (koffi 3.3.4, call.cc: PushPointer).
  // An explicit ArrayBuffer lies outside V8's heap, where no collection moves it; the callback keeps it alive.
  const records = new BigInt64Array(new ArrayBuffer(calls.length * callLayout.words * BigInt64Array.BYTES_PER_ELEMENT));
  for (const [index, { name, args }] of calls.entries()) {
    const at = index * callLayout.words;
    records[at + callLayout.number] = BigInt(numbers[name]);
    records.set(args.map(BigInt), at + callLayout.firstArgument);
    records[at + callLayout.result] = untouched;
  }
  return records;
}

/** What a call of a batch came to. The kernel's own convention: −errno, where the C library would set errno and answer −1. */
export function resultAt(records: BigInt64Array, index: number): SyscallResult {
  const result = Number(records[index * callLayout.words + callLayout.result]);
  return result < 0 ? { errno: -result } : { value: result };
}
