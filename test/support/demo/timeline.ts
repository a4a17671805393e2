import { keptJournal } from "#daemon/kept-journal.ts";
import type { Turn } from "#daemon/loop.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { knownValue } from "#domain/snapshot.ts";
import { type KiB, kibToGiB, type Milliseconds, subtract } from "#domain/units.ts";
import { currentReserves, measureHeadroom, noReserves } from "#engine/headroom.ts";
import type { Entry } from "#journal/entry.ts";
import type { Journal } from "#journal/journal.ts";

/** Prints a story as it happens: what can be had, how loud the alarm is, and every entry of the journal. */
export interface Timeline {
  readonly journal: Journal;
  readonly entries: readonly Entry[];
  /** To be called after every turn. */
  watch(turn: Turn): void;
}

const betweenSamples = 250;
const stampWidth = 9;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const gibText = (amount: KiB): string => `${kibToGiB(amount).toFixed(2)} GiB`;

/** What can be had, as a snapshot shows it. */
export function headroomIn(snapshot: Snapshot): KiB {
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo === undefined) throw new Error("Cannot tell the story: meminfo was not read");
  return measureHeadroom(meminfo, currentReserves(snapshot, noReserves));
}

/** A timeline that begins now. */
export function openTimeline(now: () => Milliseconds): Timeline {
  const begun = now();
  const entries: Entry[] = [];
  let sampledAt = -betweenSamples;
  const stamp = (): string => `${(subtract(now(), begun) / 1000).toFixed(3)} s`.padStart(stampWidth);
  const journal = keptJournal({
    keep: (entry) => {
      entries.push(entry);
      print(`${stamp()}  ${entry.event.padEnd(17)} ${entry.sentence}`);
    },
    now,
    wallTime: now,
  });
  return {
    journal,
    entries,
    watch({ engine }) {
      if (engine.trend === undefined || subtract(now(), begun) - sampledAt < betweenSamples) return;
      sampledAt = subtract(now(), begun);
      print(
        `${stamp()}  ${"available".padEnd(17)} ${gibText(engine.trend.headroom)}  ${engine.alarm?.kind ?? "plenty"}`,
      );
    },
  };
}

export const heading = (text: string): void => print(`\n== ${text}`);

export const remark = (text: string): void => print(`${" ".repeat(stampWidth)}  ${text}`);

export const amountText = gibText;
