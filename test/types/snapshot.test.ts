import { equal } from "node:assert/strict";
import { test } from "node:test";
import { known, knownValue, type Reading, type Snapshot } from "#domain/snapshot.ts";
import { type KiB, kib, milliseconds } from "#domain/units.ts";

test("a reading is not used before it is known", () => {
  // @ts-expect-error: it could be unavailable
  const use = (unproven: Reading<KiB>): KiB => unproven.value;
  equal(use({ kind: "known", value: kib(7) }), 7);
  // @ts-expect-error: it could be absent
  const useValue = (unproven: Reading<KiB>): KiB => knownValue(unproven);
  equal(useValue(known(kib(7))), 7);
});

test("a fact nobody asked for is absent, and that has to be treated", () => {
  const snapshot: Snapshot = { takenAt: milliseconds(0), victims: [] };
  // @ts-expect-error: nobody asked for it
  const kindOf = (look: Snapshot): string => look.meminfo.kind;
  equal(typeof kindOf, "function");
  equal(snapshot.meminfo, undefined);
  // @ts-expect-error: what was seen is not changed
  snapshot.takenAt = milliseconds(1);
});
