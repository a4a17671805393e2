import { firstWhole, lastWhole, type Quantity } from "#domain/units.ts";
import type { Span } from "#engine/rule.ts";
import { type Read, refused, type ValueType, value } from "./value-type.ts";

/** One end of a comparison: a quantity, and whether one may be as much. */
interface End<T> {
  readonly of: T;
  readonly mayEqual: boolean;
}

/** What a quantity is compared with. An end that is absent is not there. */
export interface Comparison<T> {
  readonly from?: End<T>;
  readonly to?: End<T>;
}

/** What is compared. */
export interface Compared<T> {
  /** Reads one quantity, written in quotes. */
  readonly one: Pick<ValueType<T>, "read">;
  /** `"> 10min"` */
  readonly example: string;
  /** `time` */
  readonly noun: string;
  /** A number without quotes means exactly that; of what changes all the time none would be met. */
  readonly isCounted: boolean;
}

/** `"> 10min"`, `"<= 2GiB"`, `"1000..1999"`; a list holds if one of its comparisons does. */
export const comparison = <T>(compared: Compared<T>): ValueType<readonly Comparison<T>[]> => {
  const { noun, example, isCounted } = compared;
  const wants = `${isCounted ? "a number, " : ""}a comparison such as "${example}", a range of ${noun}s "FROM..TO", or a list of these`;
  return {
    wants,
    read(written) {
      const list = Array.isArray(written) ? written : [written];
      if (list.length === 0) return refused("it lists nothing", `write ${wants}`);
      const read = list.map((each) => readOne(each, compared));
      const wrong = read.find((each) => each.kind === "refused");
      return wrong ?? value(read.flatMap((each) => (each.kind === "value" ? [each.value] : [])));
    },
    show: (comparisons) => JSON.stringify(comparisons),
  };
};

function readOne<T>(written: unknown, compared: Compared<T>): Read<Comparison<T>> {
  const { one, example, isCounted, noun } = compared;
  if (typeof written === "number" && isCounted) return exactly(one.read(String(written)));
  const text = typeof written === "string" ? written.trim() : "";
  const [, sign, limit] = /^(<=|>=|<|>)\s*(.+)$/.exec(text) ?? [];
  if (sign !== undefined && limit !== undefined) return mapRead(one.read(limit), (of) => oneSided(sign, of));
  const [, from, to] = /^(.+?)\s*\.\.\s*(.+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return range(one.read(from), one.read(to));
  if (isCounted && text !== "") return exactly(one.read(text));
  return refused(
    `it is no comparison`,
    `write <, <=, > or >= and a ${noun}, such as "${example}", or a range "FROM..TO"`,
  );
}

const mapRead = <T, R>(read: Read<T>, change: (value: T) => R): Read<R> =>
  read.kind === "refused" ? read : value(change(read.value));

const including = <T>(of: T): End<T> => ({ of, mayEqual: true });

const exactly = <T>(read: Read<T>): Read<Comparison<T>> =>
  mapRead(read, (of) => ({ from: including(of), to: including(of) }));

function oneSided<T>(sign: string, of: T): Comparison<T> {
  const end = { of, mayEqual: sign.endsWith("=") };
  return sign.startsWith(">") ? { from: end } : { to: end };
}

const range = <T>(from: Read<T>, to: Read<T>): Read<Comparison<T>> => {
  if (from.kind === "refused") return from;
  return mapRead(to, (of) => ({ from: including(from.value), to: including(of) }));
};

/** The whole numbers that comparisons let through, once each quantity is known as a number. */
export const spansOf = <T, Q extends Quantity<string>>(
  comparisons: readonly Comparison<T>[],
  resolve: (of: T) => Q,
): readonly Span<Q>[] =>
  comparisons.map(({ from, to }) => ({
    ...(from && { from: firstWhole(resolve(from.of), from) }),
    ...(to && { to: lastWhole(resolve(to.of), to) }),
  }));

/** Whether no number lies in a span: it was written the wrong way round. */
export const isEmpty = ({ from, to }: Span<number>): boolean => from !== undefined && to !== undefined && from > to;
