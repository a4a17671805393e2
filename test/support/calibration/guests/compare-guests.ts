import { median } from "#test/support/bench/median.ts";
import { readStory } from "#test/vm/story.ts";
import { type Figure, type FigureUnit, figures } from "./figures.ts";
import type { GuestRun } from "./guest-run.ts";
import { likeGuest, playAlone } from "./play-guest.ts";
import type { RecordedGuest } from "./recorded-guests.ts";

/** One figure of a story, on real machines and on the simulated one. */
export interface ComparedFigure {
  readonly name: string;
  /** What the real runs say: their median, and what they lie between. */
  readonly real: string;
  readonly range: string;
  readonly simulated: string;
  /** How many times too large or too small the simulated one is; 1 within what the real runs lie between. */
  readonly factor: number;
}

/** Who is right to a tenth is right: other machines differ from the recorded ones by more. */
export const tolerableFactor = 1.1;

/** Plays a story on the simulated machine, as the guests that were recorded played it. */
export async function simulateGuest({ story, runs: [first] }: RecordedGuest): Promise<GuestRun> {
  if (first === undefined) throw new Error(`Cannot play ${story}: no run of a guest is there to begin like`);
  const { file, expectation } = readStory(story);
  const isOver = (comm: string): boolean =>
    expectation.kind === "kill" && expectation.atMost === 1 && comm === expectation.victim;
  return playAlone(likeGuest(file.scenario, first), isOver);
}

/** Sets the figures of the real runs beside those of the simulated one. What neither came to is left out. */
export const compareGuests = (real: readonly GuestRun[], simulated: GuestRun): readonly ComparedFigure[] => [
  ...figures.flatMap((figure) => compareFigure(figure, real, simulated)),
  ...compareVictims(real, simulated),
];

const notThere = "never";

const shown = (value: number | undefined, unit: FigureUnit): string =>
  value === undefined ? notThere : `${value.toFixed(unit === "ms" || value >= 100 ? 0 : 1)} ${unit}`;

function compareFigure(
  { name, unit, of }: Figure,
  real: readonly GuestRun[],
  run: GuestRun,
): readonly ComparedFigure[] {
  const simulated = of(run);
  const told = real.flatMap((each) => of(each) ?? []);
  // What happened in less than half of the runs happened by chance.
  const happens = told.length * 2 >= real.length;
  if (!happens && simulated === undefined) return [];
  const range = [Math.min(...told), Math.max(...told)] as const;
  return [
    {
      name,
      real: shown(happens ? median(told) : undefined, unit),
      range: happens ? `${shown(range[0], unit)} – ${shown(range[1], unit)}` : "",
      simulated: shown(simulated, unit),
      factor: happens && simulated !== undefined ? factorOf(simulated, range, unit) : Number.POSITIVE_INFINITY,
    },
  ];
}

/** Below this nobody could tell two machines apart. */
const noticeable: Readonly<Record<FigureUnit, number>> = { ms: 100, "%": 2, MiB: 0.5 };

function factorOf(simulated: number, [least, most]: readonly [number, number], unit: FigureUnit): number {
  const floor = noticeable[unit];
  if (simulated >= least - floor && simulated <= most + floor) return 1;
  const nearest = simulated < least ? least : most;
  const [smaller, larger] = [Math.min(simulated, nearest), Math.max(simulated, nearest)];
  return larger / Math.max(smaller, floor);
}

function compareVictims(real: readonly GuestRun[], run: GuestRun): readonly ComparedFigure[] {
  const victimOf = ({ kills: [first] }: GuestRun): string => first?.comm ?? "nobody";
  const victims = [...new Set(real.map(victimOf))];
  const simulated = victimOf(run);
  const factor = victims.includes(simulated) ? 1 : Number.POSITIVE_INFINITY;
  return [{ name: "whom the kernel kills", real: victims.join(", "), range: "", simulated, factor }];
}
