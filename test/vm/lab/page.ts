const heading = "## Real shortage";

/** The lab's part of a page of benchmarks, which others that write the page keep; empty: it has none. */
export function labSectionOf(page: string): string {
  const begin = page.indexOf(heading);
  if (begin === -1) return "";
  const end = page.indexOf("\n## ", begin);
  return `${page.slice(begin, end === -1 ? undefined : end).trimEnd()}\n`;
}

/** A page with this as the lab's part, at its end. */
export function withLabSection(page: string, section: string): string {
  const older = labSectionOf(page);
  const others = older === "" ? [page] : page.split(older);
  const parts = [...others, section].map((part) => part.trim()).filter(Boolean);
  return `${parts.join("\n\n")}\n`;
}

/** The lab's part of a page, around its tables. */
export const labSection = (tables: string, kernel: string): string => `${heading}

\`npm run lab -- --json FILE --write\`: stories of \`test/vm/scenarios\`, in virtual machines with 1 GiB and Linux ${kernel}.
- Peers are the host's Debian packages, as their services start them.
- A guest's time is counted in instructions (a processor of 1 GHz), so what else the host does hardly matters.
- right: in how many runs whoever had to go went, by the guard's hand, and nobody else; kernel: in how many the kernel's OOM killer had to kill.
- stall: the longest that somebody before the machine was kept waiting, stalled: all such waits together (less than 50 ms is none); resident, faults (those that need a disk) and CPU are the guard's own. Medians.

${tables}
`;
