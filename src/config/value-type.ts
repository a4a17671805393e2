import { type Percent, percent } from "#domain/units.ts";

/** A written value, or what is wrong with it and what would be right. */
export type Read<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "refused"; readonly found: string; readonly wanted: string };

/** What a setting may hold: how it is written, read and shown. */
export interface ValueType<T> {
  /** A phrase for people: `a time such as "250ms"`. */
  readonly wants: string;
  /** Takes any value TOML can express. */
  read(written: unknown): Read<T>;
  /** The value as it could be written. */
  show(value: T): string;
}

/** The type of the values of a `ValueType`. */
export type ValueOf<V> = V extends ValueType<infer T> ? T : never;

/** A value that was understood. */
export const value = <T>(read: T): Read<T> => ({ kind: "value", value: read });

/** What was found instead of a value, and what to write. */
export const refused = (found: string, wanted: string): Read<never> => ({ kind: "refused", found, wanted });

/** The least and the most a setting may be, both allowed. */
export type Range<T> = readonly [least: T, most: T];

/** Refuses what lies outside a range. */
export const inRange = <T extends number>(read: T, [least, most]: Range<T>, show: (value: T) => string): Read<T> =>
  read < least || read > most
    ? refused(`it lies outside ${show(least)} to ${show(most)}`, `write a value from ${show(least)} to ${show(most)}`)
    : value(read);

/** What kind of thing TOML delivered, for refusals. */
export function describeWritten(written: unknown): string {
  if (Array.isArray(written)) return "a list";
  if (written instanceof Date) return "a date or time of day";
  if (typeof written === "object") return "a table";
  return { string: "a text", number: "a number", boolean: "a flag" }[String(typeof written)] ?? "nothing";
}

/** True or false. */
export const flag: ValueType<boolean> = {
  wants: "true or false",
  read: (written) =>
    typeof written === "boolean"
      ? value(written)
      : refused(`${describeWritten(written)} is not a flag`, "write true or false, without quotes"),
  show: String,
};

/** One of a few words. */
export const choice = <const W extends string>(words: readonly W[]): ValueType<W> => {
  const wants = `one of ${words.map((word) => `"${word}"`).join(", ")}`;
  return {
    wants,
    read: (written) => {
      const word = words.find((each) => each === written);
      return word === undefined ? refused("it is not a word known here", `write ${wants}`) : value(word);
    },
    show: (word) => `"${word}"`,
  };
};

/** A name whose meaning is looked up later, such as that of a preset. */
export const nameOf = (thing: string): ValueType<string> => ({
  wants: `the name of ${thing}`,
  read: (written) =>
    typeof written === "string" && written !== ""
      ? value(written)
      : refused("it is not a name", `write the name of ${thing} in quotes`),
  show: (name) => `"${name}"`,
});

/** A list of names whose meaning is looked up later. */
export const names = (things: string): ValueType<readonly string[]> => {
  const wanted = `write a list of ${things}, such as ["headroom"]`;
  return {
    wants: `a list of ${things}`,
    read: (written) => {
      if (!Array.isArray(written)) return refused(`${describeWritten(written)} is not a list`, wanted);
      if (written.length === 0) return refused("it is empty, and nobody would ever raise it", wanted);
      const read: unknown[] = written;
      const texts = read.filter((name) => typeof name === "string" && name !== "");
      return texts.length === read.length
        ? value(texts.map(String))
        : refused("one of its elements is not a name", wanted);
    },
    show: (list) => JSON.stringify(list),
  };
};

/** A whole number without a unit: a count, a priority. */
export const whole = (range: Range<number>): ValueType<number> => {
  const wants = `a whole number from ${range[0]} to ${range[1]}`;
  return {
    wants,
    read: (written) =>
      Number.isSafeInteger(written)
        ? inRange(Number(written), range, String)
        : refused("it is not a whole number", `write ${wants}, without quotes`),
    show: String,
  };
};

/** A share, with its sign: "30%". */
export const share = (range: Range<Percent>): ValueType<Percent> => {
  const example = `"${Math.min(range[1], Math.max(range[0], 8))}%"`;
  return {
    wants: `a share from "${range[0]}%" to "${range[1]}%"`,
    read: (written) => {
      if (typeof written === "number") return refused("a bare number says no unit", `write "${written}%"`);
      const number = typeof written === "string" ? splitNumber(written) : undefined;
      if (number === undefined || number.unit !== "%") {
        return refused("it is not a share", `write a number and a percent sign, such as ${example}`);
      }
      return readShare(number.amount, range);
    },
    show: showShare,
  };
};

/** `"8%"` */
export const showShare = (of: Percent): string => `"${of}%"`;

/** A number known to be followed by a percent sign. */
export function readShare(amount: number, range: Range<Percent>): Read<Percent> {
  if (amount < 0) return refused("it is negative", "write a share above zero");
  if (amount > 100) return refused("it is more than the whole", `write ${showShare(range[1])} at most`);
  return inRange(percent(amount), range, showShare);
}

/** "1.5 GiB" → 1.5 and "GiB". One space between them is allowed, an exponent is not. */
export function splitNumber(written: string): { readonly amount: number; readonly unit: string } | undefined {
  const [, amount, unit] = /^(-?\d+(?:\.\d+)?) ?([A-Za-zµ%]*)$/.exec(written.trim()) ?? [];
  return amount === undefined || unit === undefined ? undefined : { amount: Number(amount), unit };
}
