import { ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { renderAutopsy } from "#cli/render/autopsy-text.ts";
import { createStyle } from "#cli/render/style.ts";
import { lengthOf, lineWidth } from "#cli/render/wrap.ts";
import { viewAutopsy } from "#daemon/views/autopsy-view.ts";
import { makeOomReportReader } from "#procfs/oom-report/reader.ts";
import { bytesOf, readFixture, textOf } from "#test/support/fixture.ts";
import { seed } from "#test/support/seed.ts";

const logs = ["002", "017", "034", "050", "106", "130", "135", "145", "148", "157"].map((name) =>
  textOf(readFixture(`oom-reports/${name}.log`)).split("\n"),
);

/** Explains all of a log, both ways. */
function explain(log: string): void {
  const reader = makeOomReportReader();
  for (const report of [...reader.push(bytesOf(log)), ...reader.end()]) {
    const view = viewAutopsy(report);
    JSON.stringify(view);
    const text = renderAutopsy(view, { number: 1, top: 8, style: createStyle(false) });
    for (const line of text.split("\n")) ok(lengthOf(line) <= lineWidth, line);
    ok(!/undefined|NaN|Infinity/.test(text), text);
  }
}

const aLog = fc.constantFrom(...logs);
const options = { seed, numRuns: 60 };

test(`a report without some of its lines is explained as far as it goes (seed ${seed})`, () => {
  const cut = fc.tuple(aLog, fc.nat(), fc.nat(), fc.integer({ min: 2, max: 9 }));
  fc.assert(
    fc.property(cut, ([lines, from, to, every]) => {
      explain(lines.slice(from % lines.length).join("\n"));
      explain(lines.slice(0, to % lines.length).join("\n"));
      explain(lines.filter((_, at) => at % every !== 0).join("\n"));
    }),
    options,
  );
});

test(`a report with numbers that no machine has is explained all the same (seed ${seed})`, () => {
  const number = fc.constantFrom("0", "-1", "99999999999999999999", "18446744073709551615", "007", "4294967296");
  fc.assert(
    fc.property(
      aLog,
      fc.array(number, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 2, max: 40 }),
      (lines, numbers, every) => {
        let count = 0;
        const replace = (digits: string): string =>
          ++count % every === 0 ? (numbers[count % numbers.length] ?? digits) : digits;
        explain(lines.join("\n").replace(/\d+/g, replace));
      },
    ),
    options,
  );
});
