import { nearestWord } from "#config/nearest.ts";
import type { Memcg } from "#domain/memcg.ts";
import type { CgroupPath } from "#domain/units.ts";
import { escapeText } from "#journal/escape.ts";
import { lineage, type MemcgHierarchy, memcgBelow } from "#linux/memcg-hierarchy.ts";
import { readMemcg } from "#linux/memcg-reader.ts";
import { type RefusedScope, reading, refuseScope, type ScopeReading } from "./scope-reading.ts";

/** The scope of a memcg at its limit, by its path or its folder. @throws SystemError */
export function readMemcgScope(written: string, hierarchy: MemcgHierarchy | undefined): ScopeReading {
  if (hierarchy === undefined) {
    return refuseScope("unsupported", "No hierarchy of cgroups is mounted here, so there is no memcg to ask about");
  }
  const path = hierarchy.pathOf(written);
  if (path === undefined) return refuseScope("usage", `${quote(written)} leads upwards: write the path of a cgroup`);
  const missing = tellWhatIsThere(path, hierarchy);
  if (missing !== undefined) return missing;
  const memcg = memcgAt(path, hierarchy);
  if (memcg === undefined)
    return refuseScope("no", `Memory is not controlled in ${quote(path)}, so it has no OOM of its own`);
  if (memcg.limits.memory === undefined) return tellWhoseLimitBinds(path, hierarchy);
  return {
    kind: "scope",
    scope: { kind: "memcg", path, memcg },
    groupOf: (of) => reading(of, () => hierarchy.findOomGroup(of, path)),
  };
}

function memcgAt(path: CgroupPath, hierarchy: MemcgHierarchy): Memcg | undefined {
  const folder = hierarchy.folderOf(path);
  return folder && reading(folder.path, () => readMemcg(folder));
}

const quote = (text: string): string => `"${escapeText(text)}"`;

/** A memcg without a limit never runs out of memory by itself. */
function tellWhoseLimitBinds(path: CgroupPath, hierarchy: MemcgHierarchy): RefusedScope {
  const bound = lineage(path).findLast((each) => memcgAt(each, hierarchy)?.limits.memory !== undefined);
  const instead =
    bound === undefined
      ? "nor has one above it: its processes are in the scope of the whole machine"
      : `what binds it is the limit of ${quote(bound)}`;
  return refuseScope("no", `${quote(path)} has no limit of memory, so it has no OOM of its own; ${instead}`);
}

/** How far a path is there, and what is there from then on. Undefined: all of it is there. */
function tellWhatIsThere(path: CgroupPath, hierarchy: MemcgHierarchy): RefusedScope | undefined {
  const { top } = hierarchy;
  if (hierarchy.folderOf(path) === undefined) {
    return refuseScope("no", `There is no cgroup ${quote(path)} to be seen from here; mounted is ${quote(top)}`);
  }
  let reached = top;
  for (const next of lineage(path).slice(lineage(top).length)) {
    const children = reading(reached, () => hierarchy.childrenOf(reached));
    const name = next.slice(next.lastIndexOf("/") + 1);
    if (!children.includes(name)) {
      return refuseScope("no", `There is no cgroup ${quote(path)}; ${insteadOf(name, reached, children)}`);
    }
    reached = next;
  }
  return undefined;
}

const mostNamed = 8;

function insteadOf(name: string, parent: CgroupPath, children: readonly string[]): string {
  const meant = nearestWord(name, children);
  if (meant !== undefined) return `do you mean ${quote(memcgBelow(parent, meant))}?`;
  if (children.length === 0) return `nothing lies below ${quote(parent)}`;
  const named = children.slice(0, mostNamed).map((child) => quote(memcgBelow(parent, child)));
  const more = children.length - named.length;
  return `there is ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
