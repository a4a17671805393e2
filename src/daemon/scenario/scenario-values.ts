import { duration } from "#config/duration.ts";
import { largestSize, readSize as readAbsolute, size } from "#config/size.ts";
import { inRange, type Range, type Read, refused, splitNumber, type ValueType, value } from "#config/value-type.ts";
import {
  gib,
  type KiB,
  kib,
  type Milliseconds,
  milliseconds,
  percent,
  percentOf,
  scale,
  seconds,
} from "#domain/units.ts";
import { readRequired, readValue, type TableReader } from "./table-reader.ts";

/** A table of a scenario, read for a machine of a certain size. */
export interface StoryReader extends TableReader {
  /** What a share is a share of. */
  readonly ram: KiB;
}

const mostDays = 7;
/** A hog may want several times what there is. */
const mostShare = 1000;

/** Time in a scenario. */
export const span = duration([milliseconds(0), seconds(mostDays * 24 * 3600)]);

const ram = size();

/** What a story is told for: at least one size of RAM. */
export type RamSizes = readonly [KiB, ...KiB[]];

/** One size of RAM, or a list of them: a story whose other sizes are shares of it can be played at each. */
export const ramSizes: ValueType<RamSizes> = {
  wants: 'a size such as "16GiB", or a list of them',
  read: (written) => {
    const reads = (Array.isArray(written) ? written : [written]).map(ram.read);
    const refusal = reads.find((each) => each.kind === "refused");
    if (refusal !== undefined) return refusal;
    const [first, ...others] = reads.flatMap((each) => (each.kind === "value" ? [each.value] : []));
    return first === undefined
      ? refused("it is an empty list", 'write a size such as "16GiB"')
      : value([first, ...others]);
  },
  show: (sizes) => sizes.map(ram.show).join(", "),
};

const anySize: Range<KiB> = [kib(0), largestSize];

/** Memory in a scenario, nothing at all included: a size, or a share of RAM, with which one story fits machines of every size. */
const memory = (whole: KiB): ValueType<KiB> => ({
  ...size(anySize),
  wants: 'a size such as "512MiB", or a share of RAM such as "30%"',
  read: (written) => {
    const number = typeof written === "string" ? splitNumber(written) : undefined;
    return number?.unit === "%" ? readShareOf(whole, number.amount) : readAbsolute(written, anySize);
  },
});

function readShareOf(whole: KiB, amount: number): Read<KiB> {
  if (amount < 0 || amount > mostShare) {
    return refused(`it lies outside "0%" to "${mostShare}%"`, "write a share of RAM within that");
  }
  return inRange(kib(scale(percentOf(percent(1), whole), amount)), anySize, String);
}

/** A size that may be left open. */
export const readSize = (reader: StoryReader, key: string): KiB | undefined =>
  readValue(reader, key, memory(reader.ram));

/** A size that has to be written. */
export const requireSize = (reader: StoryReader, key: string): KiB =>
  readRequired(reader, key, { type: memory(reader.ram), fallback: gib(1) });

/** A time that has to be written. */
export const requireSpan = (reader: TableReader, key: string): Milliseconds =>
  readRequired(reader, key, { type: span, fallback: seconds(60) });

/** Where a cgroup is. */
export const pathType: ValueType<string> = {
  wants: 'a path that begins with "/"',
  read: (written) =>
    typeof written === "string" && written.startsWith("/")
      ? value(written)
      : refused("it is no path of a cgroup", 'write a path that begins with "/"'),
  show: (path) => `"${path}"`,
};

/** A plain number of a range, with or without a fraction. */
const number = (wants: string, range: Range<number>): ValueType<number> => ({
  wants,
  read: (written) =>
    typeof written === "number" && Number.isFinite(written)
      ? inRange(written, range, String)
      : refused("it is not a number", `write ${wants}, without quotes`),
  show: String,
});

/** How many pages fit into one. */
export const factor = number("a number from 1 to 100", [1, 100]);

/** How often something happens in a second. */
export const frequency = number("a number from 0.001 to 10000", [0.001, 10_000]);
