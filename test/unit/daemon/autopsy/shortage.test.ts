import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";
import { askedKib, judgeZones } from "#daemon/autopsy/shortage.ts";
import type { OomReport, OomZone } from "#domain/oom-report.ts";
import { bytes } from "#domain/units.ts";
import { anOomReport } from "#test/support/an-oom-report.ts";

const trigger = { comm: "asker", gfpMask: "0xcc0(GFP_KERNEL)", order: 0 };
const userMask = "0x100cca(GFP_HIGHUSER_MOVABLE)";

const zone = (fields: Partial<OomZone> = {}): OomZone => ({
  node: 0,
  name: "Normal",
  freeKib: 1000,
  minKib: 500,
  ...fields,
});

const states = (report: Partial<OomReport>): readonly string[] =>
  judgeZones(anOomReport({ trigger, ...report })).map(({ state }) => state);

describe("a zone", () => {
  test("is short at its min, and has something to give above it", () => {
    deepEqual(states({ zones: [zone({ freeKib: 500 })] }), ["below-min"]);
    deepEqual(states({ zones: [zone({ freeKib: 501 })] }), ["enough"]);
  });

  test("keeps its protection from requests that could be served elsewhere", () => {
    const zones = [zone({ name: "DMA", protectionPages: [0, 200] }), zone({ protectionPages: [0, 0] })];
    deepEqual(states({ zones }), ["below-min", "enough"]);
    equal(judgeZones(anOomReport({ trigger, zones }))[0]?.floorKib, 500 + 800);
  });

  test("has enough and cannot give it when no piece is large enough", () => {
    const zones = [zone({ freeBlocks: [250, 0, 0] })];
    deepEqual(states({ zones, trigger: { ...trigger, order: 2 } }), ["fragmented"]);
    deepEqual(states({ zones: [zone({ freeBlocks: [0, 0, 1] })], trigger: { ...trigger, order: 2 } }), ["enough"]);
    deepEqual(states({ zones }), ["enough"]);
  });

  test("of high memory is of no use to the kernel itself", () => {
    const zones = [zone({ name: "HighMem" }), zone({ name: "Movable" })];
    deepEqual(states({ zones }), ["not-usable", "not-usable"]);
    deepEqual(states({ zones, trigger: { ...trigger, gfpMask: userMask } }), ["enough", "enough"]);
    deepEqual(states({ zones, trigger: { ...trigger, gfpMask: "0x500cc2(GFP_HIGHUSER)" } }), ["enough", "not-usable"]);
    deepEqual(states({ zones, trigger: { ...trigger, gfpMask: "0x200da" } }), ["enough", "enough"]);
  });

  test("of another node is of no use to who is bound", () => {
    const zones = [zone(), zone({ node: 1 })];
    deepEqual(states({ zones, constraint: "cpuset", memsAllowed: "1" }), ["not-usable", "enough"]);
    deepEqual(states({ zones, constraint: "memory-policy", nodemask: "0" }), ["enough", "not-usable"]);
    deepEqual(states({ zones, constraint: "none", memsAllowed: "1" }), ["enough", "enough"]);
  });

  test("without numbers is not judged", () => {
    deepEqual(states({ zones: [{ node: 0, name: "Normal" }] }), ["unknown"]);
  });
});

test("an order is a power of two of pages, and SysRq asks for none", () => {
  const asked = (order: number) => askedKib(anOomReport({ trigger: { ...trigger, order } }), bytes(4096));
  deepEqual([asked(0), asked(3), asked(-1), asked(4000)], [4, 32, undefined, undefined]);
});
