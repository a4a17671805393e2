/** Properties that say who a process is to people, wherever in a record they stand. */
const nameKeys: ReadonlySet<string> = new Set(["exe", "cgroup"]);
/** Arguments may hold passwords: they are never recorded. */
const secretKey = "cmdline";
const taskNameKey = "comm";
/** What a giver wrote. */
const outputKey = "beginning";

/** Takes out of a value what must not be in a recording. */
export type Conceal = <T>(value: T) => T;

/** Leaves everything but command lines, or gives task names numbers and leaves programs and cgroups out as well. */
export function conceal({ hasNames }: { readonly hasNames: boolean }): Conceal {
  const numbers = new Map<string, number>();
  const pseudonym = (name: string): string => {
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return `task-${number}`;
  };
  const replace = (key: string, value: unknown): unknown => {
    if (key === secretKey) return undefined;
    if (hasNames || typeof value !== "string") return strip(value);
    if (key === outputKey) return "";
    if (key === taskNameKey) return pseudonym(value);
    return nameKeys.has(key) ? undefined : value;
  };
  /** A value without anything to hide is the value itself: most of a table is numbers. */
  const strip = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || value instanceof Set || value instanceof Map) return value;
    if (Array.isArray(value)) return value.map(strip);
    const changed: [string, unknown][] = [];
    for (const [key, each] of Object.entries(value)) {
      const replaced = replace(key, each);
      if (replaced !== each) changed.push([key, replaced]);
    }
    return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
  };
  // The shape stays: only texts that may be absent, and names, become others.
  return <T>(value: T) => strip(value) as T;
}
