import assert from "node:assert/strict";
import { test } from "node:test";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { readFixture, readRecorded, textOf } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/zoneinfo/${name}`);

/** The same file, cut into zones and searched in the plainest way there is. */
function readPlainly(bytes: Uint8Array): readonly unknown[] {
  const sections = textOf(bytes).split(/^(?=Node )/m);
  return sections.map((section, position) => {
    const [, node = "", name] = /^Node (\d+), zone +(\w+)/.exec(section) ?? [];
    const count = (field: RegExp): number =>
      Number(new RegExp(`^ *${field.source} +(\\d+)$`, "m").exec(section)?.[1] ?? 0);
    const highatomic = /free_highatomic: +(\d+)/.exec(section)?.[1];
    return {
      node: Number(node),
      name,
      index: position - sections.findIndex((other) => other.startsWith(`Node ${node},`)),
      free: count(/pages free/),
      min: count(/min/),
      low: count(/low/),
      high: count(/high/),
      present: count(/present/),
      managed: count(/managed/),
      protection: (/protection: \(([\d, ]+)\)/.exec(section)?.[1] ?? "").split(", ").map(Number),
      activeAnon: count(/nr_zone_active_anon/),
      inactiveAnon: count(/nr_zone_inactive_anon/),
      activeFile: count(/nr_zone_active_file/),
      inactiveFile: count(/nr_zone_inactive_file/),
      freeCma: count(/nr_free_cma/),
      nodeUnreclaimable: count(/node_unreclaimable:/) === 1,
      freeHighatomic: highatomic === undefined ? undefined : Number(highatomic),
    };
  });
}

for (const [name, bytes] of [
  ["the recorded machine", readRecorded("zoneinfo")],
  ["an arm64 machine with pages of 64 KiB", hostile("arm64-64k")],
  ["two nodes under Linux 7.2", hostile("linux-7.2-two-nodes")],
] as const) {
  test(`every zone of ${name} is what a plain reading finds`, () => {
    assert.deepEqual(parseZoneinfo(bytes).zones, readPlainly(bytes));
  });
}

test("zones without pages are listed and count for the index into the protection", () => {
  const { zones } = parseZoneinfo(hostile("arm64-64k"));
  assert.deepEqual(
    zones.map(({ name, index, present }) => [name, index, present > 0]),
    [
      ["DMA", 0, true],
      ["DMA32", 1, false],
      ["Normal", 2, true],
      ["Movable", 3, false],
      ["Device", 4, false],
    ],
  );
  for (const { protection } of zones) assert.equal(protection.length, zones.length);
});

test("the index begins anew with each node", () => {
  const { zones } = parseZoneinfo(hostile("linux-7.2-two-nodes"));
  assert.deepEqual(
    zones.map(({ node, index }) => `${node}.${index}`),
    ["0.0", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2", "1.3"],
  );
});

test("the high watermark is not taken from the high of a per-CPU list", () => {
  const [dma] = parseZoneinfo(hostile("arm64-64k")).zones;
  assert.equal(dma?.high, 528);
});

for (const [name, expected] of [
  ["protection-not-closed", '")"'],
  ["lists-missing", 'a line "nr_zone_active_file "'],
  ["unreclaimable-neither-0-nor-1", "a flag, 0 or 1"],
  ["header-without-name", "a field"],
  ["empty", '"Node "'],
] as const) {
  test(`zoneinfo is refused, and says why: ${name}`, () => {
    const error = refusal(() => parseZoneinfo(hostile(name)));
    assert.deepEqual([error.file, error.expected], ["zoneinfo", expected]);
  });
}
