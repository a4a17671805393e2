import type { KiB, Percent } from "#domain/units.ts";
import type { Amount } from "#plan/amount.ts";
import { readSize, showSize } from "./size.ts";
import {
  type Range,
  type Read,
  readShare,
  refused,
  showShare,
  splitNumber,
  type ValueType,
  value,
} from "./value-type.ts";

interface AmountRange {
  readonly size: Range<KiB>;
  readonly share: Range<Percent>;
  /** What a share is a share of. */
  readonly of?: string;
}

/** A size, or a share, of something that nobody decides but who writes. */
export const writtenAmount = (range: Required<AmountRange>): ValueType<Amount> => ({
  wants: `a size of at least ${showSize(range.size[0])}, or a share of ${range.of} up to ${showShare(range.share[1])}`,
  read: (written) =>
    written === "auto"
      ? refused("nothing can be found out for it by itself", 'write a size such as "512MiB", or a share such as "50%"')
      : readAmount(written, range),
  show: showAmount,
});

/** "auto", a size, or a share: of user memory, unless said otherwise. */
export const amount = (range: AmountRange): ValueType<Amount> => ({
  wants: `"auto", a size of at least ${showSize(range.size[0])}, or a share of ${range.of ?? "user memory"} up to ${showShare(range.share[1])}`,
  read: (written) => readAmount(written, range),
  show: showAmount,
});

function readAmount(written: unknown, range: AmountRange): Read<Amount> {
  if (written === "auto") return value({ kind: "auto" });
  if (typeof written === "number") {
    const amountMeant = Math.abs(written);
    const share = amountMeant <= range.share[1] ? ` or "${amountMeant}%"` : "";
    return refused("a bare number says no unit", `write "${amountMeant}MiB"${share}`);
  }
  const number = typeof written === "string" ? splitNumber(written) : undefined;
  if (number === undefined) {
    return refused("it is no amount of memory", 'write a size such as "512MiB", or a share such as "8%"');
  }
  if (number.unit === "%") {
    return mapRead(readShare(number.amount, range.share), (share) => ({ kind: "share", share }));
  }
  return mapRead(readSize(written, range.size), (size) => ({ kind: "size", size }));
}

const mapRead = <T>(read: Read<T>, change: (value: T) => Amount): Read<Amount> =>
  read.kind === "refused" ? read : value(change(read.value));

/** As it could be written. */
export function showAmount(amountWritten: Amount): string {
  switch (amountWritten.kind) {
    case "auto":
      return '"auto"';
    case "size":
      return showSize(amountWritten.size);
    case "share":
      return showShare(amountWritten.share);
  }
}
