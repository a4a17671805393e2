import { type Microseconds, microseconds } from "#domain/units.ts";
import { closeFd, type Fd, openFile, readAt, writeOnce } from "#native-bindings/file.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { ignore } from "./failure.ts";

/** A kernel waker: its descriptor has something of priority when tasks have stalled on memory for long enough. */
export interface PressureTrigger extends Disposable {
  readonly fd: Fd;
  /** Whether tasks have really stalled since the last time: the first event after arming can be a false one. */
  hasStalled(): boolean;
}

/** `some` stalled for this much of a window. */
interface Threshold {
  readonly stall: Microseconds;
  readonly window: Microseconds;
}

/** Without CAP_SYS_RESOURCE windows have to be multiples of 2 s. @see kernel/sched/psi.c: psi_trigger_create */
const unprivileged: Threshold = { stall: microseconds(100_000), window: microseconds(2_000_000) };
const privileged: Threshold = { stall: microseconds(50_000), window: microseconds(1_000_000) };

const path = "/proc/pressure/memory";

/** Undefined: this kernel has no triggers, or none for us. The capability may be one of a user namespace, which does not count. */
export const armPressureTrigger = (isPrivileged: boolean): PressureTrigger | undefined =>
  (isPrivileged ? tryToArm(privileged) : undefined) ?? tryToArm(unprivileged);

function tryToArm(threshold: Threshold): PressureTrigger | undefined {
  let fd: Fd | undefined;
  try {
    fd = openFile(path, "readWrite");
    return arm(fd, threshold);
  } catch (error) {
    if (fd !== undefined) closeFd(fd);
    return ignore(error, "without triggers looks are paced by time alone");
  }
}

/** Ended by NUL: the kernel overwrites the last byte it is given, which would be a digit of the window. */
const encodeThreshold = ({ stall, window }: Threshold): Uint8Array =>
  new TextEncoder().encode(`some ${stall} ${window}\0`);

const fileSize = 256;

function arm(fd: Fd, threshold: Threshold): PressureTrigger {
  const buffer = new Uint8Array(fileSize);
  const readTotal = (): Microseconds => parsePressure(buffer.subarray(0, readAt(fd, buffer, 0))).some.total;
  writeOnce(fd, encodeThreshold(threshold), path);
  let total = readTotal();
  return {
    fd,
    hasStalled() {
      const before = total;
      total = readTotal();
      return total > before;
    },
    [Symbol.dispose]: () => closeFd(fd),
  };
}
