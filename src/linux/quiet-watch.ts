import type { Quiet } from "#domain/quiet.ts";
import { known, type Snapshot } from "#domain/snapshot.ts";
import { add, type Milliseconds, subtract } from "#domain/units.ts";
import { closeFd, type Fd, openFile, readAt } from "#native-bindings/file.ts";
import { type Bound, type GuardedFile, roomForFile, type Sighting } from "#native-bindings/vigil.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { findNumeral, type Numeral } from "#procfs/numeral.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { ignore } from "./failure.ts";

/** Says what has to stay as it is in the files of the kernel while it is quiet, and remembers the last of it. */
export interface QuietWatch extends Disposable {
  /** Undefined: it is not quiet now, or nobody can tell, which is for a look to find out. */
  guard(quiet: Quiet): readonly GuardedFile[] | undefined;
  /** The last that was seen of these files while it was quiet. */
  remember(last: Sighting | undefined): void;
  /** The same as a look, since this was last asked for. */
  takeLast(): Snapshot | undefined;
}

/** The machine's own clock, and CLOCK_MONOTONIC, of which sightings tell. */
interface Clocks {
  readonly now: () => Milliseconds;
  readonly monotonic: () => Milliseconds;
}

interface Opened {
  readonly path: string;
  fd: Fd | undefined;
}

/** Opens nothing before it is asked. Each of the files is printed as one record, so that one read has it all. */
export function makeQuietWatch(root: string, { now, monotonic }: Clocks): QuietWatch {
  const meminfo: Opened = { path: `${root}/proc/meminfo`, fd: undefined };
  const pressure: Opened = { path: `${root}/proc/pressure/memory`, fd: undefined };
  let last: Sighting | undefined;

  return {
    guard(quiet) {
      const files = [guardFile(meminfo, quiet, boundMeminfo), guardFile(pressure, quiet, boundPressure)];
      return files.every((file) => file !== undefined) ? files : undefined;
    },
    remember(seen) {
      last = seen ?? last;
    },
    takeLast() {
      if (last === undefined) return undefined;
      const { at, texts } = last;
      last = undefined;
      const [memory = nothing, stalls = nothing] = texts;
      return {
        takenAt: add(now(), subtract(at, monotonic())),
        hasBeenQuiet: true,
        victims: [],
        meminfo: known(parseMeminfo(memory)),
        pressure: known(parsePressure(stalls)),
      };
    },
    [Symbol.dispose]() {
      close(meminfo);
      close(pressure);
    },
  };
}

const nothing = new Uint8Array();

type BindFile = (text: Uint8Array, quiet: Quiet) => readonly Bound[] | undefined;

function guardFile(file: Opened, quiet: Quiet, bind: BindFile): GuardedFile | undefined {
  const text = new Uint8Array(roomForFile);
  try {
    file.fd ??= openFile(file.path);
    const size = readAt(file.fd, text, 0);
    const bounds = size < text.length ? bind(text.subarray(0, size), quiet) : undefined;
    return bounds && { fd: file.fd, size, bounds };
  } catch (error) {
    close(file);
    return ignore(error, "the look that follows tells what cannot be read");
  }
}

function boundMeminfo(text: Uint8Array, quiet: Quiet): readonly Bound[] | undefined {
  const available = findNumeral(text, "\nMemAvailable:");
  if (available === undefined || available.value < quiet.available) return undefined;
  const { total, hugetlb, swapTotal, swapFree } = quiet.meminfo;
  const same = [
    keepSame(text, "MemTotal:", total),
    keepSame(text, "\nHugetlb:", hugetlb),
    keepSame(text, "\nSwapTotal:", swapTotal),
    keepSame(text, "\nSwapFree:", swapFree),
  ];
  if (!same.every((bounds) => bounds !== undefined)) return undefined;
  return [...keepBeyond(text, available, { holds: "least", limit: quiet.available }), ...same.flat()];
}

function boundPressure(text: Uint8Array, { stalled }: Quiet): readonly Bound[] | undefined {
  const total = findNumeral(text, "total=");
  if (total === undefined || total.value > stalled) return undefined;
  return keepBeyond(text, total, { holds: "most", limit: Math.floor(stalled) });
}

/** Undefined: it is another already. What the kernel does not print cannot change. */
function keepSame(text: Uint8Array, label: string, value: number | undefined): readonly Bound[] | undefined {
  const numeral = findNumeral(text, label);
  if (numeral?.value !== value) return undefined;
  return numeral === undefined
    ? []
    : [{ at: numeral.label, text: text.slice(numeral.label, numeral.end + 1), holds: "same" }];
}

/** A number that may change on this side of a limit, as long as it stays where it is and has as many places. */
function keepBeyond(
  text: Uint8Array,
  { label, start, end }: Numeral,
  { holds, limit }: { readonly holds: "least" | "most"; readonly limit: number },
): readonly Bound[] {
  return [
    { at: label, text: text.slice(label, start), holds: "same" },
    { at: start, text: inPlaces(limit, end - start), holds },
    { at: end, text: text.slice(end, end + 1), holds: "same" },
  ];
}

/** As the kernel aligns it, to the right; what has more places is beyond all that has so many. */
function inPlaces(limit: number, places: number): Uint8Array {
  const digits = String(limit);
  return new TextEncoder().encode(digits.length > places ? "9".repeat(places) : digits.padStart(places, " "));
}

function close(file: Opened): void {
  if (file.fd !== undefined) closeFd(file.fd);
  file.fd = undefined;
}
