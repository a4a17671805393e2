import type { Candidate } from "#domain/candidate.ts";
import { knownValue } from "#domain/snapshot.ts";
import { kibToBytes, kibToPages, type Pid, pid } from "#domain/units.ts";
import { bindPolicy } from "#engine/define-policy.ts";
import { judge, rank } from "#engine/judge.ts";
import { capacityOf } from "#engine/memcg-capacity.ts";
import { readMemcg } from "#linux/memcg-reader.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { readStat } from "#linux/process-reader.ts";
import type { Machine } from "#machine/machine.ts";
import { pageSize } from "#native-bindings/page-size.ts";
import { kernel } from "#policies/kernel.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { type Draw, drawFamily, roundLimit } from "./family.ts";
import type { KernelLog } from "./kernel-log.ts";
import type { Stage } from "./stage.ts";
import { until } from "./until.ts";
import { makeV1Cgroup, type V1Cgroup } from "./v1-cgroup.ts";

/** What one OOM of the kernel came to. */
export interface RoundResult {
  /** Whom our engine named, while everything stood still. */
  readonly named: Pid | undefined;
  /** Whom the kernel says it killed. */
  readonly killed: Pid;
  /** Its name. */
  readonly comm: string;
  /** How many shared our highest badness: then the order of joining decided. */
  readonly equals: number;
  /** Our ranking, each with the kernel's own score beside it where the kernel printed its table: for whoever reads of a disagreement. */
  readonly ranking: readonly string[];
}

/** Who plays a round. */
export interface Cast {
  readonly machine: Machine;
  readonly stage: Stage;
  readonly log: KernelLog;
}

const killedLine = /Memory cgroup out of memory: Killed process (\d+) /;

/**
 * Drives a family of processes to the limit of a memcg of its own and holds it there: with the kernel's killer off, who
 * asks for more sleeps. What is read then is what the kernel decides upon as soon as its killer is on again.
 */
export async function playRound(draw: Draw, { machine, stage, log }: Cast): Promise<RoundResult> {
  await using memcg = makeV1Cgroup("memory");
  memcg.write("memory.limit_in_bytes", String(kibToBytes(roundLimit)));
  memcg.write("memory.oom_control", "1");
  const { members, grower } = drawFamily(draw);
  for (const wish of [...members, grower]) await stage.start({ ...wish, cgroups: [memcg.path] });
  await until("the family has reached its limit", () => memcg.read("memory.oom_control").includes("under_oom 1"));
  const ranking = rankMembers(machine, memcg);
  log.next();
  memcg.write("memory.oom_control", "0");
  const { killed, said } = await firstKill(log, new Set(ranking.map(({ identity }) => identity.pid)));
  await until("the victim has died", () => hasDied(killed));
  const [first] = ranking;
  return {
    named: first?.identity.pid,
    killed,
    comm: ranking.find(({ identity }) => identity.pid === killed)?.comm ?? "",
    equals: ranking.filter(({ badness }) => badness.total === first?.badness.total).length,
    ranking: ranking.map((candidate) => tellCandidate(candidate, said)),
  };
}

/** Our own engine, asked about nobody but the members of the memcg. */
function rankMembers(machine: Machine, { path }: V1Cgroup): readonly Candidate[] {
  const { meminfo, processes } = machine.sense({ needs: ["meminfo", "processes"], isPressing: true });
  const [table, memory] = [knownValue(processes), knownValue(meminfo)];
  const memcg = readMemcg({ kind: "v1", path, root: "" });
  const total = memcg && memory && capacityOf(memcg.limits, memory.swapTotal);
  if (table === undefined || memcg === undefined || total === undefined)
    throw new Error("Cannot judge: not all was read");
  const plan = aPlan({ pageSize: machine.capabilities.pageSize, policy: bindPolicy(kernel, {}) });
  return rank(judge(table, { total, members: memcg.members, skipped: new Set() }, plan));
}

async function firstKill(
  log: KernelLog,
  members: ReadonlySet<Pid>,
): Promise<{ readonly killed: Pid; readonly said: readonly string[] }> {
  const said: string[] = [];
  const findKilled = (): Pid | undefined =>
    said
      .map((line) => Number(killedLine.exec(line)?.[1] ?? 0))
      .filter((number) => number > 0)
      .map(pid)
      .find((number) => members.has(number));
  await until("the kernel has killed one of the family", () => {
    said.push(...log.next());
    return findKilled() !== undefined;
  });
  const killed = findKilled();
  if (killed === undefined) throw new Error("Cannot tell whom the kernel killed");
  return { killed, said };
}

function hasDied(who: Pid): boolean {
  const stat = readStat(makeProcessFiles(""), who);
  return stat === undefined || stat.state === "zombie" || stat.state === "dead";
}

function tellCandidate({ identity, comm, badness, oomScoreAdj }: Candidate, said: readonly string[]): string {
  const row = said.find((line) => Number(taskRow.exec(line)?.groups?.["pid"]) === identity.pid);
  const theirs = row === undefined ? "not printed" : `${pointsOf(row)} pages`;
  const ours = kibToPages(badness.total, pageSize());
  return `pid ${identity.pid} (${comm}) adj ${oomScoreAdj}: ours ${ours} pages, the kernel's ${theirs}`;
}

/** `[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name`; before 6.8 without the kinds of rss. */
const taskRow =
  /^\[ *(?<pid>\d+)\] +-?\d+ +\d+ +\d+ +(?<rss>\d+)(?: +\d+ +\d+ +\d+)? +(?<tables>\d+) +(?<swap>\d+) +(?<adj>-?\d+) \S/;

/** What the kernel's own row makes of a process. */
function pointsOf(row: string): number {
  const { rss, tables, swap, adj } = taskRow.exec(row)?.groups ?? {};
  const step = Math.trunc(kibToPages(roundLimit, pageSize()) / 1000);
  return Number(rss) + Number(swap) + Number(tables) / pageSize() + Number(adj) * step;
}
