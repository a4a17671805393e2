import { rankerNames } from "#domain/branch.ts";
import { gib, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import type { Amount } from "#plan/amount.ts";
import { highestWatermark } from "#plan/highest-watermark.ts";
import type { BranchRecipe, MemcgLimitMarks } from "#plan/recipe.ts";
import { type HeadroomMarks, resolveWatermarks } from "#plan/watermarks.ts";
import { amount, writtenAmount } from "./amount.ts";
import { type Document, placeOfKey, type Table } from "./document.ts";
import { duration } from "./duration.ts";
import { memcgPath } from "./giver-values.ts";
import type { TomlPath } from "./locate.ts";
import { type Problem, problem } from "./problem.ts";
import type { memcgKeys } from "./schema.ts";
import { memcgListKey } from "./settle.ts";
import { largestSize } from "./size.ts";
import { describePlace, type Place } from "./source-text.ts";
import { type Reading, readTableList, readTableValues, type TableValues } from "./table-list.ts";
import { choice, flag, share, type ValueType } from "./value-type.ts";

const watermark = amount({
  size: [mib(1), largestSize],
  share: [percent(0.1), highestWatermark],
  of: "its limit",
});

/** A limit of its own, which nobody has unless it is written. */
const ownLimit = (of: string): ValueType<Amount> =>
  writtenAmount({ size: [mib(1), largestSize], share: [percent(0.1), percent(100)], of });

/** What each key may hold. */
const values = {
  path: memcgPath,
  min: watermark,
  low: watermark,
  high: watermark,
  stall_limit: share([percent(1), percent(100)]),
  stall_window: duration([milliseconds(500), seconds(60)]),
  swap_limit: ownLimit("the swap it may use"),
  size_limit: ownLimit("its limit, or of RAM without one"),
  hold_for: duration([milliseconds(0), seconds(600)]),
  growth_limit: ownLimit("its limit, or of RAM without one"),
  growth_window: duration([milliseconds(500), seconds(600)]),
  kill_by: choice(rankerNames),
  recursive: flag,
  unit: choice(["memcg", "process"]),
} as const satisfies Record<keyof typeof memcgKeys, unknown>;

type Values = TableValues<typeof values>;

/** A memcg to watch, as it was written. */
export interface WrittenMemcg {
  readonly path: string;
  readonly marks: HeadroomMarks;
  readonly stall: { readonly limit?: Values["stall_limit"]; readonly window?: Values["stall_window"] };
  readonly limits: MemcgLimitMarks;
  readonly byBranch?: BranchRecipe;
  readonly place: Place;
}

/** The memcgs of all documents, in their order. */
export function readMemcgs(documents: readonly Document[]): {
  readonly memcgs: readonly WrittenMemcg[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const memcgs = documents.flatMap((document) => readTableList({ document, problems }, memcgListKey, readMemcg));
  return { memcgs, problems: [...problems, ...refuseTwins(memcgs)] };
}

const auto = { kind: "auto" } as const;

function readMemcg(reading: Reading, path: TomlPath, table: Table): WrittenMemcg | undefined {
  const place = placeOfKey(reading.document, path);
  const read = readTableValues(reading, { noun: "memcg", path, table }, values);
  if (table["path"] === undefined) {
    reading.problems.push(problem(place, `Cannot watch a memcg without path: write path = ${values.path.wants}`));
  }
  const { path: named, min = auto, low = auto, high = auto, stall_limit: limit, stall_window: window } = read;
  if (named === undefined) return undefined;
  const stall = { ...(limit !== undefined && { limit }), ...(window !== undefined && { window }) };
  const written = {
    path: named,
    marks: { min, low, high },
    stall,
    limits: readLimits(read),
    ...readBranch(read),
    place,
  };
  const misfits = [findMisfit(written), ...findIdle(named, read)];
  reading.problems.push(...misfits.flatMap((misfit) => (misfit === undefined ? [] : [problem(place, misfit)])));
  return written;
}

const readBranch = ({ kill_by: by, recursive = true, unit = "memcg" }: Values): Pick<WrittenMemcg, "byBranch"> =>
  by === undefined ? {} : { byBranch: { by, recursive, unit } };

const readLimits = (read: Values): MemcgLimitMarks => ({
  ...(read.swap_limit && { swap: read.swap_limit }),
  ...(read.size_limit && { size: read.size_limit }),
  holdFor: read.hold_for ?? milliseconds(0),
  ...(read.growth_limit && { growth: read.growth_limit }),
  growthWindow: read.growth_window ?? seconds(10),
});

/** What is only about something that is not written would do nothing. */
function findIdle(path: string, read: Values): readonly string[] {
  const idle = (key: string, wanted: string) => `Cannot use ${key} of "${path}": it says how long ${wanted}`;
  const lonely = (["recursive", "unit"] as const).filter((key) => read[key] !== undefined && !read.kill_by);
  return [
    ...lonely.map((key) => `Cannot use ${key} of "${path}": it says what of a cgroup inside goes; write kill_by`),
    ...(read.hold_for !== undefined && !read.swap_limit && !read.size_limit
      ? [idle("hold_for", "swap_limit or size_limit has to be exceeded; write one of them")]
      : []),
    ...(read.growth_window !== undefined && !read.growth_limit
      ? [idle("growth_window", "growth is measured; write growth_limit")]
      : []),
  ];
}

/** In which order sizes and shares lie depends on the limit, which may change: a memcg has to say all in one way. */
function findMisfit({ path, marks }: Pick<WrittenMemcg, "path" | "marks">): string | undefined {
  const kinds = new Set(Object.values(marks).map(({ kind }) => kind));
  if (kinds.has("size") && kinds.has("share")) {
    return `Cannot use the watermarks of "${path}": some are sizes and some are shares of its limit; write all in one way`;
  }
  const { min, low, high } = resolveWatermarks(marks, { ram: anyLimit, userMemory: anyLimit });
  if (min < low && low < high) return undefined;
  return `Cannot use the watermarks of "${path}": min < low < high has to hold`;
}

const anyLimit = gib(1);

function refuseTwins(memcgs: readonly WrittenMemcg[]): readonly Problem[] {
  return memcgs.flatMap(({ path, place }, index) => {
    const earlier = memcgs.slice(0, index).find((other) => other.path === path);
    if (earlier === undefined) return [];
    const where = describePlace(earlier.place);
    return [problem(place, `Cannot watch "${path}" twice: the other one is at ${where}; remove one of them`)];
  });
}
