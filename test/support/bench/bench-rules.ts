import { circumstancesOf, rulerOf } from "#engine/ruling.ts";
import { compilePattern } from "#plan/pattern.ts";
import type { Bench, Claim, Report, Table } from "./bench.ts";
import { claimAtMost } from "./bench.ts";
import { manyRules } from "./many-rules.ts";
import { median } from "./median.ts";
import { chanceOf, randomTable } from "./random-table.ts";
import { showNumber, showSpread } from "./spread.ts";

/** Processor time of this program: on a machine that does other work as well that is what counts. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface Classified {
  readonly rules: number;
  readonly processes: number;
  /** Rules that nobody has asked yet, about processes that nobody has seen: index included. */
  readonly cold: readonly number[];
  /** The same again. */
  readonly cached: readonly number[];
}

function classify(counts: Pick<Classified, "rules" | "processes">, rounds: number): Classified {
  const cold: number[] = [];
  const cached: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const rules = manyRules(counts.rules);
    const table = randomTable(counts.processes, chanceOf(round));
    const circumstances = circumstancesOf(table, rules);
    const ask = (): void => {
      const ruler = rulerOf(rules);
      for (const process of table.processes) ruler(process, circumstances);
    };
    cold.push(cpuOf(ask));
    cached.push(cpuOf(ask));
  }
  return { ...counts, cold, cached };
}

/** Patterns that take exponential or quadratic time where somebody goes back and tries again. */
const evil: readonly (readonly [pattern: string, text: (length: number) => string])[] = [
  ["/^(a+)+$/", (length) => `${"a".repeat(length - 1)}!`],
  ["/(a|aa)+$/", (length) => `${"a".repeat(length - 1)}!`],
  ["/^(([a-z])+.)+[A-Z]([a-z])+$/", (length) => "a".repeat(length)],
  ["/(x+x+)+y/", (length) => "x".repeat(length)],
  ["/^(.*a){8}$/", (length) => `${"a".repeat(length - 1)}!`],
  ["/(.*)*=(.*)*b/", (length) => "=".repeat(length)],
  ["*a*a*a*a*a*a*a*b", (length) => "a".repeat(length)],
  ["*a?a*a?a*a?a*b", (length) => "a".repeat(length)],
  ["*aaaaaaaab*", (length) => "a".repeat(length)],
];

interface Grown {
  readonly pattern: string;
  /** By the length of the text, in the order of {@link lengthsOf}. */
  readonly ms: readonly number[];
}

const lengthsOf = (isQuick: boolean): readonly number[] =>
  isQuick ? [1000, 2000] : [16_000, 64_000, 256_000, 1_024_000];

function grow(lengths: readonly number[], rounds: number): readonly Grown[] {
  return evil.map(([written, textOf]) => {
    const compiled = compilePattern(written);
    if (compiled.kind === "refused") throw new Error(compiled.found);
    const ms = lengths.map((length) => {
      const text = textOf(length);
      return median(Array.from({ length: rounds }, () => cpuOf(() => void compiled.pattern.matches(text))));
    });
    return { pattern: written, ms };
  });
}

/** How many times as long the longest text takes as one of a quarter of it. */
const lastGrowth = ({ ms }: Grown): number => (ms.at(-1) ?? NaN) / Math.max(ms.at(-2) ?? NaN, leastMs);
/** Below it the clock tells nothing. */
const leastMs = 0.5;

function claimsOf(classified: readonly Classified[], grown: readonly Grown[]): readonly Claim[] {
  const most = classified.at(-1);
  const worst = Math.max(...grown.map(lastGrowth));
  return [
    claimAtMost(
      `${most?.rules} rules, ${most?.processes} processes, cold: classified in at most 100 ms of processor time`,
      most && median(most.cold),
      100,
    ),
    claimAtMost(
      `${most?.rules} rules, ${most?.processes} processes, cached: at most 5 ms`,
      most && median(most.cached),
      5,
    ),
    claimAtMost("a text four times as long takes at most six times as long, whatever the pattern", worst, 6),
  ];
}

const classifiedTable = (classified: readonly Classified[]): Table => ({
  title: "Classifying all processes, in milliseconds of processor time (least / median / most)",
  columns: ["", ...classified.map(({ rules, processes }) => `${rules} rules, ${processes} processes`)],
  rows: [
    ["cold", ...classified.map(({ cold }) => showSpread(cold))],
    ["cold, the first time in a program", ...classified.map(({ cold }) => showNumber(cold[0] ?? NaN))],
    ["cached", ...classified.map(({ cached }) => showSpread(cached))],
  ],
});

const grownTable = (lengths: readonly number[], grown: readonly Grown[]): Table => ({
  title: "Hostile patterns and texts, in milliseconds of processor time",
  columns: ["pattern", ...lengths.map((length) => `${length.toLocaleString("en")} characters`)],
  rows: grown.map(({ pattern, ms }) => [`\`${pattern.replaceAll("|", "\\|")}\``, ...ms.map(showNumber)]),
});

/** What rules cost, and what hostile patterns and texts do not. */
export const benchRules: Bench = {
  name: "rules",
  title: "Rules",
  lacks: () => false,
  async run({ isQuick, say }): Promise<Report> {
    const rounds = isQuick ? 1 : 9;
    const sizes = isQuick
      ? [[50, 200]]
      : [
          [50, 5000],
          [1000, 1000],
          [1000, 5000],
        ];
    const classified = sizes.map(([rules = 0, processes = 0]) => classify({ rules, processes }, rounds));
    say("rules: classified");
    const lengths = lengthsOf(isQuick);
    const grown = grow(lengths, isQuick ? 1 : 5);
    return {
      tables: [classifiedTable(classified), grownTable(lengths, grown)],
      claims: claimsOf(classified, grown),
      method: [
        "Rules of twelve kinds in turn (task name, path, unit, globs, expressions, arguments, application, cgroup, user, age, container, memory), as they come out of a settings file, about processes with a few hundred programs and arguments of their own each. Cold: new rules and new processes each time; the index of the rules is part of it.",
        "Growth is that of the longest text over the one before it, four times shorter.",
      ],
      samples: { classified, grown },
    };
  },
};
