/** NUMA nodes as the kernel lists them: `0-1,3`. A range holds both its ends. */
export type NodeList = readonly NodeRange[];

/** From one node to another, both included. */
export interface NodeRange {
  readonly first: number;
  readonly last: number;
}

/** Whether a node is among them. */
export const includesNode = (nodes: NodeList, node: number): boolean =>
  nodes.some(({ first, last }) => first <= node && node <= last);

/** Whether two lists have a node in common. @see include/linux/nodemask.h: nodes_intersects */
export const haveCommonNode = (a: NodeList, b: NodeList): boolean =>
  a.some(({ first, last }) => b.some((other) => first <= other.last && other.first <= last));

/** The nodes of a set, in ranges. */
export function nodeList(nodes: ReadonlySet<number>): NodeList {
  const ranges: NodeRange[] = [];
  for (const node of [...nodes].toSorted((a, b) => a - b)) {
    const before = ranges.at(-1);
    if (before?.last === node - 1) ranges[ranges.length - 1] = { first: before.first, last: node };
    else ranges.push({ first: node, last: node });
  }
  return ranges;
}

/** As the kernel prints them. */
export const describeNodes = (nodes: NodeList): string =>
  nodes.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
