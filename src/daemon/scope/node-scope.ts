import { describeNodes, type NodeList } from "#domain/node-list.ts";
import type { Bytes } from "#domain/units.ts";
import type { Zoneinfo } from "#domain/zoneinfo.ts";
import { nodesWithMemory, presentOn } from "#engine/oom-scope.ts";
import { escapeText } from "#journal/escape.ts";
import { readNodeMembers } from "#linux/node-members.ts";
import type { ProcessFiles } from "#linux/process-files.ts";
import { parseNodeList } from "#procfs/node-list.ts";
import { ParseError } from "#procfs/parse-error.ts";
import { type AskedScope, reading, refuseScope, type ScopeReading } from "./scope-reading.ts";

/** Where nodes and those who may use them are looked for. */
export interface NodeSource extends Pick<AskedScope, "groupOf"> {
  readonly zoneinfo: Zoneinfo;
  readonly pageSize: Bytes;
  readonly files: ProcessFiles;
}

/** The scope of an allocation that a cpuset binds to some nodes. @throws SystemError */
export function readNodeScope(written: string, { zoneinfo, pageSize, files, groupOf }: NodeSource): ScopeReading {
  const nodes = readList(written);
  if (nodes === undefined || nodes.length === 0) {
    return refuseScope("usage", `"${escapeText(written)}" is no list of nodes: write 0, 0-1 or 0,2`);
  }
  const there = nodesWithMemory(zoneinfo);
  if (!nodes.every((range) => isCovered(range, there))) {
    return refuseScope(
      "no",
      `Not all of the nodes ${describeNodes(nodes)} have memory; those that have: ${describeNodes(there)}`,
    );
  }
  const present = presentOn(nodes, zoneinfo, pageSize);
  const members = reading("the status of all processes", () => readNodeMembers(nodes, files));
  return { kind: "scope", scope: { kind: "nodes", nodes, present, members }, groupOf };
}

function readList(written: string): NodeList | undefined {
  try {
    return parseNodeList(new TextEncoder().encode(`${written}\n`));
  } catch (error) {
    if (error instanceof ParseError) return undefined;
    throw error;
  }
}

/** Ranges that the kernel makes do not touch, so that one of them covers another range, or none does. */
const isCovered = ({ first, last }: NodeList[number], there: NodeList): boolean =>
  there.some((range) => range.first <= first && last <= range.last);
