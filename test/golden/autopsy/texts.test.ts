import { deepEqual, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import { renderAutopsy } from "#cli/render/autopsy-text.ts";
import { createStyle } from "#cli/render/style.ts";
import { lengthOf, lineWidth } from "#cli/render/wrap.ts";
import { viewAutopsy } from "#daemon/views/autopsy-view.ts";
import { assertGolden } from "#test/support/golden-file.ts";
import { readCorpus } from "#test/support/oom-report-corpus.ts";

const corpus = readCorpus();
const texts = corpus.map(({ file, report }) => ({
  file,
  text: renderAutopsy(viewAutopsy(report), { number: 1, top: 8, style: createStyle(false) }),
}));

/** One of each kind: what it shows, by its file. */
const reviewed = {
  "002.log": "memory cgroup of a container, many workers",
  "017.log": "no swap and page tables in the table, so that the choice cannot be made again",
  "034.log": "a desktop with swap, where oom_score_adj chose",
  "106.log": "memory.oom.group",
  "130.log": "a cpuset with nothing but a Movable zone, and no table",
  "145.log": "a sacrificed child",
} as const;

describe("an explained report", () => {
  for (const [file, what] of Object.entries(reviewed)) {
    test(`reads as it was reviewed: ${what}`, () => {
      const text = texts.filter((each) => each.file === file).map((each) => each.text);
      ok(text.length > 0);
      assertGolden(`autopsy/${file.replace(".log", ".txt")}`, `${text.join("\n\n")}\n`);
    });
  }

  test("has no line of more than 100 columns", () => {
    const long = texts.filter(({ text }) => text.split("\n").some((line) => lengthOf(line) > lineWidth));
    deepEqual(
      long.map(({ file }) => file),
      [],
    );
  });

  test("says no undefined, no NaN and no number without end", () => {
    const odd = texts.filter(({ text }) => /undefined|NaN|Infinity|\d\.\d{5}|e\+\d\d/.test(text));
    deepEqual(
      odd.map(({ file }) => file),
      [],
    );
  });
});
