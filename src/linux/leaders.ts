import type { ProcessFacts } from "#domain/process.ts";
import { compareRanks, type Measure, type Rank, type TableDigest } from "#domain/table-digest.ts";
import { add, type KiB, kib, type Pid } from "#domain/units.ts";

/** Who is to be read again before anything is decided: those who measure most, and whoever is dying, until it is gone. */
export interface Leaders {
  /** What is ranked by from now on. If it is another measure, or another machine, nobody has been noted by it yet. */
  rankBy(measure: Measure | undefined, total: KiB): void;
  /** What a process shows now. */
  note(process: ProcessFacts): void;
  isNoted(pid: Pid): boolean;
  forget(pid: Pid): void;
  /** Ranks all that were noted anew: who was passed over once moves up when others have gone. */
  settle(): void;
  pids(): ReadonlySet<Pid>;
  /** What there is to say of everybody but these, when so many are known. Undefined: not all of them were noted. */
  tellOthers(but: ReadonlySet<Pid>, known: number): Omit<TableDigest, "since" | "changes" | "heads"> | undefined;
}

/** Whoever is chosen is among them, unless all of them were given up before; ten are told in a report. */
const most = 12;

/** Where nobody says what to rank by: what they hold. */
const heldBy: Measure = ({ memory }) => memory && add(memory.rss, memory.swap);

const earlierOf = (a: Rank, b: Rank): Rank => (compareRanks(b, a) < 0 ? b : a);
const laterOf = (a: Rank, b: Rank): Rank => (compareRanks(b, a) > 0 ? b : a);

/** Nobody is noted yet. */
export function makeLeaders(): Leaders {
  let measure = heldBy;
  let total = kib(0);
  /** Of all. */
  const measured = new Map<Pid, Rank | undefined>();
  let eligible = 0;
  const first = new Map<Pid, Rank>();
  /** Those of the measure before, until each of them has been ranked by this one: it may have come in the middle of a round. */
  let former: readonly Pid[] = [];
  /** Of the first; undefined: to be found out. */
  let last: Rank | undefined;
  /** None of the others comes before. */
  let firstOther: Rank | undefined;
  const dying = new Set<Pid>();

  const findLast = (): Rank | undefined => {
    if (last === undefined) for (const rank of first.values()) last = laterOf(last ?? rank, rank);
    return last;
  };

  const enter = (rank: Rank): void => {
    first.set(rank.identity.pid, rank);
    last = undefined;
  };

  const leave = (pid: Pid): void => {
    if (first.delete(pid)) last = undefined;
  };

  const place = (pid: Pid, rank: Rank | undefined): void => {
    if (rank === undefined) leave(pid);
    else if (first.has(pid) || first.size < most) enter(rank);
    else passOver(rank);
  };

  /** Of the last one and another, who comes later is not among the first. */
  const passOver = (rank: Rank): void => {
    const before = findLast();
    if (before === undefined) return;
    const later = laterOf(rank, before);
    firstOther = firstOther === undefined ? later : earlierOf(firstOther, later);
    if (later === rank) return;
    leave(before.identity.pid);
    enter(rank);
  };

  const strike = (pid: Pid): void => {
    if (measured.get(pid) !== undefined) eligible -= 1;
    measured.delete(pid);
  };

  return {
    rankBy(by = heldBy, of) {
      if (by === measure && of === total) return;
      [measure, total, eligible, firstOther, last] = [by, of, 0, undefined, undefined];
      former = [...former, ...first.keys()];
      measured.clear();
      first.clear();
    },
    note(process) {
      const { identity } = process;
      const { pid } = identity;
      if (process.isDying && process.state !== "zombie") dying.add(pid);
      else dying.delete(pid);
      const size = measure(process, total);
      const rank = size === undefined ? undefined : { size, identity };
      strike(pid);
      measured.set(pid, rank);
      if (rank !== undefined) eligible += 1;
      place(pid, rank);
    },
    isNoted: (pid) => measured.has(pid),
    forget(pid) {
      strike(pid);
      leave(pid);
      former = former.filter((other) => other !== pid);
      dying.delete(pid);
    },
    settle() {
      former = former.filter((pid) => !measured.has(pid));
      first.clear();
      [firstOther, last] = [undefined, undefined];
      for (const [pid, rank] of measured) if (rank !== undefined) place(pid, rank);
    },
    pids: () => new Set([...first.keys(), ...former, ...dying]),
    tellOthers(but, known) {
      if (measured.size !== known) return undefined;
      let others = eligible;
      for (const pid of but) if (measured.get(pid) !== undefined) others -= 1;
      return { measure, total, firstOther, others };
    },
  };
}
