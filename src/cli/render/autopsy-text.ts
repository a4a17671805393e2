import type { AutopsyView, KilledView } from "#daemon/views/autopsy-view.ts";
import { describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import { renderHolders } from "./autopsy-holders-text.ts";
import { renderRequest, renderShortage } from "./autopsy-shortage-text.ts";
import { renderPolicies, renderVerdict } from "./autopsy-verdict-text.ts";
import type { Style } from "./style.ts";
import { wrapAfter } from "./wrap.ts";

/** How to show one report. */
export interface AutopsyRendering {
  /** Which report of the log it is, from 1. */
  readonly number: number;
  /** How many names the table of holders has. */
  readonly top: number;
  readonly style: Style;
}

/** One report for a person: what happened, what was short, who held it, who died and why, and what to do. */
export function renderAutopsy(view: AutopsyView, { number, top, style }: AutopsyRendering): string {
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["WHAT WAS ASKED FOR", renderRequest(view)],
    ["WHY IT COULD NOT BE HAD", renderShortage(view)],
    ["WHO HELD THE MEMORY", renderHolders(view, top)],
    ["WHO WAS KILLED, AND WHY THAT ONE", renderVerdict(view)],
    ["WHOM TIDEMARK WOULD HAVE CHOSEN", renderPolicies(view)],
    ["WHAT TO DO ABOUT IT", view.advice.map(({ text }) => wrapAfter("  - ", escapeText(text)))],
    ["WHAT THE REPORT DOES NOT SAY", view.notes.map((note) => wrapAfter("  - ", note))],
  ];
  return [
    ...(number === 1 ? [] : ["", ""]),
    style.faint(origin(view, number)),
    style.strong(wrapAfter("", headline(view))),
    ...sections.flatMap(([title, lines]) => (lines.length === 0 ? [] : ["", style.strong(title), ...lines])),
  ].join("\n");
}

function origin({ first_line, last_line, kernel_release, complete }: AutopsyView, number: number): string {
  const release = kernel_release === undefined ? "" : `, Linux ${escapeText(kernel_release)}`;
  const whole = complete ? "" : ", not complete";
  return wrapAfter("", `Report ${number}: lines ${first_line} to ${last_line}${release}${whole}`);
}

function headline(view: AutopsyView): string {
  const { victim, also_killed = [] } = view;
  if (victim === undefined) return `${noVictim(view)}: ${cause(view)}`;
  const others = also_killed.length === 0 ? "" : ` and ${also_killed.length} more`;
  return `The kernel killed ${victim.pid} (${escapeText(victim.name)})${others}${sizeOf(victim)}: ${cause(view)}`;
}

function noVictim({ ending }: AutopsyView): string {
  switch (ending) {
    case "panicked":
      return "The kernel panicked";
    case "no-killable-process":
      return "The kernel found nobody to kill";
    case "victim-already-exiting":
      return "The kernel killed nobody: its victim was exiting already";
    case undefined:
      return "Whom the kernel killed is not in the log";
  }
}

const sizeOf = ({ rss_kib }: KilledView): string =>
  rss_kib === undefined ? "" : `, which held ${describeSize(rss_kib)}`;

function cause({ constraint, memcg, mems_allowed, nodemask, trigger }: AutopsyView): string {
  if (trigger?.order === -1) return "somebody asked for it through SysRq";
  switch (constraint) {
    case "memcg": {
      const limit = memcg?.limit_kib === undefined ? "its limit" : `its limit of ${describeSize(memcg.limit_kib)}`;
      return `memory cgroup ${memcg?.path === undefined ? "" : `${escapeText(memcg.path)} `}reached ${limit}`;
    }
    case "cpuset":
      return `${nodes(mems_allowed)} out of memory, and its cpuset allows no other`;
    case "memory-policy":
      return `${nodes(nodemask)} out of memory, and its memory policy allows no other`;
    case "none":
      return "the machine was out of memory";
    case undefined:
      return "memory was short, and where is not in the log";
  }
}

function nodes(list: string | undefined): string {
  if (list === undefined) return "some NUMA nodes were";
  return /^\d+$/.test(list) ? `NUMA node ${list} was` : `NUMA nodes ${escapeText(list)} were`;
}
