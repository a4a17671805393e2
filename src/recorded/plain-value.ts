/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Objects of this key alone stand for what JSON has no word for. */
const tag = "$";

const tagged = (kind: string, of: Json): Json => ({ [tag]: kind, of });

const isWordless = (value: number): boolean => !Number.isFinite(value) || Object.is(value, -0);

/**
 * A value as JSON, whatever a look may come to hold: sets, maps and undefined included. Undefined, which is everywhere, is null;
 * null, which does not occur, is the tagged one. What is neither data nor an object with data throws.
 * @throws TypeError
 */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case "undefined":
      return null;
    case "boolean":
    case "string":
      return value;
    case "number":
      return isWordless(value) ? tagged("number", Object.is(value, -0) ? "-0" : String(value)) : value;
    case "object":
      return objectToJson(value);
    default:
      throw new TypeError(`Cannot record a ${typeof value}: it is no data`);
  }
}

function objectToJson(value: object | null): Json {
  if (value === null) return tagged("null", null);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Set) return tagged("set", [...value].map(toJson));
  if (value instanceof Map) return tagged("map", pairsOf([...value]));
  const entries = Object.entries(value);
  if (Object.hasOwn(value, tag)) return tagged("object", pairsOf(entries));
  return Object.fromEntries(entries.map(([key, each]) => [key, toJson(each)]));
}

const pairsOf = (pairs: readonly (readonly [unknown, unknown])[]): Json =>
  pairs.map(([key, each]) => [toJson(key), toJson(each)]);

/** The value that {@link toJson} was given. @throws TypeError when it was not made by it */
export function fromJson(json: Json): unknown {
  if (json === null) return undefined;
  if (typeof json !== "object") return json;
  if (isList(json)) return json.map(fromJson);
  if (typeof json[tag] === "string") return fromTagged(json[tag], json["of"]);
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, fromJson(each)]));
}

function fromTagged(kind: string, of: Json | undefined): unknown {
  switch (kind) {
    case "null":
      return null;
    case "number":
      return Number(of);
    case "set":
      return new Set(listOf(of).map(fromJson));
    case "map":
      return new Map(pairsFrom(of));
    case "object":
      return Object.fromEntries(pairsFrom(of).map(([key, each]) => [String(key), each]));
    default:
      throw new TypeError(`Cannot read a value tagged "${kind}": there is no such kind`);
  }
}

const pairsFrom = (of: Json | undefined): readonly (readonly [unknown, unknown])[] =>
  listOf(of).map((pair) => {
    const [key, each] = listOf(pair).map(fromJson);
    return [key, each];
  });

function listOf(of: Json | undefined): readonly Json[] {
  if (of !== undefined && isList(of)) return of;
  throw new TypeError("Cannot read a value: a list was expected");
}

/** Array.isArray does not see that a list may be readonly. */
export const isList = (json: Json): json is readonly Json[] => Array.isArray(json);
