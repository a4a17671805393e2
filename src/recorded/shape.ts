/**
 * Whether a value is of a type. Where it is not, `fault` is the way to the first part that is wrong, and what that should be. The
 * compiler holds a shape to its type: who adds a field to a type has to say here what the field is.
 */
export type Shape<T> = (value: unknown, fault: string[]) => value is T;

const wants = <T>(wanted: string, test: (value: unknown) => boolean): Shape<T> => {
  return (value, fault): value is T => test(value) || refuse(fault, wanted);
};

const refuse = (fault: string[], wanted: string): false => {
  fault.push(wanted);
  return false;
};

/** Below a part that is wrong: where it stands. */
const within = (fault: string[], key: string | number): false => {
  fault.unshift(String(key));
  return false;
};

/** A number of either sign. */
export const aNumber = <T extends number>(): Shape<T> => wants("a number", Number.isFinite);

/** A size, a time or a count: nothing of that kind is below zero. */
export const anAmount = <T extends number>(): Shape<T> =>
  wants("a number of at least 0", (value) => typeof value === "number" && Number.isFinite(value) && value >= 0);

/** A share of at most all. */
export const aShare = <T extends number>(): Shape<T> =>
  wants("a number from 0 to 100", (value) => typeof value === "number" && value >= 0 && value <= 100);

/** A text. */
export const aText = <T extends string>(): Shape<T> => wants("a text", (value) => typeof value === "string");

/** True or false. */
export const aFlag: Shape<boolean> = wants("true or false", (value) => typeof value === "boolean");

/** Every word of a type, and what may stand where it says so; the compiler finds the one that is missing. */
export const oneOf = <T extends string>(words: Readonly<Record<T, "">>): Shape<T> =>
  wants(`one of ${Object.keys(words).join(", ")}`, (value) => typeof value === "string" && Object.hasOwn(words, value));

/** One of a list that is complete. */
export const among = <const T extends string | number>(values: readonly T[]): Shape<T> =>
  wants(`one of ${values.join(", ")}`, (value) => values.some((each) => each === value));

/** Of one shape or of another; where it is neither, the fault is what the second finds. */
export const either = <A, B>(one: Shape<A>, other: Shape<B>): Shape<A | B> => {
  return (value, fault): value is A | B => one(value, []) || other(value, fault);
};

/** What may be undefined or absent. */
export const perhaps = <T>(inner: Shape<T>): Shape<T | undefined> => {
  return (value, fault): value is T | undefined => value === undefined || inner(value, fault);
};

/** A list of such members. */
export const listOf = <T>(member: Shape<T>): Shape<readonly T[]> => {
  return (value, fault): value is readonly T[] =>
    Array.isArray(value)
      ? value.every((each, at) => member(each, fault) || within(fault, at))
      : refuse(fault, "a list");
};

/** A set of such members. */
export const setOf = <T>(member: Shape<T>): Shape<ReadonlySet<T>> => {
  const list = listOf(member);
  return (value, fault): value is ReadonlySet<T> =>
    value instanceof Set ? list([...value], fault) : refuse(fault, "a set");
};

/** A list of such members, of which there is one at least. */
export const someOf = <T>(member: Shape<T>): Shape<readonly [T, ...T[]]> => {
  const list = listOf(member);
  return (value, fault): value is readonly [T, ...T[]] =>
    list(value, fault) && (value.length > 0 || refuse(fault, "a list of one at least"));
};

/** A shape for each field of a type. */
export type Fields<T> = { readonly [K in keyof Required<T>]: Shape<K extends keyof T ? T[K] : never> };

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An object with these fields. */
export const fieldsOf = <T extends object>(fields: Fields<T>): Shape<T> => {
  const entries = Object.entries<Shape<unknown>>(fields);
  return (value, fault): value is T =>
    isMembers(value)
      ? entries.every(([key, field]) => field(value[key], fault) || within(fault, key))
      : refuse(fault, "an object");
};

/** The fields of one kind of a union. */
type FieldsOfKind<T, K> = Fields<Omit<Extract<T, { readonly kind: K }>, "kind">>;

/** One of several kinds, each with fields of its own. */
export const byKind = <T extends { readonly kind: string }>(
  kinds: {
    readonly [K in T["kind"]]: FieldsOfKind<T, K>;
  },
): Shape<T> => {
  const shapes = new Map(
    Object.entries<Fields<object>>(kinds).map(([kind, fields]) => [kind, fieldsOf<object>(fields)]),
  );
  return (value, fault): value is T => {
    const kind = isMembers(value) ? value["kind"] : undefined;
    const fields = typeof kind === "string" ? shapes.get(kind) : undefined;
    if (fields !== undefined) return fields(value, fault);
    return refuse(fault, `an object whose kind is one of ${[...shapes.keys()].join(", ")}`);
  };
};

/** A value of that shape. @throws TypeError that says what is wrong with it, and where */
export function insistOn<T>(shape: Shape<T>, value: unknown, name: string): T {
  const fault: string[] = [];
  if (shape(value, fault)) return value;
  const wanted = fault.pop();
  throw new TypeError(`${[name, ...fault].join(".")} is not ${wanted}`);
}
