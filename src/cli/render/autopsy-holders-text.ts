import type { FamilyView } from "#daemon/views/autopsy-task-view.ts";
import type { AutopsyView } from "#daemon/views/autopsy-view.ts";
import { columnSize, describeSize } from "#journal/amounts.ts";
import { renderBar } from "./bar.ts";
import { clipName } from "./clip-name.ts";
import { type Column, renderTable } from "./table.ts";

const columns: readonly Column[] = [
  { title: "  NAME", align: "left" },
  { title: "PROCESSES", align: "left" },
  { title: "RSS", align: "right" },
  { title: "SWAP", align: "right" },
  { title: "", align: "left" },
  { title: "SHARE", align: "right" },
  { title: "", align: "left" },
];

const barWidth = 22;

/** Percent: less is not worth a line. */
const leastShare = 0.1;

/** Names with what their processes held together, the largest first; the victim's is always among them. */
export function renderHolders({ families, tasks, held_kib }: AutopsyView, top: number): readonly string[] {
  if (held_kib === undefined) return [];
  const isShown = ({ share_of_table_percent }: FamilyView, at: number): boolean =>
    at < top && (at === 0 || share_of_table_percent >= leastShare);
  const shown = families.filter((family, at) => isShown(family, at) || family.has_victim);
  const rest = families.filter((family) => !shown.includes(family));
  return [
    renderTable(columns, shown.map(familyRow)),
    ...(rest.length === 0 ? [] : [restLine(rest)]),
    `  All ${tasks.length} of the table: ${describeSize(held_kib)}; what several processes map is counted once for each.`,
  ];
}

function familyRow(family: FamilyView): readonly string[] {
  const { name, processes, pid, rss_kib, swap_kib, share_of_table_percent: share } = family;
  return [
    `  ${clipName(name)}`,
    pid === undefined ? String(processes) : `1 (${pid})`,
    columnSize(rss_kib),
    swap_kib === undefined ? "?" : columnSize(swap_kib),
    renderBar({ value: share, most: 100, width: barWidth }),
    `${share.toFixed(1)} %`,
    family.has_victim ? "killed" : family.is_protected ? "protected" : "",
  ];
}

function restLine(rest: readonly FamilyView[]): string {
  const processes = rest.reduce((sum, family) => sum + family.processes, 0);
  const share = rest.reduce((sum, { share_of_table_percent }) => sum + share_of_table_percent, 0);
  const names = rest.length === 1 ? "1 more name" : `${rest.length} more names`;
  return `  … and ${names} with ${processes} processes: ${share.toFixed(1)} % together`;
}
