type Certain<T> = { [K in keyof T]: undefined extends T[K] ? never : K }[keyof T];
type Perhaps<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** An object without the fields that have no value, so that what is not known is absent from a record. */
export type Present<T> = { readonly [K in Certain<T>]: T[K] } & {
  readonly [K in Perhaps<T>]?: Exclude<T[K], undefined>;
};

/** Leaves out what is undefined. */
export function present<T extends object>(fields: T): Present<T>;
export function present(fields: object): object {
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) known[name] = value;
  return known;
}
