import type { SweepRow } from "#daemon/views/sweep-view.ts";
import { describeShare, describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import type { Style } from "./style.ts";
import { type Column, renderTable } from "./table.ts";
import { wrapAfter } from "./wrap.ts";

/** What the columns of numbers and the shortest name of a victim leave to the swept settings. */
const roomForSettings = 36;
const gap = 2;

/** The keys themselves, or, where they take the room of what they did, numbers that are explained above the table. */
function titlesOf(keys: readonly string[]): { readonly titles: readonly string[]; readonly above: readonly string[] } {
  const taken = keys.reduce((sum, key) => sum + key.length + gap, 0);
  if (taken <= roomForSettings) return { titles: keys, above: [] };
  const titles = keys.map((_, at) => `#${at + 1}`);
  return { titles, above: [...keys.map((key, at) => wrapAfter(`${titles[at]}  `, escapeText(key))), ""] };
}

const shortest = 4;

function settingColumns(titles: readonly string[]): readonly Column[] {
  const most = Math.max(shortest, Math.floor(roomForSettings / titles.length) - gap);
  return titles.map((title) => ({ title, align: "left", most }));
}
const right = (title: string): Column => ({ title, align: "right" });

/** The stories side by side, in the order they were played. */
export function renderSweep(rows: readonly SweepRow[]): string {
  const keys = Object.keys(rows[0]?.settings ?? {});
  const knowsWrong = rows.some((row) => row.wrong_kills !== undefined);
  const { titles, above } = titlesOf(keys);
  const columns: readonly Column[] = [
    ...settingColumns(titles),
    right("first kill"),
    right("kills"),
    ...(knowsWrong ? [right("wrong")] : []),
    right("kernel"),
    right("froze"),
    right("stall"),
    right("least"),
    { title: "victims", align: "left" },
  ];
  const cells = rows.map((row) => [
    ...keys.map((key) => escapeText(row.settings[key] ?? "")),
    orDash(row.first_kill_ms, (at) => `${(at / 1000).toFixed(2)} s`),
    String(row.kills),
    ...(knowsWrong ? [orDash(row.wrong_kills, String)] : []),
    row.panicked ? "panic" : String(row.kernel_kills),
    orDash(row.longest_stall_ms, (stall) => `${row.froze ? "yes" : "no"}, ${(stall / 1000).toFixed(2)} s`),
    orDash(row.worst_stall_percent, describeShare),
    orDash(row.least_headroom_kib, describeSize),
    row.victims.length === 0 ? "nobody" : row.victims.map(escapeText).join(", "),
  ]);
  return [...above, renderTable(columns, cells)].join("\n");
}

const orDash = <T>(value: T | undefined, show: (value: T) => string): string =>
  value === undefined ? "-" : show(value);

/** Whether a story ended badly: the machine froze, the kernel had to act, or somebody died who should not have. */
export const isBad = ({ kernel_kills, panicked, froze, wrong_kills = 0 }: SweepRow): boolean =>
  kernel_kills > 0 || panicked || froze || wrong_kills > 0;

/** What the numbers mean, and how many stories ended well. */
export function renderSweepSummary(rows: readonly SweepRow[], style: Style): string {
  const bad = rows.filter(isBad).length;
  const good = rows.length - bad;
  const line =
    bad === 0
      ? style.good(`${good} of ${rows.length} stories ended well`)
      : style.bad(
          `${bad} of ${rows.length} stories ended badly: it froze, the kernel had to kill, or the wrong one died`,
        );
  const legend =
    "kernel: victims of the kernel's own OOM killer; froze: the longest wait of anybody at the machine; stall: share of the worst second in which all tasks stalled; least: of headroom";
  return `${wrapAfter("", line)}\n${style.faint(wrapAfter("  ", legend))}`;
}
