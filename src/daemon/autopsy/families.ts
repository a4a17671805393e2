import type { OomTask } from "#domain/oom-report.ts";

/** Tasks of one name, added up. */
export interface Family {
  readonly name: string;
  readonly tasks: readonly OomTask[];
  /** Memory that several of them map is in it once for each. */
  readonly rssPages: number;
  /** Undefined: the release does not print it. */
  readonly swapPages?: number;
}

const sumOf = (tasks: readonly OomTask[], of: (task: OomTask) => number): number =>
  tasks.reduce((total, task) => total + of(task), 0);

const weightOf = ({ rssPages, swapPages = 0 }: Family): number => rssPages + swapPages;

function makeFamily(name: string, tasks: readonly OomTask[]): Family {
  const isSwapTold = tasks.every(({ swapentsPages }) => swapentsPages !== undefined);
  return {
    name,
    tasks,
    rssPages: sumOf(tasks, ({ rssPages }) => rssPages),
    ...(isSwapTold && { swapPages: sumOf(tasks, ({ swapentsPages = 0 }) => swapentsPages) }),
  };
}

/** The families of a table, the largest first. */
export function groupFamilies(tasks: readonly OomTask[]): readonly Family[] {
  const members = new Map<string, OomTask[]>();
  for (const task of tasks) {
    const known = members.get(task.name);
    if (known === undefined) members.set(task.name, [task]);
    else known.push(task);
  }
  return [...members]
    .map(([name, list]) => makeFamily(name, list))
    .toSorted((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : 1));
}
