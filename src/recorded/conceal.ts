/** Properties that say who a process is to people, wherever in a record they stand. */
const nameKeys: ReadonlySet<string> = new Set(["exe", "cgroup"]);
/** Arguments may hold passwords: they are never recorded. */
const secretKey = "cmdline";
const taskNameKey = "comm";
/** The memcg that an alarm is about. */
const memcgKey = "memcg";
/** Where it is said of memcgs alone. */
const pathKeys: ReadonlySet<string> = new Set(["path", "parent", "whole"]);
/** Facts about memcgs, which tell them apart by their paths. */
const memcgFacts: ReadonlySet<string> = new Set(["memcgs", "membership", "branches", "branch"]);
/** Who dies together or is to blame together: named after a cgroup, or after a user and a task. */
const familyKeys: ReadonlySet<string> = new Set(["family", "group"]);
/** What a giver wrote. */
const outputKey = "beginning";
/** How a giver is asked: the words of the settings, all of which are recorded. */
const settingsKey = "means";

/** Takes out of a value what must not be in a recording. */
export type Conceal = <T>(value: T) => T;

/** Equal names get equal numbers. */
function pseudonyms(prefix: string): (name: string) => string {
  const numbers = new Map<string, number>();
  return (name) => {
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return `${prefix}${number}`;
  };
}

/** Leaves everything but command lines, or gives tasks and memcgs numbers and leaves programs and cgroups out as well. */
export function conceal({ hasNames }: { readonly hasNames: boolean }): Conceal {
  const taskNumber = pseudonyms("task-");
  const memcgNumber = pseudonyms("/memcg-");
  const familyNumber = pseudonyms("family-");
  const rename = (key: string, name: string, isMemcg: boolean): string | undefined => {
    if (key === outputKey) return "";
    if (key === taskNameKey) return taskNumber(name);
    if (key === memcgKey || (isMemcg && pathKeys.has(key))) return memcgNumber(name);
    return nameKeys.has(key) ? undefined : name;
  };
  const renameFamily = (value: unknown): unknown =>
    typeof value === "object" && value !== null && "name" in value && typeof value.name === "string"
      ? { ...value, name: familyNumber(value.name) }
      : value;
  const replace = (key: string, value: unknown, isMemcg: boolean): unknown => {
    if (key === secretKey) return undefined;
    if (key === settingsKey) return value;
    if (typeof value === "string") return hasNames ? value : rename(key, value, isMemcg);
    return familyKeys.has(key) ? concealFamily(value) : strip(value, isMemcg || memcgFacts.has(key));
  };
  const concealFamily = (value: unknown): unknown => strip(hasNames ? value : renameFamily(value), true);
  /** A value without anything to hide is the value itself: most of a table is numbers. */
  const strip = (value: unknown, isMemcg: boolean): unknown => {
    if (typeof value !== "object" || value === null || value instanceof Set || value instanceof Map) return value;
    if (Array.isArray(value)) return value.map((each) => strip(each, isMemcg));
    const changed: [string, unknown][] = [];
    for (const [key, each] of Object.entries(value)) {
      const replaced = replace(key, each, isMemcg);
      if (replaced !== each) changed.push([key, replaced]);
    }
    return changed.length === 0 ? value : { ...value, ...Object.fromEntries(changed) };
  };
  // The shape stays: only texts that may be absent, and names, become others.
  return <T>(value: T) => strip(value, false) as T;
}
