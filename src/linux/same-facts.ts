import type { ProcessFacts } from "#domain/process.ts";

/**
 * What was known before, where nothing has changed: the very same object, and the same objects within it. Whoever keeps what
 * followed from them need not judge thousands of processes anew at each look.
 */
export function keepSame(before: ProcessFacts | undefined, now: ProcessFacts): ProcessFacts {
  if (before === undefined) return now;
  const kept = {
    ...now,
    identity: areEqual(before.identity, now.identity) ? before.identity : now.identity,
    memory: areEqual(before.memory, now.memory) ? before.memory : now.memory,
    traits: areEqual(before.traits, now.traits) ? before.traits : now.traits,
  };
  return areEqual(before, kept) ? before : kept;
}

/** Field by field; both have the same fields, or one is not there. */
function areEqual<T extends object>(a: T | undefined, b: T | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}
