import { type FactName, type Facts, known, type Reading, unavailable } from "#domain/snapshot.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { parseSwaps } from "#procfs/swaps.ts";
import { parseVmstat } from "#procfs/vmstat.ts";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { failureOf } from "./failure.ts";
import { keepFile } from "./kept-file.ts";

/** Facts that one file tells. */
export type FileFactName = Exclude<FactName, "processes">;

interface Source<T> {
  /** Below the root. */
  readonly file: string;
  readonly parse: (bytes: Uint8Array) => T;
  readonly isOneRecord: boolean;
}

const sources: { readonly [F in FileFactName]: Source<Facts[F]> } = {
  meminfo: { file: "proc/meminfo", parse: parseMeminfo, isOneRecord: true },
  pressure: { file: "proc/pressure/memory", parse: parsePressure, isOneRecord: true },
  vmstat: { file: "proc/vmstat", parse: parseVmstat, isOneRecord: false },
  zoneinfo: { file: "proc/zoneinfo", parse: parseZoneinfo, isOneRecord: false },
  swaps: { file: "proc/swaps", parse: parseSwaps, isOneRecord: false },
};

/** Reads one fact from one file. A failure is its reading, and the next read tries again. */
export interface Sensor<T> extends Disposable {
  read(): Reading<T>;
}

/** One sensor for each fact that is a file of its own. */
export type Sensors = { readonly [F in FileFactName]: Sensor<Facts[F]> } & Disposable;

/** Opens nothing yet: each sensor opens its file at its first look. */
export function makeSensors(root: string): Sensors {
  const sensors = {
    meminfo: makeSensor(root, sources.meminfo),
    pressure: makeSensor(root, sources.pressure),
    vmstat: makeSensor(root, sources.vmstat),
    zoneinfo: makeSensor(root, sources.zoneinfo),
    swaps: makeSensor(root, sources.swaps),
  };
  return {
    ...sensors,
    [Symbol.dispose]() {
      for (const sensor of Object.values(sensors)) sensor[Symbol.dispose]();
    },
  };
}

function makeSensor<T>(root: string, { file, parse, isOneRecord }: Source<T>): Sensor<T> {
  const path = `${root}/${file}`;
  const kept = keepFile({ path, isOneRecord });
  return {
    read() {
      try {
        return known(parse(kept.read()));
      } catch (error) {
        return unavailable(failureOf(error, path));
      }
    },
    [Symbol.dispose]: () => kept[Symbol.dispose](),
  };
}
