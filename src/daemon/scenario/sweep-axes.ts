/** A setting, and the values it takes one after the other. */
export interface SweepAxis {
  readonly key: string;
  readonly values: readonly string[];
}

/** One value of each axis, as `--set` takes them. */
export type Combination = readonly { readonly key: string; readonly value: string }[];

/** More nobody reads, and each of them plays the whole story. */
const mostCombinations = 100;

/** Reads `key=a,b,c`, as often as it is given. A value in brackets or quotes may hold commas itself. */
export function readSweep(
  written: readonly string[],
):
  | { readonly kind: "combinations"; readonly combinations: readonly Combination[] }
  | { readonly kind: "refused"; readonly text: string } {
  const axes: SweepAxis[] = [];
  for (const text of written) {
    const axis = readAxis(text);
    if (axis === undefined)
      return refuse(text, 'it is not of the form key=value,value; write such as "headroom.low=2%,5%"');
    if (axes.some(({ key }) => key === axis.key))
      return refuse(text, `${axis.key} is swept already; write all its values in one`);
    axes.push(axis);
  }
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostCombinations) {
    return refuse(
      written.join(" "),
      `it would play ${count} stories; leave no more than ${mostCombinations} combinations`,
    );
  }
  return { kind: "combinations", combinations: combine(axes) };
}

const refuse = (written: string, why: string) =>
  ({ kind: "refused", text: `Cannot sweep "${written}": ${why}` }) as const;

function readAxis(text: string): SweepAxis | undefined {
  const [, key = "", list = ""] = /^([^=\s]+)=(.+)$/s.exec(text) ?? [];
  const values = splitValues(list).map((value) => value.trim());
  return key === "" || values.includes("") ? undefined : { key, values };
}

/** At commas, but for those within brackets or quotes. */
const splitValues = (list: string): readonly string[] => list.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)(?![^[]*\])/);

/** The last axis changes first, as in a table that is read line by line. */
const combine = (axes: readonly SweepAxis[]): readonly Combination[] =>
  axes.reduce<readonly Combination[]>(
    (made, { key, values }) => made.flatMap((before) => values.map((value) => [...before, { key, value }])),
    [[]],
  );
