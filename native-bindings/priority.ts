import { errnoNumber, refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";
import { syscallNumbers } from "./syscall-numbers.ts";

/** sys/resource.h: PRIO_PROCESS. On Linux it speaks of one thread. */
const prioProcess = 0;
/** linux/sched.h: SCHED_FIFO, and SCHED_RESET_ON_FORK: a child of ours must not inherit it. */
const schedFifo = 1;
const schedResetOnFork = 0x40000000;

const setpriority = declare<(which: number, who: number, nice: number) => number>(
  "int setpriority(int which, unsigned int who, int nice)",
);

/** By number: musl has a function of this name that always answers ENOSYS. */
const schedule = declare<(number: number, threadId: number, policy: number, parameter: Int32Array) => number>(
  "long syscall(long number, long threadId, long policy, const void *parameter)",
);

/** Sets the nice value of one thread, −20 (first) to 19. @throws SystemError */
export function setNice(threadId: number, nice: number): void {
  if (setpriority()(prioProcess, threadId, nice) !== 0) {
    throw refusal("setpriority", lastErrno(), `thread ${threadId}`);
  }
}

/** Lets a thread run before all that are not real-time. `priority` 1 is the lowest of these. @throws SystemError */
export function setRealTime(threadId: number, priority: number): void {
  const number = syscallNumbers[process.arch]?.sched_setscheduler;
  if (number === undefined) throw refusal("sched_setscheduler", errnoNumber("ENOSYS"), `thread ${threadId}`);
  // struct sched_param { int sched_priority; }
  if (schedule()(number, threadId, schedFifo | schedResetOnFork, new Int32Array([priority])) !== 0) {
    throw refusal("sched_setscheduler", lastErrno(), `thread ${threadId}`);
  }
}
