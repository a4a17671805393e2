import type { FieldName, Vocabulary } from "./vocabulary.ts";

/** error: a promise was broken. warn: we acted, or are degraded. info: state changed. debug: every look. */
export const levels = ["error", "warn", "info", "debug"] as const;
/** One of {@link levels}. */
export type Level = (typeof levels)[number];

declare const shape: unique symbol;

/** Some fields of the vocabulary: by name for documents, by type for the compiler. */
export interface FieldGroup<T> {
  readonly names: readonly FieldName[];
  readonly [shape]?: T;
}

/** These fields, always. */
export const always = <N extends FieldName>(...names: readonly N[]): FieldGroup<Pick<Vocabulary, N>> => ({ names });

/** These fields, when there is something to say. */
export const perhaps = <N extends FieldName>(
  ...names: readonly N[]
): FieldGroup<{ readonly [K in N]?: Vocabulary[K] | undefined }> => ({ names });

/** A field that tells the alternatives of an {@link either} apart. */
export const tagged = <N extends FieldName, const V extends Vocabulary[N]>(
  name: N,
  _value: V,
): FieldGroup<{ readonly [K in N]: V }> => ({ names: [name] });

/** One group or the other. */
export const either = <A, B>(a: FieldGroup<A>, b: FieldGroup<B>): FieldGroup<A | B> => ({
  names: [...new Set([...a.names, ...b.names])],
});

/** All groups together. */
export const together = <G extends readonly FieldGroup<unknown>[]>(...groups: G): FieldGroup<AllOf<G>> => ({
  names: groups.flatMap((group) => group.names),
});

type AllOf<G extends readonly FieldGroup<unknown>[]> = G extends readonly [
  FieldGroup<infer First>,
  ...infer Rest extends readonly FieldGroup<unknown>[],
]
  ? First & AllOf<Rest>
  : unknown;

/** What an event is: everything but the moment it happens. */
export interface EventDeclaration<F extends object> {
  /** 128 bits in hex, for good: journald's catalogue and filters know the event by it. */
  readonly messageId: string;
  readonly level: Level;
  readonly fields: FieldGroup<F>;
  /** One English line. Pure. */
  readonly sentence: (fields: F) => string;
  /** What the operator should do, one sentence; "Nothing" is an answer. */
  readonly operator: string;
  /** Entries with the same key are written once a minute and counted in between. Absent: each one is written. */
  readonly repeats?: (fields: F) => string;
}

/** Declares an event; the sentence is typed by the fields. */
export const defineEvent = <F extends object>(event: EventDeclaration<F>): EventDeclaration<F> => event;

/** The fields an event takes. */
export type FieldsOf<E> = E extends EventDeclaration<infer F> ? F : never;
