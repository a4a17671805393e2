import type { AutopsyView } from "#daemon/views/autopsy-view.ts";
import type { ZoneView } from "#daemon/views/autopsy-zone-view.ts";
import { columnSize, describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import { renderBar } from "./bar.ts";
import { type Column, renderTable } from "./table.ts";
import { wrapAfter } from "./wrap.ts";

const nameWidth = 11;
const barWidth = 40;

const line = (name: string, text: string): string => wrapAfter(`  ${name.padEnd(nameWidth)}`, text);

/** Who asked, for how much, for what, and where it had to lie. */
export function renderRequest(view: AutopsyView): readonly string[] {
  const { trigger } = view;
  if (trigger === undefined) return [];
  const adj = trigger.oom_score_adj ?? trigger.oom_adj;
  const name = trigger.oom_score_adj === undefined ? "oom_adj" : "oom_score_adj";
  return [
    line(
      "by",
      `${escapeText(trigger.comm)}${adj === undefined ? "" : `, whose ${name} is ${adj}`}; it need not be the culprit`,
    ),
    line("size", describeRequest(trigger)),
    line("for", `${[trigger.gfp.purpose, ...trigger.gfp.conditions].join(", ")}: ${escapeText(trigger.gfp_mask)}`),
    line("from", describePlace(view)),
  ];
}

function describeRequest({ asked_kib, order }: NonNullable<AutopsyView["trigger"]>): string {
  if (order === -1) return "nothing: somebody asked for a kill through SysRq (order -1)";
  if (asked_kib === undefined) return `order ${order}, which no kernel asks for`;
  const inPages = order === 0 ? "one page" : `${2 ** order} pages in one piece`;
  return `${describeSize(asked_kib)}: ${inPages} (order ${order})`;
}

function describePlace({ constraint, memcg, mems_allowed, nodemask }: AutopsyView): string {
  switch (constraint) {
    case "memcg":
      return `memory cgroup ${memcg?.path === undefined ? "(its path is not in the report)" : escapeText(memcg.path)}`;
    case "cpuset":
      return `NUMA node ${escapeText(mems_allowed ?? "(not in the report)")} only, by its cpuset`;
    case "memory-policy":
      return `NUMA node ${escapeText(nodemask ?? "(not in the report)")} only, by its memory policy`;
    case "none":
      return "anywhere in the machine";
    case undefined:
      return "somewhere the report does not tell";
  }
}

/** What was full: the cgroup, or the zones and the swap of the machine. */
export function renderShortage(view: AutopsyView): readonly string[] {
  // Old kernels print the zones of the machine too, which were not the matter.
  if (view.constraint === "memcg") return memcgLines(view);
  return [...zoneLines(view), ...swapLines(view), ...otherLines(view)];
}

const bar = (value: number, most: number): string => renderBar({ value, most, width: barWidth });

/** The largest number a limit can be means that there is none. */
const unlimited = 2 ** 50;

function memcgLines({ memcg }: AutopsyView): readonly string[] {
  if (memcg === undefined) return [];
  const { usage_kib, limit_kib, swap_usage_kib, swap_limit_kib, is_swap_limit_of_both } = memcg;
  const name = is_swap_limit_of_both ? "with swap" : "swap";
  return [
    ...(usage_kib === undefined || limit_kib === undefined
      ? []
      : [
          line(
            "memory",
            `${bar(usage_kib, limit_kib)} ${describeSize(usage_kib)} of ${describeSize(limit_kib)} in the cgroup`,
          ),
        ]),
    ...(swap_usage_kib === undefined || swap_limit_kib === undefined
      ? []
      : [
          line(
            name,
            swap_limit_kib >= unlimited
              ? `${describeSize(swap_usage_kib)}, not limited`
              : swap_limit_kib === 0
                ? "none is allowed"
                : `${bar(swap_usage_kib, swap_limit_kib)} ${describeSize(swap_usage_kib)} of ${describeSize(swap_limit_kib)}`,
          ),
        ]),
  ];
}

const zoneColumns: readonly Column[] = [
  { title: "  ZONE", align: "left" },
  { title: "FREE", align: "right" },
  { title: "MIN", align: "right" },
  { title: "LOW", align: "right" },
  { title: "HAD TO STAY", align: "right" },
  { title: "", align: "left" },
];

const stateTexts: Readonly<Record<ZoneView["state"], string>> = {
  "below-min": "short: nothing to give for this request",
  fragmented: "enough in sum, but in pieces that are too small",
  enough: "enough when this was printed",
  "not-usable": "of no use for this request",
  unknown: "",
};

const sizeCell = (size: ZoneView["free_kib"]): string => (size === undefined ? "?" : columnSize(size));

function zoneLines({ zones }: AutopsyView): readonly string[] {
  if (zones.length === 0) return [];
  const isNuma = zones.some(({ node }) => node !== zones[0]?.node);
  const rows = zones.map((zone) => [
    `  ${isNuma ? `node ${zone.node} ` : ""}${escapeText(zone.name)}`,
    sizeCell(zone.free_kib),
    sizeCell(zone.min_kib),
    sizeCell(zone.low_kib),
    zone.state === "not-usable" ? "-" : sizeCell(zone.floor_kib),
    stateTexts[zone.state],
  ]);
  return [renderTable(zoneColumns, rows)];
}

function swapLines({ memory }: AutopsyView): readonly string[] {
  const { total_swap_kib, free_swap_kib } = memory;
  if (total_swap_kib === undefined) return [];
  if (total_swap_kib === 0) return [line("swap", "there is none")];
  if (free_swap_kib === undefined) return [line("swap", `${describeSize(total_swap_kib)} in all`)];
  const left = free_swap_kib === 0 ? "nothing" : describeSize(free_swap_kib);
  return [
    line(
      "swap",
      `${bar(total_swap_kib - free_swap_kib, total_swap_kib)} ${left} of ${describeSize(total_swap_kib)} free`,
    ),
  ];
}

/** Memory no process holds, where it is worth a word. */
function otherLines({ memory }: AutopsyView): readonly string[] {
  const { ram_kib, file_cache_kib, shmem_kib, slab_reclaimable_kib, slab_unreclaimable_kib } = memory;
  const parts = [
    ...(file_cache_kib === undefined ? [] : [`${describeSize(file_cache_kib)} of files`]),
    ...(shmem_kib === undefined ? [] : [`${describeSize(shmem_kib)} shared or tmpfs`]),
    ...(slab_reclaimable_kib === undefined || slab_unreclaimable_kib === undefined
      ? []
      : [
          `kernel slab ${describeSize(slab_reclaimable_kib)} and ${describeSize(slab_unreclaimable_kib)} unreclaimable`,
        ]),
  ];
  if (parts.length === 0) return [];
  return [
    line("elsewhere", `${parts.join(", ")}${ram_kib === undefined ? "" : `; ${describeSize(ram_kib)} of RAM in all`}`),
  ];
}
