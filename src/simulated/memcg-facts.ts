import type { Membership, WatchedMemcg } from "#domain/memcg.ts";
import { kib } from "#domain/units.ts";
import { fitsPath } from "#domain/wildcard.ts";
import type { Kernel } from "./kernel.ts";
import { type Memcg, memcgFilesOf, memcgSwapOf, usageOf } from "./memcg.ts";
import { pressureOf } from "./psi.ts";

interface Named {
  readonly memcg: Memcg;
  readonly named: string;
}

function findNamed({ memcgs }: Kernel, patterns: readonly string[]): readonly Named[] {
  return memcgs.flatMap((memcg) => {
    const named = patterns.find((pattern) => fitsPath(memcg.script.path, pattern));
    return named === undefined ? [] : [{ memcg, named }];
  });
}

/** The figures of the cgroups that a look asks for. */
export function memcgsOf(kernel: Kernel, watch: readonly string[] = []): readonly WatchedMemcg[] {
  const { swappiness, lacks } = kernel.scenario;
  return findNamed(kernel, watch).map(({ memcg, named }) => {
    const { script, events, psi } = memcg;
    return {
      named,
      path: script.path,
      usage: kib(usageOf(memcg)),
      swapped: kib(memcgSwapOf(memcg)),
      limits: { kind: "v2", memory: script.max, swap: script.swapMax, swappiness },
      high: undefined,
      reclaimable: kib(memcgFilesOf(memcg)),
      events: { low: 0, high: 0, ...events },
      pressure: lacks.includes("pressure") ? undefined : pressureOf(psi),
    };
  });
}

/** Who is in them. */
export const membershipOf = (kernel: Kernel, watch: readonly string[] = []): Membership => ({
  watched: findNamed(kernel, watch).map(({ memcg: { script, members } }) => ({
    path: script.path,
    members: new Set([...members].map(({ identity }) => identity.pid)),
  })),
  groups: [],
});
