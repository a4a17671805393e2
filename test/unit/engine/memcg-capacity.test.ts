import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemcgLimits } from "#domain/memcg.ts";
import { kib, mib } from "#domain/units.ts";
import { capacityOf } from "#engine/memcg-capacity.ts";

const v1 = { kind: "v1", memory: mib(64), memoryAndSwap: undefined, swappiness: 60 } as const;
const v2 = { kind: "v2", memory: mib(64), swap: undefined, swappiness: 60 } as const;

for (const [claim, limits, totalSwap, capacity] of [
  ["without swap on the machine it is the limit of v1", v1, kib(0), mib(64)],
  ["without swap on the machine it is the limit of v2", v2, kib(0), mib(64)],
  ["all swap of the machine counts where v1 bounds it not", v1, mib(100), mib(164)],
  ["all swap of the machine counts where v2 bounds it not", v2, mib(100), mib(164)],
  ["v1 bounds memory and swap together", { ...v1, memoryAndSwap: mib(80) }, mib(100), mib(80)],
  ["v2 bounds swap alone", { ...v2, swap: mib(16) }, mib(100), mib(80)],
  ["no bound makes swap that is not there", { ...v2, swap: mib(500) }, mib(100), mib(164)],
  ["both bounds of v1 equal leave no swap", { ...v1, memoryAndSwap: mib(64) }, mib(100), mib(64)],
  ["without swappiness no swap counts in v1", { ...v1, swappiness: 0 }, mib(100), mib(64)],
  ["without swappiness no swap counts in v2", { ...v2, swappiness: 0 }, mib(100), mib(64)],
  ["an unlimited memcg has none", { ...v1, memory: undefined }, mib(100), undefined],
] as const satisfies readonly (readonly [string, MemcgLimits, ...unknown[]])[]) {
  test(claim, () => assert.equal(capacityOf(limits, totalSwap), capacity));
}
