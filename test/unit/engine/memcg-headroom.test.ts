import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MemcgLimits, WatchedMemcg } from "#domain/memcg.ts";
import { cgroupPath, gib, kib, mib } from "#domain/units.ts";
import { measureMemcgHeadroom } from "#engine/memcg-headroom.ts";

const someMemcg = (limits: MemcgLimits, more: Partial<WatchedMemcg> = {}): WatchedMemcg => ({
  named: "/app",
  path: cgroupPath("/app"),
  usage: mib(900),
  swapped: mib(100),
  limits,
  high: undefined,
  reclaimable: mib(50),
  events: { low: undefined, high: undefined, max: 0, oom: undefined, oomKill: undefined },
  pressure: undefined,
  ...more,
});

const v2 = (more: Partial<Extract<MemcgLimits, { kind: "v2" }>> = {}): MemcgLimits => ({
  kind: "v2",
  memory: gib(1),
  swap: undefined,
  swappiness: 60,
  ...more,
});

describe("headroom of a memcg", () => {
  it("is what is left of its limit, and what the kernel can drop for it", () => {
    assert.equal(measureMemcgHeadroom(someMemcg(v2()), kib(0)), mib(124 + 50));
  });

  it("is not known without a limit: then it has no OOM of its own", () => {
    assert.equal(measureMemcgHeadroom(someMemcg(v2({ memory: undefined })), gib(1)), undefined);
  });

  it("holds the swap it may still take, and no more than there is", () => {
    assert.equal(measureMemcgHeadroom(someMemcg(v2({ swap: mib(300) })), gib(4)), mib(174 + 200));
    assert.equal(measureMemcgHeadroom(someMemcg(v2({ swap: mib(300) })), mib(70)), mib(174 + 70));
    assert.equal(measureMemcgHeadroom(someMemcg(v2()), gib(4)), mib(174 + 4096));
    assert.equal(measureMemcgHeadroom(someMemcg(v2({ swap: mib(40) })), gib(4)), mib(174));
  });

  it("holds no swap without swappiness", () => {
    assert.equal(measureMemcgHeadroom(someMemcg(v2({ swappiness: 0 })), gib(4)), mib(174));
  });

  it("with v1 is bounded by memory and swap together", () => {
    const v1 = (both: number | undefined): MemcgLimits => ({
      kind: "v1",
      memory: gib(1),
      memoryAndSwap: both === undefined ? undefined : mib(both),
      swappiness: 60,
    });
    // 900 of memory and 100 of swap are taken; 124 of memory are left, and of the sum 500.
    assert.equal(measureMemcgHeadroom(someMemcg(v1(1500)), gib(4)), mib(500 + 50));
    assert.equal(measureMemcgHeadroom(someMemcg(v1(1024)), gib(4)), mib(124 + 50));
    assert.equal(measureMemcgHeadroom(someMemcg(v1(undefined)), gib(4)), mib(174 + 4096));
  });

  it("is nothing but what can be dropped where the limit was lowered below what is used", () => {
    assert.equal(measureMemcgHeadroom(someMemcg(v2({ memory: mib(500) })), kib(0)), mib(50));
  });
});
