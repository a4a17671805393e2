import {
  kib,
  type Milliseconds,
  milliseconds,
  type OomScoreAdj,
  oomScoreAdj,
  oomScoreAdjMax,
  oomScoreAdjMin,
  percent,
  seconds,
  type Uid,
  uid,
} from "#domain/units.ts";
import type { GivenAmount } from "#plan/amount.ts";
import { amount } from "./amount.ts";
import { type Comparison, comparison } from "./comparison.ts";
import { duration } from "./duration.ts";
import { largestSize } from "./size.ts";
import { describeWritten, inRange, type Range, refused, type ValueType, value } from "./value-type.ts";

/** A whole number in quotes. */
const numeral = <Q extends number>(range: Range<number>, make: (n: number) => Q): Pick<ValueType<Q>, "read"> => ({
  read(written) {
    const number = typeof written === "string" && /^-?\d+$/.test(written) ? Number(written) : Number.NaN;
    if (!Number.isSafeInteger(number))
      return refused(`"${written}" is not a whole number`, `write a number from ${range[0]} to ${range[1]}`);
    const read = inRange(number, range, String);
    return read.kind === "refused" ? read : value(make(number));
  },
});

/** The kernel keeps the last one for "nobody". @see include/linux/uidgid.h: uid_valid */
const highestUid = 2 ** 32 - 2;
/** A number of a user: whoever wrote a name meant another condition. */
const userNumber: Pick<ValueType<Uid>, "read"> = {
  read: (written) =>
    /^[a-z_]/i.test(String(written))
      ? refused(`"${written}" is a name`, `write user = "${written}"`)
      : numeral([0, highestUid], uid).read(written),
};

const days = (n: number): Milliseconds => seconds(n * 86_400);

const someAmount = amount({ size: [kib(0), largestSize], share: [percent(0), percent(100)] });

/** A size, or a share of user memory: what follows the machine by itself cannot be compared with. */
const comparedAmount: Pick<ValueType<GivenAmount>, "read"> = {
  read(written) {
    const read = someAmount.read(written);
    if (read.kind === "refused") return read;
    return read.value.kind === "auto"
      ? refused("auto is no amount of memory", 'write a size such as "512MiB", or a share such as "8%"')
      : value(read.value);
  },
};

/** What conditions that are no patterns can hold. */
export const conditionTypes = {
  uid: comparison<Uid>({ one: userNumber, example: ">= 1000", noun: "number", isCounted: true }),
  age: comparison<Milliseconds>({
    one: duration([milliseconds(0), days(3650)]),
    example: "> 10min",
    noun: "time",
    isCounted: false,
  }),
  oom_score_adj: comparison<OomScoreAdj>({
    one: numeral([oomScoreAdjMin, oomScoreAdjMax], oomScoreAdj),
    example: "> 0",
    noun: "number",
    isCounted: true,
  }),
  memory: comparison<GivenAmount>({
    one: comparedAmount,
    example: "> 1GiB",
    noun: "size",
    isCounted: false,
  }),
} as const;

/** What a rule compares memory with, before any machine is known. */
export type MemoryComparison = Comparison<GivenAmount>;

/** One name, or a list of them. */
export const userNames: ValueType<readonly string[]> = {
  wants: "the name of a user, or a list of names",
  read(written) {
    const list: readonly unknown[] = Array.isArray(written) ? written : [written];
    const names = list.filter((each) => typeof each === "string" && each !== "");
    if (names.length === list.length && names.length > 0) return value(names.map(String));
    const found = typeof written === "number" ? "it is a number" : `${describeWritten(written)} is no name`;
    return refused(found, typeof written === "number" ? `write uid = ${written}` : `write ${userNames.wants}`);
  },
  show: (names) => JSON.stringify(names),
};
