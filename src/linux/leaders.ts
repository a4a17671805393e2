import type { ProcessFacts } from "#domain/process.ts";
import type { Measure, TableDigest } from "#domain/table-digest.ts";
import { add, greatest, type KiB, kib, least as lesser, type Pid } from "#domain/units.ts";

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
const most = 16;

/** Where nobody says what to rank by: what they hold. */
const heldBy: Measure = ({ memory }) => memory && add(memory.rss, memory.swap);

/** Nobody is noted yet. */
export function makeLeaders(): Leaders {
  let measure = heldBy;
  let total = kib(0);
  /** Of all. */
  const measured = new Map<Pid, KiB | undefined>();
  let eligible = 0;
  const first = new Map<Pid, KiB>();
  /** Those of the measure before, until each of them has been ranked by this one: it may have come in the middle of a round. */
  let former: readonly Pid[] = [];
  let least: Pid | undefined;
  /** None of the others measures more. */
  let ceiling: KiB | undefined;
  const dying = new Set<Pid>();

  /** What somebody measures who is among the first; a badness may be below 0. */
  const sizeOf = (pid: Pid): number => first.get(pid) ?? Number.NEGATIVE_INFINITY;

  const findLeast = (): Pid | undefined => {
    for (const pid of first.keys()) if (least === undefined || sizeOf(pid) < sizeOf(least)) least = pid;
    return least;
  };

  const enter = (pid: Pid, size: KiB): void => {
    first.set(pid, size);
    least = undefined;
  };

  const leave = (pid: Pid): void => {
    if (first.delete(pid)) least = undefined;
  };

  const rank = (pid: Pid, size: KiB | undefined): void => {
    if (size === undefined) leave(pid);
    else if (first.has(pid) || first.size < most) enter(pid, size);
    else passOver(pid, size);
  };

  /** Of the last one and another, who measures less is not among the first. */
  const passOver = (pid: Pid, size: KiB): void => {
    const last = findLeast();
    const lastSize = last === undefined ? undefined : first.get(last);
    if (last === undefined || lastSize === undefined) return;
    const smaller = lesser(size, lastSize);
    ceiling = ceiling === undefined ? smaller : greatest(ceiling, smaller);
    if (size <= lastSize) return;
    leave(last);
    enter(pid, size);
  };

  const strike = (pid: Pid): void => {
    if (measured.get(pid) !== undefined) eligible -= 1;
    measured.delete(pid);
  };

  return {
    rankBy(by = heldBy, of) {
      if (by === measure && of === total) return;
      [measure, total, eligible, ceiling, least] = [by, of, 0, undefined, undefined];
      former = [...former, ...first.keys()];
      measured.clear();
      first.clear();
    },
    note(process) {
      const { pid } = process.identity;
      if (process.isDying && process.state !== "zombie") dying.add(pid);
      else dying.delete(pid);
      const size = measure(process, total);
      strike(pid);
      measured.set(pid, size);
      if (size !== undefined) eligible += 1;
      rank(pid, size);
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
      [ceiling, least] = [undefined, undefined];
      for (const [pid, size] of measured) if (size !== undefined) rank(pid, size);
    },
    pids: () => new Set([...first.keys(), ...former, ...dying]),
    tellOthers(but, known) {
      if (measured.size !== known) return undefined;
      let others = eligible;
      for (const pid of but) if (measured.get(pid) !== undefined) others -= 1;
      return { measure, total, most: ceiling, others };
    },
  };
}
