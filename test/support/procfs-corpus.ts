import { basename, dirname, relative } from "node:path";
import { parseCgroup } from "#procfs/cgroup.ts";
import { parseCgroupLimit } from "#procfs/cgroup-limit.ts";
import { parseCgroupProcs } from "#procfs/cgroup-procs.ts";
import { parseCmdline } from "#procfs/cmdline.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parseOomScore } from "#procfs/oom-score.ts";
import { parseOomScoreAdj } from "#procfs/oom-score-adj.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { parseStat } from "#procfs/stat.ts";
import { parseStatm } from "#procfs/statm.ts";
import { parseStatus } from "#procfs/status.ts";
import { parseSwappiness } from "#procfs/swappiness.ts";
import { parseSwaps } from "#procfs/swaps.ts";
import { parseSysctl } from "#procfs/sysctl.ts";
import { parseVmstat } from "#procfs/vmstat.ts";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { readFixture, recordedMachine } from "#test/support/fixture.ts";
import { filesBelow } from "#test/support/repository.ts";

type Parser = (bytes: Uint8Array) => unknown;

/** Every parser, by the name of its folder of hostile files, which is that of the kernel file. */
export const parsers: Readonly<Record<string, Parser>> = {
  cgroup: parseCgroup,
  "cgroup.procs": parseCgroupProcs,
  cmdline: parseCmdline,
  meminfo: parseMeminfo,
  "memory.max": parseCgroupLimit,
  oom_score: parseOomScore,
  oom_score_adj: parseOomScoreAdj,
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
