import type { Disappointment } from "#daemon/scenario/judge-story.ts";
import { type KiB, kibToGiB, kibToMiB, millisecondsToSeconds } from "#domain/units.ts";
import type { Outcome } from "./play.ts";
import type { Played } from "./play-all.ts";

const asExpected = "·";

/** What goes wrong, the worst first: one letter for the table. */
const letters: readonly (readonly [kind: Disappointment["kind"], letter: string, meaning: string])[] = [
  ["needless-kill", "X", "killed although nothing was wrong"],
  ["panic", "P", "the kernel found nobody left to kill"],
  ["kernel-kill", "K", "the kernel had to kill"],
  ["freeze", "F", "somebody at the machine waited too long"],
  ["wrong-victim", "W", "a wrong victim"],
  ["too-many-kills", "M", "more victims than it took"],
  ["no-time", "T", "no time to exit by itself"],
  ["late-kill", "L", "late"],
  ["no-kill", "-", "nobody killed"],
];

const letterOf = ({ disappointments }: Outcome): string =>
  letters.find(([kind]) => disappointments.some((each) => each.kind === kind))?.[1] ?? asExpected;

/** Scenarios down, guards and sizes across: one letter for each story. */
export function renderOverview(stories: readonly Played[], guards: readonly string[]): string {
  const sizes = [...new Set(stories.map(({ ram }) => ram))].sort((a, b) => a - b);
  const block = (cells: readonly string[]) => cells.map((cell) => cell.padStart(4)).join("");
  const wide = 4 * sizes.length + 2;
  const head = ["".padEnd(nameWidth), ...guards.map((guard) => `  ${guard}`.padEnd(wide))].join("").trimEnd();
  const gib = block(sizes.map((ram) => String(kibToGiB(ram))));
  const lines = (mustKill: boolean) =>
    [...new Set(stories.filter((story) => story.mustKill === mustKill).map(({ scenario }) => scenario))].map((name) => {
      const at = (ram: KiB) => stories.find((story) => story.scenario === name && story.ram === ram);
      const blocks = guards.map((_, index) =>
        block(sizes.map((ram) => map(at(ram)?.outcomes[index], letterOf) ?? "")).padEnd(wide),
      );
      return `${name.padEnd(nameWidth)}${blocks.join("")}`.trimEnd();
    });
  return [
    head,
    ["GiB of RAM".padEnd(nameWidth), ...guards.map(() => gib.padEnd(wide))].join("").trimEnd(),
    "",
    "must kill, in time",
    ...lines(true),
    "",
    "must not kill",
    ...lines(false),
    "",
    [`${asExpected} as expected`, ...letters.map(([, letter, meaning]) => `${letter} ${meaning}`)].join(" · "),
  ].join("\n");
}

const nameWidth = 28;

const map = <T, U>(value: T | undefined, make: (value: T) => U): U | undefined =>
  value === undefined ? undefined : make(value);

/** The figures of one guard: when, whom, how much was left, how long anybody waited. */
export function renderFigures(stories: readonly Played[], guard: number): string {
  const rows = stories.flatMap(({ scenario, ram, outcomes }) => {
    const outcome = outcomes[guard];
    return outcome === undefined ? [] : [[scenario, `${kibToGiB(ram)}`, ...figuresOf(outcome)]];
  });
  return [["", "GiB", "first kill", "victims", "left then", "waited then", "waited at all", ""], ...rows]
    .map(([name = "", ram = "", ...rest]) =>
      [name.padEnd(nameWidth), ram.padStart(4), ...rest.map((cell, index) => cell.padStart(widths[index] ?? 0))]
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const widths = [12, 7, 10, 11, 13];

function figuresOf({
  deaths,
  leftAtFirstKill,
  stallAtFirstKill,
  longestStall,
  disappointments,
}: Outcome): readonly string[] {
  const [first] = deaths.victims;
  return [
    map(first, ({ at }) => `${millisecondsToSeconds(at).toFixed(3)} s`) ?? "",
    String(deaths.victims.length),
    map(leftAtFirstKill, (left) => `${kibToMiB(left).toFixed(0)} MiB`) ?? "",
    map(stallAtFirstKill, (stall) => `${stall.toFixed(0)} ms`) ?? "",
    `${longestStall.toFixed(0)} ms`,
    disappointments.map(sentenceOf).join("; "),
  ];
}

/** Why a story did not end as expected, for people. */
export function sentenceOf(one: Disappointment): string {
  const second = (at: number) => `${(at / 1000).toFixed(1)} s`;
  switch (one.kind) {
    case "needless-kill":
      return `killed ${one.comm} at ${second(one.at)} for nothing`;
    case "wrong-victim":
      return `killed ${one.comm} at ${second(one.at)}`;
    case "too-many-kills":
      return `killed ${one.count}, and ${one.allowed} were enough`;
    case "no-kill":
      return "killed nobody";
    case "late-kill":
      return `killed at ${second(one.at)}, due at ${second(one.due)}`;
    case "no-time":
      return `${one.comm} had no time to exit by itself, killed at ${second(one.at)}`;
    case "kernel-kill":
      return `the kernel killed ${one.comm} at ${second(one.at)}`;
    case "panic":
      return "the kernel panicked";
    case "freeze":
      return `somebody waited ${second(one.lasted)}`;
  }
}
