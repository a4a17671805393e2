import { type Milliseconds, milliseconds } from "#domain/units.ts";
import { refusal } from "./errno.ts";
import { declare, lastErrno } from "./libc.ts";

/** linux/time.h: CLOCK_BOOTTIME */
const clockBoottime = 7;

const clockGettime = declare<(clock: number, timespec: BigInt64Array) => number>(
  "int clock_gettime(int clock, void *timespec)",
);
/** struct timespec of every 64-bit ABI: seconds, nanoseconds. */
const timespec = new BigInt64Array(2);

/** Time since boot, suspended or not: CLOCK_BOOTTIME. @throws SystemError */
export function boottimeNow(): Milliseconds {
  if (clockGettime()(clockBoottime, timespec) < 0) throw refusal("clock_gettime", lastErrno(), "CLOCK_BOOTTIME");
  return milliseconds(Number(timespec[0]) * 1000 + Number(timespec[1]) / 1e6);
}
