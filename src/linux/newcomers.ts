import { below, type Milliseconds, milliseconds, type Pid, pid, subtract } from "#domain/units.ts";
import { parseLastPid } from "#procfs/loadavg.ts";
import { ignore } from "./failure.ts";
import { keepFile } from "./kept-file.ts";

/** Who may have come since one asked before, told by the numbers the kernel gives out one after the other. */
export interface Newcomers extends Disposable {
  /** From now on whoever comes is new. To be called before the processes are listed. */
  begin(): void;
  /** The numbers given out since; most are of threads and of those who have gone. Undefined: nobody can tell, list all. */
  since(): readonly Pid[] | undefined;
}

/** In less time nobody starts as many tasks as there are numbers: 32,768 at the least, where 10,000 may be given out in a second. */
const trusted = milliseconds(2000);
/** To list 10,000 processes takes as long as to ask for so many numbers that nobody has any more. */
const most = 4000;

/**
 * Asks `/proc/loadavg` for the last number: 3 µs, however many processes there are. Numbers begin again at the bottom when
 * they are used up, and a process may ask for one (clone3(2), set_tid), which is left to the next listing.
 */
export function makeNewcomers(root: string, now: () => Milliseconds): Newcomers {
  const file = keepFile({ path: `${root}/proc/loadavg`, isOneRecord: true });
  let last: number | undefined;
  let askedAt = now();

  const ask = (): number | undefined => {
    try {
      return parseLastPid(file.read());
    } catch (error) {
      return ignore(error, "who is new is found in the list of all");
    }
  };

  const begin = (): void => {
    last = ask();
    askedAt = now();
  };

  return {
    begin,
    since() {
      const before = last;
      const isFresh = below(subtract(now(), askedAt), trusted);
      begin();
      if (before === undefined || last === undefined || !isFresh || last < before || last - before > most)
        return undefined;
      return Array.from({ length: last - before }, (_, index) => pid(before + 1 + index));
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}
