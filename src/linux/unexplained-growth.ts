import type { ProcessFacts } from "#domain/process.ts";
import { add, kib, lessened } from "#domain/units.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { ignore } from "./failure.ts";
import { keepFile } from "./kept-file.ts";
import type { Capacity } from "./weigh-process.ts";

/**
 * Compares what processes were seen to take with what the whole machine shows: if more has gone than those who were read again
 * have taken, one of the others took it, and has to be found.
 */
export interface UnexplainedGrowth extends Disposable {
  /** As it was last looked at. */
  readonly capacity: Capacity;
  /** A process that was known shows other figures, or, undefined, has gone. */
  noteChange(before: ProcessFacts, now: ProcessFacts | undefined): void;
  /** A process has come since the others were read. */
  noteNewcomer(now: ProcessFacts, parent: ProcessFacts | undefined): void;
  /** Everybody is known as of now. */
  settle(): void;
  /** Everybody is about to be read, one after the other; at the next `beginRound` they were. */
  beginRound(): void;
  isNoticeable(): boolean;
}

/** Of RAM and swap. What happens beside the processes that are read again is less than this most of the time. */
const noticeable = 1 / 256;

interface Mark {
  readonly held: number;
  readonly explained: number;
}

/** Of one machine; where it does not tell what it holds, nothing is ever noticed. */
export function watchGrowth(root: string): UnexplainedGrowth {
  const file = keepFile({ path: `${root}/proc/meminfo`, isOneRecord: true });
  let capacity: Capacity = { total: kib(0), swapUsed: kib(0) };
  let explained = 0;

  const mark = (): Mark | undefined => {
    try {
      const { anon, total: ram, swapTotal, swapFree } = parseMeminfo(file.read());
      capacity = { total: add(ram, swapTotal), swapUsed: lessened(swapTotal, swapFree) };
      return { held: add(anon, capacity.swapUsed), explained };
    } catch (error) {
      return ignore(error, "the sensor of meminfo tells");
    }
  };

  mark();
  // Until somebody is read there is nothing to be compared.
  let since: Mark | undefined;
  let roundSince: Mark | undefined;

  return {
    get capacity() {
      return capacity;
    },
    noteChange(before, now) {
      explained += ownOf(now) - ownOf(before);
    },
    noteNewcomer(now, parent) {
      // A child shows what it has of its parent as its own, though nobody holds more than before.
      explained += Math.max(0, ownOf(now) - ownOf(parent));
    },
    settle() {
      since = mark();
      roundSince = since;
    },
    beginRound() {
      const now = mark();
      since = roundSince ?? now;
      roundSince = now;
    },
    isNoticeable() {
      const now = mark();
      if (now === undefined || since === undefined) return false;
      return now.held - since.held - (now.explained - since.explained) > capacity.total * noticeable;
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}

const ownOf = (process: ProcessFacts | undefined): number =>
  process?.memory === undefined ? 0 : process.memory.anon + process.memory.swap;
