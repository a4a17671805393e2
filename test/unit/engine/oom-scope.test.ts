import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OomScope } from "#domain/oom-scope.ts";
import { bytes, cgroupPath, gib, type KiB, kib, mib, pages, pid } from "#domain/units.ts";
import { boundScope, nodesWithMemory, presentOn } from "#engine/oom-scope.ts";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";
import { readFixture } from "#test/support/fixture.ts";

const pageSize = bytes(4096);
const meminfo = someMeminfo({ available: gib(4), total: gib(16), swapTotal: gib(2) });
const members = new Set([pid(7)]);

const memcg = (memory: KiB | undefined): OomScope => ({
  kind: "memcg",
  path: cgroupPath("/app"),
  memcg: { members, limits: { kind: "v2", memory, swap: mib(8), swappiness: 60 } },
});

describe("what an OOM is measured by", () => {
  it("is RAM and swap of the whole machine, and everybody", () => {
    assert.deepEqual(boundScope({ kind: "global" }, meminfo, pageSize), { total: gib(18) });
  });

  it("is what a memcg can hold with its swap, and its members", () => {
    assert.deepEqual(boundScope(memcg(mib(64)), meminfo, pageSize), { total: mib(72), members });
  });

  it("is one page at least", () => {
    const scope = memcg(kib(0));
    assert.deepEqual(boundScope(scope, someMeminfo({ available: gib(4) }), pageSize).total, kib(4));
  });

  it("is the machine for a memcg without a limit", () => {
    assert.equal(boundScope(memcg(undefined), meminfo, pageSize).total, gib(18));
  });

  it("is the RAM of the nodes and all swap", () => {
    const scope: OomScope = { kind: "nodes", nodes: [{ first: 0, last: 0 }], present: gib(5), members };
    assert.deepEqual(boundScope(scope, meminfo, pageSize), { total: gib(7), members });
    assert.equal(boundScope({ ...scope, present: undefined }, meminfo, pageSize).total, gib(18));
  });
});

describe("nodes", () => {
  const zoneinfo = parseZoneinfo(readFixture("hostile/zoneinfo/linux-7.2-two-nodes"));

  it("have memory when a zone of theirs has", () => {
    assert.deepEqual(nodesWithMemory(zoneinfo), [{ first: 0, last: 1 }]);
    const { zones } = zoneinfo;
    const halfEmpty = { zones: zones.map((zone) => (zone.node === 0 ? { ...zone, present: pages(0) } : zone)) };
    assert.deepEqual(nodesWithMemory(halfEmpty), [{ first: 1, last: 1 }]);
  });

  it("hold the pages present in all their zones", () => {
    assert.equal(presentOn([{ first: 1, last: 1 }], zoneinfo, pageSize), gib(16));
    assert.equal(presentOn([{ first: 0, last: 0 }], zoneinfo, pageSize), kib((3998 + 501_000 + 3_670_016) * 4));
  });

  it("are the whole machine when they are all that have memory: then no cpuset limits anything", () => {
    assert.equal(presentOn([{ first: 0, last: 7 }], zoneinfo, pageSize), undefined);
  });
});
