import type { Bound, ProcessFacts, ProcessTable } from "#domain/process.ts";
import { known, type Reading, unavailable } from "#domain/snapshot.ts";
import type { DigestWish } from "#domain/table-digest.ts";
import { add, atLeast, type Bytes, below, type Milliseconds, type Pid, seconds } from "#domain/units.ts";
import type { Look } from "#machine/machine.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import type { Census } from "./census.ts";
import { monotonicNow } from "./clock.ts";
import type { CountRss } from "./counted-rss.ts";
import { type DescriptorReserve, noReserve, readInReserve } from "./descriptor-reserve.ts";
import { failureOf } from "./failure.ts";
import { makeHeadCount } from "./head-count.ts";
import { pickByWeight } from "./heaviest.ts";
import { keepDescriptors } from "./kept-descriptors.ts";
import { makeLeaders } from "./leaders.ts";
import type { PatientReader } from "./patient-reader.ts";
import { type BookEntry, openBook } from "./process-book.ts";
import { makeProcessFiles } from "./process-files.ts";
import { makeRoll } from "./roll.ts";
import { noteChanges } from "./table-changes.ts";
import { makeTableRounds } from "./table-rounds.ts";
import { makeTeller } from "./tell-table.ts";
import { watchGrowth } from "./unexplained-growth.ts";
import type { Weighing } from "./weigh-process.ts";

/** Reads the process table: whole, or, where it is kept current, no more of it than can have changed and matters. */
export interface ProcessTableReader extends Disposable {
  /** All processes that can be seen now. */
  read(look: TableLook): Reading<ProcessTable>;
  /** Nobody is left of whom nothing was read. */
  isEverybodyKnown(): boolean;
  /** Reads on where the time ended before, so that a later look finds the table known. */
  keepCurrent(until: Milliseconds, look: Pick<TableLook, "isPressing" | "measure">): void;
}

/** What a look is to find out about processes. */
export type TableLook = Pick<Look, "isPressing" | "keepsTable" | keyof DigestWish>;

/** Where a table is read, and how its kernel counts. */
export interface ProcessTableOptions {
  readonly root: string;
  readonly countRss: CountRss;
  /** Reads what can hang; undefined: nothing of a recorded tree can. */
  readonly patient: PatientReader | undefined;
  /** Default: none. */
  readonly reserve?: DescriptorReserve;
  /** Where the kernel's scores say how much a process can have, they are read first, when there is no time for more. */
  readonly weighing?: { readonly pageSize: Bytes };
  /** Counts everybody at once, where the kernel can. */
  readonly census?: Census | undefined;
  /** Default: CLOCK_MONOTONIC. */
  readonly now?: () => Milliseconds;
}

/** So many are read in 10 ms. */
const few = 256;
/** Of a table that is not kept current somebody may have changed in every way after so long. */
const memory = seconds(10);

/** A reader that remembers nothing yet. */
export function makeProcessTableReader(options: ProcessTableOptions): ProcessTableReader {
  const { root, countRss, patient, weighing, census, now: clock = monotonicNow, reserve = noReserve } = options;
  const kept = keepDescriptors();
  const files = readInReserve(makeProcessFiles(root, { patient, kept }), reserve);
  const growth = watchGrowth(root);
  /** What the last look asked for. */
  let bounds: TableLook["bounds"];
  let isKept = false;
  /** When it was last seen to that what is known is true. */
  let currentAt = clock();
  const leaders = makeLeaders();
  const changes = noteChanges();
  const book = openBook({
    files,
    countRss,
    kept,
    listener: {
      onAcquaintance(facts, isNewcomer) {
        leaders.note(facts);
        changes.note(undefined, facts);
        if (isNewcomer) growth.noteNewcomer(facts, parentOf(facts));
      },
      onChange(before, facts) {
        if (facts === undefined) leaders.forget(before.identity.pid);
        else leaders.note(facts);
        changes.note(before, facts);
        growth.noteChange(before, facts);
      },
    },
  });
  const { entries, unread } = book;
  const roll = makeRoll({ root, book, reserve });
  const weighBy = (): Weighing | undefined => weighing && { ...growth.capacity, ...weighing, bounds };
  const headCount = makeHeadCount({ book, census, weighBy });
  const rounds = makeTableRounds({ book, roll, growth, leaders, weighBy });
  const parentOf = ({ parent }: ProcessFacts): ProcessFacts | undefined =>
    parent === undefined ? undefined : entries.get(parent)?.known?.facts;

  const readWhole = (mayHang: boolean): void => {
    roll.call();
    for (const entry of [...entries.values()]) book.read(entry, mayHang);
    growth.settle();
  };

  const readLeaders = (): void => {
    const pids = leaders.pids();
    kept.keepOnly(pids);
    for (const pid of pids) {
      const entry = entries.get(pid);
      if (entry !== undefined) book.check(entry, false);
    }
  };

  const boundsNow = (): readonly Bound[] => (bounds === undefined ? ["held", "permille"] : [bounds]);

  /** Those of the unread who can matter. */
  const pickUnread = (): ReadonlySet<BookEntry> => {
    const by = weighBy();
    // A few newcomers are read in the time it would take to weigh them and to find that they have to be read.
    const areFew = unread.size <= few && entries.size > 2 * unread.size;
    if (by === undefined || areFew) return new Set(unread);
    const weightless = (): readonly BookEntry[] => [...unread].filter(({ weight }) => weight === undefined);
    if (weightless().length > few) headCount.weighUnread();
    for (const entry of weightless()) book.weigh(entry, by);
    return pickByWeight([...unread], boundsNow());
  };

  const readUnread = (): void => {
    for (const entry of pickUnread()) book.read(entry, false);
  };

  const readOwnLine = (): ReadonlySet<Pid> => {
    const line = new Set<Pid>();
    let next: Pid | undefined = files.readSelf() ?? ownPid();
    while (next !== undefined && !line.has(next)) {
      line.add(next);
      const entry = book.add(next);
      if (unread.has(entry)) book.read(entry, false);
      next = entry.known?.facts.parent;
    }
    return line;
  };

  /** Somebody took memory who was not read again: all are asked. */
  const findWhoGrew = (): void => {
    for (const entry of headCount.findHeavier() ?? [...entries.values()]) {
      if (unread.has(entry)) delete entry.weight;
      else book.check(entry, false);
    }
    growth.settle();
    readUnread();
  };

  const readWhatMatters = (): void => {
    const hasLostSight = roll.enterNewcomers() === undefined || !roll.isComplete();
    if (hasLostSight && !headCount.readHeaviest({ bounds: boundsNow(), mayHang: false })) roll.call();
    for (const entry of roll.youngest()) if (!unread.has(entry)) book.check(entry, false);
    readLeaders();
    readUnread();
    readOwnLine();
    if (growth.isNoticeable()) findWhoGrew();
  };

  /** The rest of a table that has been kept: whoever is known was read within the last round. */
  const readRest = (): void => {
    readWhatMatters();
    if (!roll.isComplete()) roll.call();
    for (const entry of [...unread]) book.read(entry, false);
  };

  /** Whoever came is read at once, as long as there is time; if that cannot be told, the list of all tells. */
  const readNewcomers = (isOver: () => boolean, mayHang: boolean): void => {
    const newcomers = roll.enterNewcomers();
    if (newcomers === undefined) rounds.beginAnew();
    for (const entry of newcomers ?? []) if (!isOver()) book.check(entry, mayHang);
  };

  /** Those who are not known yet are read at once, unless this would take long; then who leads, who may be chosen at once. */
  const readIfFew = (): void => {
    if (unread.size > few) return;
    for (const entry of [...unread]) book.read(entry, false);
    readLeaders();
  };

  /** Nobody is known: there is time for what can hang, and in trouble nobody would tell what a rule asks for. */
  const readFirst = (asksForCmdline: boolean): void => {
    if (headCount.readHeaviest({ bounds: boundsNow(), mayHang: asksForCmdline, unlessFewer: few })) return;
    if (asksForCmdline) {
      readWhole(true);
      return;
    }
    roll.call();
    readIfFew();
  };

  const readKept = ({ isPressing, asksForCmdline = false }: TableLook): void => {
    if (isPressing) readWhatMatters();
    else if (entries.size === 0) readFirst(asksForCmdline);
    else {
      if (roll.enterNewcomers() === undefined) roll.call();
      readIfFew();
    }
  };

  /** What nobody has kept current since trouble was last near is no table of today. */
  const doubtIfOld = (): void => {
    const at = clock();
    if (below(add(currentAt, memory), at)) {
      book.doubt();
      growth.settle();
    }
    currentAt = at;
  };

  const tell = makeTeller({ book, leaders, changes, readOwnLine });

  return {
    read(look) {
      const { isPressing, keepsTable = false, measure } = look;
      if (keepsTable) bounds = look.bounds;
      doubtIfOld();
      try {
        if (keepsTable) leaders.rankBy(measure, growth.capacity.total);
        if (keepsTable) readKept(look);
        else if (isKept && isPressing) readRest();
        else readWhole(!isPressing);
        isKept = keepsTable;
        return known(tell(look));
      } catch (error) {
        return unavailable(failureOf(error, `${root}/proc`));
      }
    },
    isEverybodyKnown: () => entries.size > 0 && unread.size === 0 && roll.isComplete(),
    keepCurrent(until, { isPressing, measure }) {
      const mayHang = !isPressing;
      currentAt = clock();
      leaders.rankBy(measure, growth.capacity.total);
      const isOver = (): boolean => atLeast(clock(), until);
      if (entries.size > 0) readNewcomers(isOver, mayHang);
      // Opened when the round comes to them, so that the look that needs them has nothing to open.
      kept.keepOnly(leaders.pids());
      while (!isOver() && rounds.goOn(mayHang));
    },
    [Symbol.dispose]() {
      for (const each of [rounds, kept, roll, growth, headCount]) each[Symbol.dispose]();
    },
  };
}
