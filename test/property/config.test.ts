import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { stringify } from "smol-toml";
import { compilePlan } from "#config/compile.ts";
import { renderProblems } from "#config/diagnostics.ts";
import { explainConfig } from "#config/explain-config.ts";
import { loadConfig, type Sources } from "#config/load.ts";
import { hasErrors } from "#config/problem.ts";
import { ruleKeys } from "#config/schema.ts";
import { sections } from "#config/sections.ts";
import { seed } from "#test/support/seed.ts";
import { aMachine } from "#test/unit/config/a-machine.ts";

const word = fc.oneof(
  fc.constantFrom("auto", "full", "never", "desktop", "kernel", "none", "json", "*", "/(/", "/^a+$/", ""),
  fc.constantFrom("512MiB", "1.5GiB", "8%", "99%", "250ms", "3s", "1h", "-3s", "0%", "512M", "3 sec"),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const plain = fc.oneof(word, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.date({ noInvalidDate: true }));
const written = fc.oneof(
  { weight: 6, arbitrary: plain },
  fc.array(plain, { maxLength: 3 }),
  fc.dictionary(word, plain, { maxKeys: 2 }),
);

const tableOf = (keys: readonly string[]) =>
  fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...keys) }, word), written, { maxKeys: 5 });

/** Any TOML of mostly known sections and keys. */
const document = fc
  .record({
    tables: fc.array(
      fc
        .constantFrom(...Object.keys(sections).filter((name) => name !== ""))
        .chain((name) =>
          tableOf([...Object.keys(sections[name]?.settings ?? {}), "x"]).map((table) => ({ name, table })),
        ),
      { maxLength: 4 },
    ),
    rules: fc.array(tableOf(Object.keys(ruleKeys)), { maxLength: 3 }),
    top: tableOf(["preset", "headroom", "rule", "policy"]),
  })
  .map(({ tables, rules, top }) => {
    const nested: Record<string, Record<string, unknown>> = {};
    for (const { name, table } of tables) nest(nested, name.split("."), table);
    return stringify({ ...top, ...nested, ...(rules.length > 0 && { rule: rules }) });
  });

function nest(target: Record<string, unknown>, path: readonly string[], table: object): void {
  const [first = "", ...rest] = path;
  const own = Object(target[first]);
  if (rest.length === 0) Object.assign(own, table);
  else nest(own, rest, table);
  target[first] = own;
}

/** A document with a few characters changed, taken out or put in: nearly TOML. */
const damaged = fc
  .tuple(
    document,
    fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.string({ unit: "binary", maxLength: 2 })), { maxLength: 3 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce((whole, [at, length, put]) => {
      const start = whole.length === 0 ? 0 : at % whole.length;
      return whole.slice(0, start) + put + whole.slice(start + length);
    }, text),
  );

const sources: fc.Arbitrary<Sources> = fc.record({
  presets: fc.constant({ desktop: "", kernel: 'policy.name = "kernel"' }),
  files: fc.array(
    fc.oneof(document, damaged).map((text) => ({ path: "t.toml", text })),
    { minLength: 1, maxLength: 2 },
  ),
  overrides: fc.array(
    fc.oneof(
      word,
      fc.tuple(fc.constantFrom("headroom.low", "kill.budget", "rule", "a.b"), word).map((kv) => kv.join("=")),
    ),
    { maxLength: 2 },
  ),
});

describe(`a config of any text (SEED=${seed})`, () => {
  const machine = aMachine();

  it("is a plan, or refused with at least one error; nothing throws", () => {
    fc.assert(
      fc.property(sources, (given) => {
        const loaded = loadConfig(given);
        const compiled = compilePlan(loaded, machine);
        const problems = compiled.kind === "plan" ? compiled.warnings : compiled.problems;
        assert.equal(hasErrors(problems), compiled.kind === "refused");
        assert.ok(explainConfig(loaded, machine).length > 20);
      }),
      { seed, numRuns: 500 },
    );
  });

  it("is complained about in lines of at most 100 columns, at a place inside its text", () => {
    fc.assert(
      fc.property(sources, (given) => {
        for (const problem of loadConfig(given).problems) {
          const { source, span } = problem.place;
          assert.ok(span.start >= 0 && span.start <= span.end && span.end <= source.text.length);
          for (const line of renderProblems([problem]).split("\n")) assert.ok(Array.from(line).length <= 100, line);
        }
      }),
      { seed, numRuns: 500 },
    );
  });

  it("that makes a plan has min below low below high, and room above", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("min", "low", "high"), fc.nat(1100)), { maxLength: 3 }),
        (marks) => {
          const overrides = marks.map(([name, tenths]) => `headroom.${name}=${tenths / 10}%`);
          const compiled = compilePlan(loadConfig({ presets: { desktop: "" }, files: [], overrides }), machine);
          if (compiled.kind === "refused") return;
          const { min, low, high } = compiled.plan.headroom;
          assert.ok(0 < min && min < low && low < high && high <= machine.userMemory * 0.75);
        },
      ),
      { seed, numRuns: 500 },
    );
  });
});
