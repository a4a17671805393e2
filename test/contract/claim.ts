import type { World } from "#test/support/world.ts";

/** Proves one promise in a world of its own. */
export type Proof = (world: World) => Promise<void> | void;

/** Promises by their sentence. */
export type Claims = Readonly<Record<string, Proof>>;
