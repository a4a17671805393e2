import { type FactName, type Snapshot, unavailable } from "#domain/snapshot.ts";
import { atLeast, type Milliseconds } from "#domain/units.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Look, Machine, Waker } from "#machine/machine.ts";
import { nearestReadings } from "./nearest-readings.ts";
import { type Playback, startPlayback } from "./playback.ts";
import type { Recording } from "./read-recording.ts";

/** A recording as a machine. */
export interface RecordedMachine extends Machine {
  readonly playback: Pick<Playback, "isOver" | "isLeft" | "differences" | "recordedActs">;
  /** Facts that were asked for at looks that had not read them: what another look saw stood in. */
  readonly heldFacts: ReadonlySet<FactName>;
  /** The settings in force at the present look, as they were noted. */
  settings(): unknown;
}

/** A recording, opened twice: to be played, and to be searched for what a look had not read. */
export interface RecordedMachineOptions {
  readonly recording: Recording;
  readonly scout: Recording;
}

/**
 * Plays a recording back. As long as everything asked is what was asked when it was made, every answer is the one of then.
 * After that, a look shows what was recorded nearest to its time, and acts that were not recorded are rehearsed.
 */
export function recordedMachine({ recording, scout }: RecordedMachineOptions): RecordedMachine {
  const playback = startPlayback(recording);
  const nearest = nearestReadings(scout);
  const heldFacts = new Set<FactName>();
  let looksHere = 0;
  let isWoken = false;

  const sense = ({ needs }: Look): Snapshot => {
    if (playback.present === undefined) playback.advance();
    looksHere += 1;
    const seen = playback.present?.snapshot ?? nothing(playback.now);
    const { takenAt: _, victims, givers: _g, sleptFor: _s, hung: _h, hasBeenQuiet: _q, ...facts } = seen;
    const asked = whatToAnswer(needs, seen);
    const missing = asked.filter((need) => facts[need] === undefined);
    const isSameLook = missing.length === 0 && Object.keys(facts).length === asked.length;
    if (playback.isInStep && !isSameLook) playback.lookOtherwise();
    for (const need of missing) heldFacts.add(need);
    const readings = asked.map((need) => [need, facts[need] ?? nearest(need, playback.now) ?? neverRead(need)]);
    return { takenAt: playback.now, victims, ...asidesOf(seen), ...Object.fromEntries(readings) };
  };

  const wait = (until: Milliseconds): Waker => {
    if (playback.isInStep && !isWaitOfThen(playback, until)) playback.lookOtherwise();
    // Somebody wants to look at this very moment again, more closely, and nobody did so then.
    const isCloser = atLeast(playback.now, until) && !hasLookedCloser(playback);
    if (!playback.isInStep && isCloser && looksHere < 2) return "due";
    looksHere = 0;
    return playback.isInStep ? playback.advance() : playback.advanceTo(until);
  };

  const machine: Machine = {
    capabilities: recording.header.capabilities,
    now: () => playback.now,
    sense,
    act: (decision) => playback.answer(decision) ?? dry.act(decision),
    async wait(until) {
      // Whoever waits may be called in the meantime.
      await Promise.resolve();
      const wasWoken = isWoken;
      isWoken = false;
      return wasWoken ? "called" : wait(until);
    },
    wake() {
      isWoken = true;
    },
    [Symbol.dispose]() {
      recording[Symbol.dispose]();
      scout[Symbol.dispose]();
    },
  };
  const dry = withDryRun(machine);

  return {
    ...machine,
    sense: dry.sense,
    playback,
    heldFacts,
    settings: () => (playback.present ?? playback.upcoming)?.settings,
  };
}

/** After the last look there is nothing to compare with; without a wait of then, the look followed at once. */
function isWaitOfThen({ upcoming, now }: Playback, until: Milliseconds): boolean {
  if (upcoming === undefined) return true;
  return upcoming.wait === undefined ? atLeast(now, until) : upcoming.wait.until === until;
}

/** The next look followed at once: it is the closer one of this moment. */
const hasLookedCloser = ({ upcoming, now }: Playback): boolean =>
  upcoming !== undefined && (upcoming.wait === undefined || atLeast(now, upcoming.wait.until));

/** What a look tells besides what it was asked for. */
const asidesOf = ({ givers, sleptFor, hung, hasBeenQuiet }: Snapshot): Partial<Snapshot> => ({
  ...(givers && { givers }),
  ...(sleptFor !== undefined && { sleptFor }),
  ...(hung && { hung }),
  ...(hasBeenQuiet && { hasBeenQuiet }),
});

/** What a machine noted while it waited is less than a look asks for. */
const whatToAnswer = (needs: readonly FactName[], seen: Snapshot): readonly FactName[] =>
  seen.hasBeenQuiet ? needs.filter((need) => seen[need] !== undefined) : needs;

const nothing = (takenAt: Milliseconds): Snapshot => ({ takenAt, victims: [] });

const neverRead = (fact: FactName) =>
  unavailable({
    call: "replay",
    errno: "ENODATA",
    subject: fact,
    advice: "record again under settings that ask for it",
  });
