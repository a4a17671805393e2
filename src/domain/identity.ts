import { type Pid, pid, type StartTicks } from "./units.ts";

/** Which process, for good: a pid is recycled, a pid with its start time is not (within one boot). */
export interface Identity {
  readonly pid: Pid;
  readonly startTicks: StartTicks;
}

declare const key: unique symbol;

/** An identity as a key of maps and sets. */
export type IdentityKey = string & { readonly [key]: "IdentityKey" };

/** The key of an identity: two are equal exactly when their identities are the same. */
export const identityKey = (identity: Identity): IdentityKey => `${identity.pid}@${identity.startTicks}` as IdentityKey;

/** The pid of the identity that a key was made of. */
export const pidOf = (of: IdentityKey): Pid => pid(Number(of.slice(0, of.indexOf("@"))));

/** Whether both name the same process, not merely the same pid. */
export const isSameIdentity = (a: Identity, b: Identity): boolean => a.pid === b.pid && a.startTicks === b.startTicks;

/** The elder first; among processes started in the same tick, the lower pid. */
export const compareIdentities = (a: Identity, b: Identity): number => a.startTicks - b.startTicks || a.pid - b.pid;
