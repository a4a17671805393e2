import type { OomGroupView, ScopeView } from "#daemon/views/scope-view.ts";
import { describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import { wrapAfter } from "./wrap.ts";

/** Which OOM an answer is for; nothing for that of the whole machine. */
export function scopeLines(scope: ScopeView): readonly string[] {
  const holds = (members: number) =>
    `${processes(members)} in it, room for ${describeSize(scope.total_kib)} in RAM and swap`;
  switch (scope.kind) {
    case "global":
      return [];
    case "memcg":
      return [wrapAfter("Scope: ", `the memcg ${escapeText(scope.memcg)} at its limit, ${holds(scope.members)}`)];
    case "nodes":
      return [
        wrapAfter("Scope: ", `a cpuset on the nodes ${scope.nodes}, ${holds(scope.members)}`),
        wrapAfter(
          "       ",
          "Where a memory policy binds (numactl, mbind), nobody outside of the kernel can tell who is in it.",
        ),
      ];
  }
}

/** What dies together; nothing where each dies alone. */
export const groupLines = (group: OomGroupView | undefined): readonly string[] =>
  group === undefined
    ? []
    : [
        wrapAfter(
          "",
          `The kernel would kill all of the memcg ${escapeText(group.memcg)}, ${processes(group.processes)}: its ` +
            "memory.oom.group is 1. So does tidemark, unless somebody in it must live.",
        ),
      ];

const processes = (count: number): string => `${count} process${count === 1 ? "" : "es"}`;
