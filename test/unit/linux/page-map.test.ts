import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { countPresent, type Stretch, visitStretches } from "#linux/page-map.ts";
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

test("stretches cover a range without a gap, one that is present after one that is not, and present ones are what is counted", () => {
  const stretches = new Map<bigint, readonly Stretch[]>();
  const found = settled((mapping) => {
    const own: Stretch[] = [];
    visitStretches([mapping], (stretch) => own.push(stretch));
    stretches.set(mapping.start, own);
  });
  for (const { mapping, present } of found) {
    const own = stretches.get(mapping.start) ?? [];
    let at = mapping.start;
    for (const { start, size } of own) {
      assert.ok(start === at && size > 0, mapping.name);
      at += BigInt(size);
    }
    assert.equal(at, mapping.start + BigInt(mapping.size));
    for (const [index, { isPresent }] of own.entries()) assert.notEqual(isPresent, own[index - 1]?.isPresent);
    const there = own.reduce((sum, { size, isPresent }) => sum + (isPresent ? size : 0), 0);
    assert.equal(there / 1024, present, mapping.name);
  }
  assert.ok([...stretches.values()].some((own) => own.length > 2));
});
