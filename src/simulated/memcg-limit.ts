import { add, type KiB, kib, least, lessened, type Milliseconds, subtract } from "#domain/units.ts";
import { memoryOf, type Want } from "./demand.ts";
import type { Kernel } from "./kernel.ts";
import { makeLruvec, recountResting } from "./lists.ts";
import { type Memcg, memcgFilesOf, memcgSwapOf, usageOf } from "./memcg.ts";
import { invokeMemcgOomKiller } from "./oom-killer.ts";
import { reclaim, reclaimableOf } from "./reclaim.ts";

/** Holds those inside to what their cgroups may have: they reclaim from each other first, and the kernel kills when that brings nothing. @see mm/memcontrol.c: try_charge_memcg */
export function holdToLimits(kernel: Kernel, wants: readonly Want[], span: Milliseconds): void {
  for (const memcg of kernel.memcgs) {
    const { max } = memcg.script;
    if (max === undefined) continue;
    const inside = wants.filter(({ process }) => memcg.members.has(process));
    const wanted = inside.reduce((total, want) => add(total, memoryOf(want)), kib(0));
    const over = lessened(add(usageOf(memcg), wanted), max);
    if (over > 0 && wanted > 0) squeeze(kernel, memcg, { inside, wanted, over, max, span });
  }
}

interface Squeeze {
  readonly inside: readonly Want[];
  readonly wanted: KiB;
  readonly over: KiB;
  readonly max: KiB;
  readonly span: Milliseconds;
}

function squeeze(kernel: Kernel, memcg: Memcg, { inside, wanted, over, max, span }: Squeeze): void {
  memcg.events.max += 1;
  const lru = makeLruvec([...memcg.members].flatMap(({ mm }) => mm.sets));
  const swapRoom = lessened(memcg.script.swapMax ?? kib(Number.MAX_SAFE_INTEGER), memcgSwapOf(memcg));
  reclaim(kernel, {
    by: "direct",
    wanted: over,
    span,
    reclaimers: inside.length,
    lru,
    free: undefined,
    swapLimit: swapRoom,
  });
  recountResting(kernel.lru);
  const possible = lessened(max, usageOf(memcg));
  const granted = Math.min(1, possible / wanted);
  for (const want of inside) want.granted = Math.min(want.granted, granted);
  const files = memcgFilesOf(memcg);
  const left = add(files, least(swapRoom, subtract(reclaimableOf(kernel, lru), files)));
  if (granted < 1 && left < 1) invokeMemcgOomKiller(kernel, memcg);
}
