import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { requiredText } from "#plan/required-text.ts";
import { runs, seed } from "#test/support/seed.ts";

/** Few letters, so that texts and expressions meet. */
const atom = fc.constantFrom(
  "a",
  "b",
  "ab",
  "/",
  "\\.",
  ".",
  "[ab]",
  "[^/]",
  "[]a]",
  "\\w",
  "(ab|/)",
  "(a(b|\\)))",
  "^",
  "$",
);
const expression = fc
  .array(fc.tuple(atom, fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{0,1}", "*?")), { maxLength: 6 })
  .map((items) => items.map(([written, repeated]) => (/^[$^]/.test(written) ? written : written + repeated)).join(""));
const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "]", ")"), maxLength: 10 }), {
  minLength: 20,
  maxLength: 20,
});

describe("the text that an expression requires", () => {
  it(`is in every text that RE2 says it matches (seed ${seed})`, () => {
    let met = 0;
    fc.assert(
      fc.property(expression, texts, (written, asked) => {
        const required = requiredText(written);
        if (required === undefined) return;
        const oracle = RE2JS.compile(written);
        for (const text of asked.filter((each) => oracle.test(each))) {
          assert.ok(text.includes(required), JSON.stringify([written, required, text]));
          met += 1;
        }
      }),
      { seed, numRuns: runs(3000) },
    );
    assert.ok(met > 500, `only ${met} texts were met`);
  });

  const examples: readonly (readonly [expression: string, required: string | undefined])[] = [
    ["--type=renderer", "--type=renderer"],
    ["--(backup|restore)-job=7[0-9]+ ", "-job=7"],
    ["firefox.*-contentproc", "-contentproc"],
    ["ab+c", "a"],
    ["abc?", "ab"],
    ["a\\.b", "a.b"],
    ["one|other", undefined],
    ["(one|other)", undefined],
    ["(?i)one", undefined],
    ["\\x61\\x62", undefined],
    [".*", undefined],
  ];
  for (const [written, required] of examples) {
    it(`is ${required === undefined ? "not seen" : `"${required}"`} in ${written}`, () =>
      assert.equal(requiredText(written), required));
  }
});
