import { equal } from "node:assert/strict";
import { test } from "node:test";
import { kib, pages, percent } from "#domain/units.ts";
import { badness, bindPolicy, definePolicy } from "#engine/define-policy.ts";
import { flag, percentage } from "#engine/option.ts";

const countSwap = flag({ default: true, summary: "Count swap", because: "swap comes back as well" });
const weight = percentage({
  default: percent(50),
  range: [percent(0), percent(100)],
  summary: "How much of it",
  because: "half is enough for a proof",
});

const example = definePolicy({
  name: "example",
  summary: "A policy with one option of each kind",
  needs: ["processes"],
  options: { countSwap, weight },
  score: (process, _scope, options) => {
    // @ts-expect-error: a flag is no share
    percent(options.countSwap);
    // @ts-expect-error: nobody declared this one
    options.undeclared;
    return badness({ rss: process.memory.rss });
  },
  bounds: "held",
  limit: ({ held }) => held,
});

test("a policy is bound with exactly the options it declares, each in its own type", () => {
  equal(bindPolicy(example, { countSwap: false, weight: percent(10) }).name, "example");
  // @ts-expect-error: an option is missing
  bindPolicy(example, { countSwap: false });
  // @ts-expect-error: a number without a unit
  bindPolicy(example, { countSwap: false, weight: 10 });
  // @ts-expect-error: a text is no flag
  bindPolicy(example, { countSwap: "no", weight: percent(10) });
  // @ts-expect-error: nobody declared this one
  bindPolicy(example, { countSwap: false, weight: percent(10), colour: "red" });
});

test("the terms of a score are memory", () => {
  // @ts-expect-error: pages were not converted
  badness({ rss: pages(3) });
  // @ts-expect-error: a number without a unit
  badness({ preference: 300 });
  equal(badness({ rss: kib(3) }).total, 3);
});

test("a policy asks for facts that exist, and measures a process without changing it", () => {
  definePolicy({
    name: "wrong",
    summary: "Asks for what no machine has",
    // @ts-expect-error: there is no such fact
    needs: ["weather"],
    options: {},
    score: (process) => {
      // @ts-expect-error: a measured value is never altered to express a wish
      process.memory.rss = kib(0);
      return badness({ rss: process.memory.rss });
    },
  });
});
