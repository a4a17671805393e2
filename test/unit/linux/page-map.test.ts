import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { kib, kibToBytes } from "#domain/units.ts";
import { countPresent, presentWindows } from "#linux/page-map.ts";
import type { MemoryRange } from "#native-bindings/mlock.ts";
import { pageSize } from "#native-bindings/page-size.ts";
import { type SmapsMapping, visitSmaps } from "#procfs/smaps.ts";

/** Our mappings of files that nobody writes to, as another file of the kernel tells of them. */
function constants(): readonly SmapsMapping[] {
  const found: SmapsMapping[] = [];
  visitSmaps(readFileSync("/proc/self/smaps"), (mapping) => found.push(mapping));
  return found.filter(({ name, isWritable }) => name?.startsWith("/") === true && !isWritable);
}

const presentKib = (mapping: SmapsMapping): number => (countPresent([mapping]) * pageSize()) / 1024;

/** Mappings with what is present in them, where that stayed the same while it was looked at: code that runs brings pages in. */
function settled(look: (mapping: SmapsMapping) => void = () => undefined) {
  const before = constants().map((mapping) => ({ mapping, present: presentKib(mapping) }));
  const after = new Map(constants().map((mapping) => [mapping.start, mapping]));
  return before.flatMap(({ mapping: { start }, present }) => {
    const mapping = after.get(start);
    if (mapping === undefined) return [];
    look(mapping);
    return presentKib(mapping) === present ? [{ mapping, present }] : [];
  });
}

test("as many pages are present in each mapping as smaps says are resident", () => {
  const found = settled();
  assert.ok(found.some(({ mapping: { resident, size } }) => resident > 0 && resident * 1024 < size));
  for (const { mapping, present } of found) assert.equal(present, mapping.resident, mapping.name);
});

test("several ranges are counted together", () => {
  const found = settled();
  const each = found.reduce((sum, { present }) => sum + present, 0);
  const all = (countPresent(found.map(({ mapping }) => mapping)) * pageSize()) / 1024;
  assert.ok(each > 0 && Math.abs(all - each) <= each / 10, `${all} and ${each} KiB`);
});

test("windows hold every page that is present, none of them is empty, and they lie on multiples of their size", () => {
  const window = kibToBytes(kib(64));
  const windows = new Map<bigint, readonly MemoryRange[]>();
  const found = settled((mapping) => windows.set(mapping.start, presentWindows(mapping, window)));
  for (const { mapping, present } of found) {
    const { start, size, name } = mapping;
    const own = windows.get(start) ?? [];
    for (const each of own) {
      assert.ok(each.size > 0 && each.size <= window && countPresent([each]) > 0, name);
      assert.ok(each.start === start || each.start % BigInt(window) === 0n, name);
      assert.ok(each.start >= start && each.start + BigInt(each.size) <= start + BigInt(size), name);
    }
    const within = (countPresent(own) * pageSize()) / 1024;
    assert.ok(within >= present, `${within} of ${present} KiB in ${name}`);
  }
  assert.ok(found.some(({ mapping: { start, size } }) => (windows.get(start)?.length ?? 0) * window < size));
});
