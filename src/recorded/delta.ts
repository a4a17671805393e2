import { fromJson, isList, type Json, toJson } from "./plain-value.ts";

/**
 * What makes one value another, as JSON:
 * a number is added to the whole number that was there; `[value]` replaces it; `[]` takes a property away; an object holds
 * the deltas of properties, or of places in a list of equal length; `{ list: … }` is about a list whose members have names.
 */
export type Delta = Json;

/** Nothing changes. As the delta of a number it is true, of everything else it is a word. */
export const unchanged: Delta = 0;

/** The delta from one value to another. Structural: it knows nothing of what the values mean. */
export function diff(before: unknown, after: unknown): Delta {
  if (Object.is(before, after)) return unchanged;
  if (Number.isSafeInteger(before) && Number.isSafeInteger(after)) {
    const step = Number(after) - Number(before);
    // Nothing can be added to −0 that makes it 0, or the other way round.
    if (Number.isSafeInteger(step) && step !== 0 && !Object.is(after, -0)) return step;
  }
  if (typeof before === "object" && typeof after === "object") {
    return diffLists(before, after) ?? diffObjects(before, after) ?? replacement(before, after);
  }
  return [toJson(after)];
}

/** Of collections, and of values of different kinds. */
function replacement(before: object | null, after: object | null): Delta {
  const json = toJson(after);
  return JSON.stringify(toJson(before)) === JSON.stringify(json) ? unchanged : [json];
}

type Members = Readonly<Record<string, unknown>>;

/** An object of data: neither a list nor a collection. */
const isMembers = (value: unknown): value is Members =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Set) &&
  !(value instanceof Map);

function diffObjects(before: unknown, after: unknown): Delta | undefined {
  if (!isMembers(before) || !isMembers(after)) return undefined;
  // One loop without lists: tables of thousands of processes pass here.
  const changed: [string, Delta][] = [];
  for (const key of Object.keys(after)) {
    const delta = Object.hasOwn(before, key) ? diff(before[key], after[key]) : [toJson(after[key])];
    if (delta !== unchanged) changed.push([key, delta]);
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changed.push([key, []]);
  return changed.length === 0 ? unchanged : Object.fromEntries(changed);
}

function diffLists(before: unknown, after: unknown): Delta | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const [known, now] = [byName(before), byName(after)];
  if (known !== undefined && now !== undefined && known.size > 0) return diffNamed(known, now);
  return before.length === after.length ? diffObjects({ ...before }, { ...after }) : undefined;
}

/** What tells a member of a list from all others: a process by its identity, a device or a memcg by its path. */
function nameOf(member: unknown): string | undefined {
  if (!isMembers(member)) return undefined;
  const { identity, path } = member;
  if (typeof path === "string") return path;
  return isMembers(identity) ? `${identity["pid"]}@${identity["startTicks"]}` : undefined;
}

/** The members of a list by their names; undefined when one has none, or two have the same. */
function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const member of list) {
    const name = nameOf(member);
    if (name === undefined || named.has(name)) return undefined;
    named.set(name, member);
  }
  return named;
}

/** Who left, who changed, who came; and the order, where it is another than "who was there, then who came". */
function diffNamed(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): Delta {
  const gone = [...before.keys()].filter((name) => !after.has(name));
  const stayed = [...before.keys()].filter((name) => after.has(name));
  const came = [...after.keys()].filter((name) => !before.has(name));
  const changed = stayed.flatMap((name) => {
    const delta = diff(before.get(name), after.get(name));
    return delta === unchanged ? [] : [[name, delta] as const];
  });
  const expected = [...stayed, ...came];
  const isInOrder = [...after.keys()].every((name, at) => name === expected[at]);
  if (gone.length + came.length + changed.length === 0 && isInOrder) return unchanged;
  return {
    list: {
      ...(gone.length > 0 && { gone }),
      ...(changed.length > 0 && { changed: Object.fromEntries(changed) }),
      ...(came.length > 0 && { came: came.map((name) => toJson(after.get(name))) }),
      ...(!isInOrder && { order: [...after.keys()] }),
    },
  };
}

/** What {@link diff} was given second, from what it was given first. @throws TypeError when the delta belongs to another value */
export function patch(before: unknown, delta: Delta): unknown {
  if (delta === unchanged) return before;
  if (typeof delta === "number" && typeof before === "number") return before + delta;
  if (isDeltas(delta)) {
    if (Array.isArray(before)) return patchList(before, delta);
    if (isMembers(before)) return patchObject(before, delta);
  } else if (isList(delta) && delta[0] !== undefined) return fromJson(delta[0]);
  throw new TypeError("Cannot apply a change: it is about another value than the one that is there");
}

type Deltas = { readonly [key: string]: Delta };

const isDeltas = (delta: Delta | undefined): delta is Deltas =>
  delta !== undefined && typeof delta === "object" && delta !== null && !isList(delta);

const isRemoval = (delta: Delta): boolean => isList(delta) && delta.length === 0;

function patchObject(before: Members, deltas: Deltas): Members {
  const kept = Object.entries(before).filter(([key]) => !Object.hasOwn(deltas, key));
  const changed = Object.entries(deltas)
    .filter(([, delta]) => !isRemoval(delta))
    .map(([key, delta]) => [key, patch(before[key], delta)] as const);
  return Object.fromEntries([...kept, ...changed]);
}

function patchList(before: readonly unknown[], deltas: Deltas): readonly unknown[] {
  const { list } = deltas;
  if (!isDeltas(list)) return before.map((member, at) => patch(member, deltas[String(at)] ?? unchanged));
  const gone = new Set(namesIn(list["gone"]));
  const changed = isDeltas(list["changed"]) ? list["changed"] : {};
  const came = isList(list["came"] ?? []) ? fromJson(list["came"] ?? []) : [];
  const members = [
    ...before
      .filter((member) => !gone.has(nameOf(member) ?? ""))
      .map((member) => patch(member, changed[nameOf(member) ?? ""] ?? unchanged)),
    ...(Array.isArray(came) ? came : []),
  ];
  if (list["order"] === undefined) return members;
  const named = byName(members);
  return namesIn(list["order"]).map((name) => named?.get(name));
}

const namesIn = (json: Json | undefined): readonly string[] =>
  json !== undefined && isList(json) ? json.map(String) : [];
