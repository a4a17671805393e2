import type { Quiet } from "#domain/quiet.ts";
import { known, type Snapshot } from "#domain/snapshot.ts";
import type { Milliseconds } from "#domain/units.ts";
import { closeFd, type Fd, openFile, readAt } from "#native-bindings/file.ts";
import { makeGauge } from "#procfs/gauge.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { ignore } from "./failure.ts";

/** Tells whether it is still quiet, without a look: what it reads goes into the same memory each time, and nothing is made of it. */
export interface QuietWatch extends Disposable {
  isQuiet(quiet: Quiet): boolean;
  /** What was read when it was last quiet, since this was last asked for. */
  takeLast(): Snapshot | undefined;
}

/** More than these files have on any machine; who fills it is not understood. */
const mostBytes = 8192;

/** A file that is read into two buffers in turn, so that what was read before is not lost. */
interface TurnedFile {
  readonly path: string;
  fd: Fd | undefined;
  now: Uint8Array;
  before: Uint8Array;
  size: number;
  sizeBefore: number;
}

/** Opens nothing before it is asked. */
export function makeQuietWatch(root: string, now: () => Milliseconds): QuietWatch {
  const meminfo = turn(`${root}/proc/meminfo`);
  const pressure = turn(`${root}/proc/pressure/memory`);
  const stalled = makeGauge("total=");
  const gauges = {
    available: makeGauge("\nMemAvailable:"),
    total: makeGauge("MemTotal:"),
    hugetlb: makeGauge("\nHugetlb:"),
    swapTotal: makeGauge("\nSwapTotal:"),
    swapFree: makeGauge("\nSwapFree:"),
  };
  let lastAt: Milliseconds | undefined;

  const holds = (quiet: Quiet): boolean => {
    if (!read(meminfo) || !read(pressure)) return false;
    const { now: bytes, size } = meminfo;
    const { total, hugetlb, swapTotal, swapFree } = quiet.meminfo;
    return (
      (stalled(pressure.now, pressure.size) ?? Infinity) <= quiet.stalled &&
      (gauges.available(bytes, size) ?? 0) >= quiet.available &&
      gauges.swapFree(bytes, size) === swapFree &&
      gauges.swapTotal(bytes, size) === swapTotal &&
      gauges.total(bytes, size) === total &&
      gauges.hugetlb(bytes, size) === hugetlb
    );
  };

  return {
    isQuiet(quiet) {
      if (!holds(quiet)) return false;
      keep(meminfo);
      keep(pressure);
      lastAt = now();
      return true;
    },
    takeLast() {
      if (lastAt === undefined) return undefined;
      const takenAt = lastAt;
      lastAt = undefined;
      return {
        takenAt,
        hasBeenQuiet: true,
        victims: [],
        meminfo: known(parseMeminfo(meminfo.before.subarray(0, meminfo.sizeBefore))),
        pressure: known(parsePressure(pressure.before.subarray(0, pressure.sizeBefore))),
      };
    },
    [Symbol.dispose]() {
      close(meminfo);
      close(pressure);
    },
  };
}

const turn = (path: string): TurnedFile => ({
  path,
  fd: undefined,
  now: new Uint8Array(mostBytes),
  before: new Uint8Array(mostBytes),
  size: 0,
  sizeBefore: 0,
});

/** False: it cannot be read, which is for a look to tell. Both files are printed as one record, so that one read has it all. */
function read(file: TurnedFile): boolean {
  try {
    file.fd ??= openFile(file.path);
    file.size = readAt(file.fd, file.now, 0);
    return file.size < file.now.length;
  } catch (error) {
    close(file);
    ignore(error, "the look that follows tells what cannot be read");
    return false;
  }
}

function keep(file: TurnedFile): void {
  const { now, before, size } = file;
  file.now = before;
  file.before = now;
  file.sizeBefore = size;
}

function close(file: TurnedFile): void {
  if (file.fd !== undefined) closeFd(file.fd);
  file.fd = undefined;
}
