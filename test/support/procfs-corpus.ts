import { basename, dirname, relative } from "node:path";
import { bytes as bytesOf } from "#domain/units.ts";
import { parseArcstats } from "#procfs/arcstats.ts";
import { parseCgroup } from "#procfs/cgroup.ts";
import { parseCgroupUsage } from "#procfs/cgroup-counter.ts";
import { parseCgroupLimit } from "#procfs/cgroup-limit.ts";
import { parseCgroupProcs } from "#procfs/cgroup-procs.ts";
import { parseCmdline } from "#procfs/cmdline.ts";
import { parseIoStat } from "#procfs/io-stat.ts";
import { parseMaxPoolPercent } from "#procfs/max-pool-percent.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parseMemoryEvents } from "#procfs/memory-events.ts";
import { parseReclaimable } from "#procfs/memory-stat.ts";
import { parseMemsAllowed } from "#procfs/mems-allowed.ts";
import { parseModuleFlag } from "#procfs/module-flag.ts";
import { parseMountinfo } from "#procfs/mountinfo.ts";
import { parseNodeList } from "#procfs/node-list.ts";
import { parseOomControl } from "#procfs/oom-control.ts";
import { parseOomGroup } from "#procfs/oom-group.ts";
import { parseOomScore } from "#procfs/oom-score.ts";
import { parseOomScoreAdj } from "#procfs/oom-score-adj.ts";
import { parseOvercommitMemory } from "#procfs/overcommit-memory.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { parseStat } from "#procfs/stat.ts";
import { parseStatm } from "#procfs/statm.ts";
import { parseStatus } from "#procfs/status.ts";
import { parseSwappiness } from "#procfs/swappiness.ts";
import { parseSwaps } from "#procfs/swaps.ts";
import { parseSysctl } from "#procfs/sysctl.ts";
import { parseVmstat } from "#procfs/vmstat.ts";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { parseZramBdStat } from "#procfs/zram-bd-stat.ts";
import { parseZramMmStat } from "#procfs/zram-mm-stat.ts";
import { readFixture, recordedMachine } from "#test/support/fixture.ts";
import { filesBelow } from "#test/support/repository.ts";

type Parser = (bytes: Uint8Array) => unknown;

const pageSize = bytesOf(4096);

/** Every parser, by the name of its folder of hostile files, which is that of the kernel file. */
export const parsers: Readonly<Record<string, Parser>> = {
  arcstats: parseArcstats,
  bd_stat: parseZramBdStat,
  cgroup: parseCgroup,
  "cgroup.procs": parseCgroupProcs,
  cmdline: parseCmdline,
  meminfo: parseMeminfo,
  max_pool_percent: parseMaxPoolPercent,
  "io.stat": parseIoStat,
  "memory.current": parseCgroupUsage,
  "memory.events": parseMemoryEvents,
  "memory.max": parseCgroupLimit,
  "memory.oom_control": parseOomControl,
  "memory.stat": (bytes) => parseReclaimable(bytes, "v2"),
  "memory.stat-v1": (bytes) => parseReclaimable(bytes, "v1"),
  mm_stat: (bytes) => parseZramMmStat(bytes, pageSize),
  "module-flag": parseModuleFlag,
  "memory.oom.group": parseOomGroup,
  mems_allowed: parseMemsAllowed,
  mountinfo: parseMountinfo,
  "node-list": parseNodeList,
  oom_score: parseOomScore,
  oom_score_adj: parseOomScoreAdj,
  overcommit_memory: parseOvercommitMemory,
  pressure: parsePressure,
  stat: parseStat,
  statm: parseStatm,
  status: parseStatus,
  swappiness: parseSwappiness,
  swaps: parseSwaps,
  sysctl: parseSysctl,
  vmstat: parseVmstat,
  zoneinfo: parseZoneinfo,
};

/** One fixture with the parser it is for. */
export interface Specimen {
  /** Relative to `test/fixtures`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly parse: Parser;
}

/** Every recorded and every hostile kernel file there is. */
export const specimens: readonly Specimen[] = filesBelow("test/fixtures").flatMap((file) => {
  const path = relative("test/fixtures", file);
  const parse = /^(?:hostile|machines)\//.test(path)
    ? (parsers[basename(path)] ?? parsers[basename(dirname(path))])
    : undefined;
  return parse === undefined ? [] : [{ path, bytes: readFixture(path), parse }];
});

/** The processes of the recorded machine. */
export const recordedPids: readonly number[] = filesBelow(`test/fixtures/${recordedMachine}/proc`)
  .filter((file) => basename(file) === "stat")
  .map((file) => Number(basename(dirname(file))));
