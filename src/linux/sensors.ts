import type { FactName, Facts } from "#domain/snapshot.ts";
import type { Bytes } from "#domain/units.ts";
import { parseArcstats } from "#procfs/arcstats.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parseOvercommitMemory } from "#procfs/overcommit-memory.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { parseVmstat } from "#procfs/vmstat.ts";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { keepFile } from "./kept-file.ts";
import { makeFileSensor, makeSensor, readIfThere, type Sensor } from "./sensor.ts";
import { makeSwapSensor } from "./swap-sensor.ts";

/** Facts that are read as they are: the process table keeps books of its own, and memcgs are told by name. */
export type SensedFactName = Exclude<FactName, "processes" | "memcgs" | "membership" | "branches">;

/** One sensor for each of these facts. */
export type Sensors = { readonly [F in SensedFactName]: Sensor<Facts[F]> } & Disposable;

/** The tree that is read. */
export interface SensedTree {
  /** Where `/proc` and `/sys` are looked for; empty for this machine. */
  readonly root: string;
  readonly pageSize: Bytes;
}

/** Opens nothing yet: each sensor opens its file at its first look. */
export function makeSensors(tree: SensedTree): Sensors {
  const { root } = tree;
  const record = (file: string) => ({ path: `${root}/proc/${file}`, isOneRecord: true });
  const listing = (file: string) => ({ path: `${root}/proc/${file}`, isOneRecord: false });
  const sensors = {
    meminfo: makeFileSensor(record("meminfo"), parseMeminfo),
    pressure: makeFileSensor(record("pressure/memory"), parsePressure),
    ioPressure: makeFileSensor(record("pressure/io"), parsePressure),
    vmstat: makeFileSensor(listing("vmstat"), parseVmstat),
    zoneinfo: makeFileSensor(listing("zoneinfo"), parseZoneinfo),
    swaps: makeSwapSensor(tree),
    arc: makeArcSensor(root),
    overcommit: makeFileSensor(record("sys/vm/overcommit_memory"), parseOvercommitMemory),
  };
  return {
    ...sensors,
    [Symbol.dispose]() {
      for (const sensor of Object.values(sensors)) sensor[Symbol.dispose]();
    },
  };
}

function makeArcSensor(root: string): Sensor<Facts["arc"]> {
  const path = `${root}/proc/spl/kstat/zfs/arcstats`;
  const file = keepFile({ path, isOneRecord: false });
  return makeSensor(path, () => readIfThere(file, parseArcstats), [file]);
}
