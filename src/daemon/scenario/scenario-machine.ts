import { choice, flag, nameOf, type ValueType, whole } from "#config/value-type.ts";
import { present } from "#daemon/present.ts";
import type { MemcgPreference } from "#domain/branch.ts";
import { cgroupPath, mib, percent, percentOf } from "#domain/units.ts";
import type { GiverScript } from "#simulated/givers.ts";
import type { ArcScript, CgroupScript, Lack, SuspendScript, SwapScript, ZswapScript } from "#simulated/scenario.ts";
import { keysOf } from "./scenario-keys.ts";
import { factor, pathType, readSize, requireSize, requireSpan, type StoryReader, span } from "./scenario-values.ts";
import { map, readRequired, readTable, readTables, readValue, refuseUnknownKeys } from "./table-reader.ts";

/** Pages of ordinary programs, with lz4 or zstd. */
const usualRatio = 3;

/** One device is a table, several are a list of them. */
export function readSwaps(reader: StoryReader): readonly SwapScript[] | undefined {
  if (reader.table["swap"] === undefined) return undefined;
  if (Array.isArray(reader.table["swap"])) return readTables(reader, "swap").map(readSwap);
  return map(readTable(reader, "swap"), (table) => [readSwap(table)]);
}

function readSwap(reader: StoryReader): SwapScript {
  const kind = readValue(reader, "kind", choice(["disk", "zram"])) ?? "disk";
  refuseUnknownKeys(reader, keysOf(kind === "zram" ? "zramSwap" : "diskSwap"));
  const device = {
    size: requireSize(reader, "size"),
    ...present({
      priority: readValue(reader, "priority", whole([-32_768, 32_767])),
      swaponAt: readValue(reader, "swapon_at", span),
      swapoffAt: readValue(reader, "swapoff_at", span),
      perSecond: readSize(reader, "per_second"),
    }),
  };
  if (kind === "disk") return { kind, ...device };
  const ratio = readValue(reader, "ratio", factor) ?? usualRatio;
  return { kind, ...device, ratio, ...present({ memLimit: readSize(reader, "mem_limit") }) };
}

/** What `zswap` says. */
export function readZswap(reader: StoryReader): ZswapScript {
  refuseUnknownKeys(reader, keysOf("zswap"));
  return {
    ratio: readValue(reader, "ratio", factor) ?? usualRatio,
    // zswap.max_pool_percent
    maxPool: readSize(reader, "max_pool") ?? percentOf(percent(20), reader.ram),
  };
}

/** What `zfs_arc` says. */
export function readArc(reader: StoryReader): ArcScript {
  refuseUnknownKeys(reader, keysOf("zfsArc"));
  return {
    size: requireSize(reader, "size"),
    min: requireSize(reader, "min"),
    perSecond: readSize(reader, "per_second") ?? mib(100),
  };
}

/** One `[[suspend]]`. */
export function readSuspend(reader: StoryReader): SuspendScript {
  refuseUnknownKeys(reader, keysOf("suspend"));
  return {
    at: requireSpan(reader, "at"),
    for: requireSpan(reader, "for"),
    ...present({ dropsCaches: readValue(reader, "drops_caches", flag) }),
  };
}

const preferenceType = choice<MemcgPreference>(["prefer", "none", "avoid", "omit"]);

/** One `[[cgroup]]`. */
export function readCgroup(reader: StoryReader): CgroupScript {
  refuseUnknownKeys(reader, keysOf("cgroup"));
  return {
    path: cgroupPath(readRequired(reader, "path", { type: pathType, fallback: "/" })),
    ...present({
      max: readSize(reader, "max"),
      swapMax: readSize(reader, "swap_max"),
      low: readSize(reader, "low"),
      diesWhole: readValue(reader, "oom_group", flag),
      preference: readValue(reader, "preference", preferenceType),
    }),
  };
}

/** One `[[giver]]`. */
export function readGiver(reader: StoryReader): GiverScript {
  refuseUnknownKeys(reader, keysOf("giver"));
  return {
    name: readRequired(reader, "name", { type: nameOf("the giver"), fallback: "giver" }),
    holds: requireSize(reader, "holds"),
    after: requireSpan(reader, "after"),
    behaves: readValue(reader, "behaves", choice(["gives", "hangs", "fails"])) ?? "gives",
  };
}

const lacks: readonly Lack[] = ["pressure", "pressure-triggers", "process-mrelease", "mem-available"];

/** What a kernel may lack, by name. */
export const lackList: ValueType<readonly Lack[]> = {
  wants: `a list of ${lacks.map((lack) => `"${lack}"`).join(", ")}`,
  read: (written) => {
    const list: readonly unknown[] = Array.isArray(written) ? written : [written];
    const known = lacks.filter((lack) => list.includes(lack));
    return known.length === list.length
      ? { kind: "value", value: known }
      : { kind: "refused", found: "not everything in it is known here", wanted: `write ${lackList.wants}` };
  },
  show: (value) => value.join(", "),
};
