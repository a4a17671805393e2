import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { diff, patch } from "#recorded/delta.ts";
import { fromJson, toJson } from "#recorded/plain-value.ts";
import { runs, seed } from "#test/support/seed.ts";

const key = fc.oneof(fc.constantFrom("$", "of", "list", "identity", "path", "0", "__proto__", "pid"), fc.string());

const plainObject = { noNullPrototype: true } as const;

/** Whatever a look may come to hold one day. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger(), fc.constant(-0)),
    fc.oneof(fc.boolean(), fc.string(), fc.constant(undefined), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    fc.array(tie("value"), { maxLength: 3 }).map((members) => new Set(members)),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((pairs) => new Map(pairs)),
    tie("table"),
  ),
  member: fc.record(
    {
      identity: fc.record({ pid: fc.integer({ min: 1, max: 9 }), startTicks: fc.constant(1) }, plainObject),
      memory: tie("value"),
    },
    plainObject,
  ),
  table: fc.uniqueArray(tie("member"), { maxLength: 6, selector: (member) => JSON.stringify(toJson(member)) }),
}));

const throughJson = (json: unknown) => JSON.parse(JSON.stringify(json));
const options = { seed, numRuns: runs(2000) };

describe(`what is recorded, seed ${seed}`, () => {
  it("comes back as it was, whatever it is", () => {
    fc.assert(
      fc.property(value, (any) => {
        assert.deepStrictEqual(fromJson(throughJson(toJson(any))), any);
      }),
      options,
    );
  });

  it("comes back as it was from its difference to what was there before", () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        assert.deepStrictEqual(patch(before, throughJson(diff(before, after))), after);
      }),
      options,
    );
  });

  it("changes nothing in what was there before", () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const copy = structuredClone(before);
        patch(before, diff(before, after));
        assert.deepStrictEqual(before, copy);
      }),
      options,
    );
  });
});
