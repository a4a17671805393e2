import { ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readFixture, textOf } from "#test/support/fixture.ts";
import { assertWritten, readReports, realLogs } from "#test/support/oom-reports.ts";
import { runs, seed } from "#test/support/seed.ts";

const numRuns = runs(150);

/** Reports of a size that many of can be read in a second; the long ones differ in the number of their rows only. */
const longest = 32 * 1024;
const hostile = ["linux-6.18-memcg", "linux-2.6.32", "two-and-a-ratelimited-one"];
const logs = [
  ...realLogs.map(({ text }) => text),
  ...hostile.map((name) => textOf(readFixture(`hostile/oom-reports/${name}.log`))),
].filter(({ length }) => length <= longest);

const log = fc.constantFrom(...logs);

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const words = [...new Set(logs.flatMap((whole) => whole.split(/(?<=[\s:,=()[\]])/)))];

/** Bytes among words that begin something: without them no byte would be looked at twice. */
const rubbish = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.nat({ max: words.length - 1 }).map((i) => encode(words[i] ?? "")),
      fc.constantFrom(
        ...["\n", " invoked oom-killer: ", "[ pid ] uid", '{"MESSAGE":"', "oom-kill:constraint="].map(encode),
      ),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));

/** A share of a whole. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** One change to the lines of a log. */
const damage = fc.record({
  kind: fc.constantFrom("drop", "repeat", "move", "cut", "join", "split", "flip", "insert", "swap-halves"),
  at: place,
  to: place,
  count: fc.integer({ min: 1, max: 12 }),
  text: fc.oneof(
    fc.constantFrom(
      "] ",
      "[ 12]",
      "oom-kill:constraint=",
      ",task=a,pid=1,uid=0",
      "Killed process 1 (",
      "kB",
      "\u001b[31m",
      "\r",
      ")",
      "name",
      "99999999999999999999",
      "-1",
    ),
    fc.string({ unit: "binary", maxLength: 20 }),
  ),
});

type Damage = typeof damage extends fc.Arbitrary<infer Value> ? Value : never;

function damageLines(lines: readonly string[], { kind, at, to, count, text }: Damage): readonly string[] {
  const from = Math.floor(at * lines.length);
  const target = Math.floor(to * lines.length);
  const line = lines[from] ?? "";
  const middle = Math.floor(to * line.length);
  switch (kind) {
    case "drop":
      return lines.toSpliced(from, count);
    case "repeat":
      return lines.toSpliced(target, 0, ...lines.slice(from, from + count));
    case "move":
      return lines.toSpliced(from, count).toSpliced(target, 0, ...lines.slice(from, from + count));
    case "cut":
      return [...lines.slice(0, from), line.slice(0, middle)];
    case "join":
      return lines.toSpliced(from, 2, lines.slice(from, from + 2).join(""));
    case "split":
      return lines.toSpliced(from, 1, line.slice(0, middle), line.slice(middle));
    case "flip":
      return lines.with(
        Math.min(from, lines.length - 1),
        line.slice(0, middle) + text.slice(0, 1) + line.slice(middle + 1),
      );
    case "insert":
      return lines.with(Math.min(from, lines.length - 1), line.slice(0, middle) + text + line.slice(middle));
    case "swap-halves":
      return [...lines.slice(from), ...lines.slice(0, from)];
  }
}

test(`any bytes are read without an exception (seed ${seed}, ${numRuns} runs)`, () => {
  fc.assert(
    fc.property(rubbish, fc.integer({ min: 1, max: 300 }), (bytes, chunk) => {
      ok(Array.isArray(readReports(bytes, chunk)));
    }),
    { seed, numRuns },
  );
});

test(`a damaged report claims nothing that is not written in it (seed ${seed}, ${numRuns} runs)`, () => {
  fc.assert(
    fc.property(log, fc.array(damage, { minLength: 1, maxLength: 6 }), (whole, damages) => {
      const damaged = damages.reduce<readonly string[]>(
        (lines, change) => (lines.length === 0 ? [""] : damageLines(lines, change)),
        whole.split("\n"),
      );
      const text = damaged.join("\n");
      assertWritten(readReports(text), text);
    }),
    { seed, numRuns },
  );
});

test(`shuffled reports claim nothing that is not written in them (seed ${seed}, ${numRuns} runs)`, () => {
  fc.assert(
    fc.property(
      log.chain((whole) => fc.shuffledSubarray(whole.split("\n"))),
      (lines) => {
        const text = lines.join("\n");
        assertWritten(readReports(text), text);
      },
    ),
    { seed, numRuns },
  );
});

test(`a report cut at any byte claims nothing that is not written in the whole (seed ${seed}, ${numRuns} runs)`, () => {
  fc.assert(
    fc.property(log, place, (whole, share) => {
      const bytes = new TextEncoder().encode(whole);
      assertWritten(readReports(bytes.slice(0, Math.floor(share * bytes.length))), whole);
    }),
    { seed, numRuns },
  );
});
