import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsers, type Specimen, specimens } from "#test/support/procfs-corpus.ts";
import { runs, seed } from "#test/support/seed.ts";
import { parseSoundly } from "#test/support/soundness.ts";

const numRuns = runs(150);

/**
 * How often a parser may look at a byte, for each byte there is. Measured: 3.0 in the worst of 198,000 runs. One that went
 * over its input again for each line, or for each field, would be far beyond that.
 */
const looksPerByte = 16;

/** One change to a file, places being shares of its length. */
interface Mutation {
  readonly kind: "flip" | "delete" | "insert" | "repeat-line" | "remove-line" | "cut";
  readonly at: number;
  readonly byte: number;
  readonly count: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("flip", "delete", "insert", "repeat-line", "remove-line", "cut"),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from("0 9\n\t-:(),.\0"))),
  count: fc.integer({ min: 1, max: 24 }),
});

for (const [name, parse] of Object.entries(parsers)) {
  const ours = specimens.filter((specimen) => specimen.parse === parse);

  test(`${name} makes a value or a ParseError of any bytes (seed ${seed}, ${numRuns} runs)`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => parseWithinBounds({ parse, bytes })),
      { seed, numRuns },
    );
  });

  test(`${name} makes a value or a ParseError of any damaged file (seed ${seed}, ${numRuns} runs)`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ours),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        ({ bytes }, mutations) => parseWithinBounds({ parse, bytes: mutations.reduce(mutate, bytes) }),
      ),
      { seed, numRuns },
    );
  });
}

function parseWithinBounds({ parse, bytes }: Pick<Specimen, "parse" | "bytes">): void {
  let looks = 0;
  const counted = new Proxy(bytes, {
    get(target, key) {
      if (key === "indexOf" || key === "lastIndexOf") looks += target.length;
      if (typeof key === "string" && /^\d/.test(key)) looks++;
      const found: unknown = Reflect.get(target, key, target);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
  parseSoundly(parse, counted);
  const bound = looksPerByte * (bytes.length + 10);
  assert.ok(looks <= bound, `${looks} looks at ${bytes.length} bytes`);
}

function mutate(bytes: Uint8Array, { kind, at, byte, count }: Mutation): Uint8Array {
  const place = Math.floor(at * bytes.length);
  const before = bytes.subarray(0, place);
  const lineStart = before.lastIndexOf(0x0a) + 1;
  const newline = bytes.indexOf(0x0a, place);
  const lineEnd = newline < 0 ? bytes.length : newline + 1;
  switch (kind) {
    case "flip":
      return Uint8Array.of(...before, byte, ...bytes.subarray(place + 1));
    case "delete":
      return Uint8Array.of(...before, ...bytes.subarray(place + count));
    case "insert":
      return Uint8Array.of(...before, ...Array.from({ length: count }, () => byte), ...bytes.subarray(place));
    case "repeat-line":
      return Uint8Array.of(...bytes.subarray(0, lineEnd), ...bytes.subarray(lineStart));
    case "remove-line":
      return Uint8Array.of(...bytes.subarray(0, lineStart), ...bytes.subarray(lineEnd));
    case "cut":
      return before;
  }
}
