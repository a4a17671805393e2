import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import { compareIdentities, type Identity, identityKey, isSameIdentity } from "#domain/identity.ts";
import { pid, startTicks } from "#domain/units.ts";

const identity = (number: number, started: number): Identity => ({ pid: pid(number), startTicks: startTicks(started) });

test("the same pid with another start time is another process", () => {
  ok(isSameIdentity(identity(42, 100), identity(42, 100)));
  ok(!isSameIdentity(identity(42, 100), identity(42, 101)));
  ok(!isSameIdentity(identity(42, 100), identity(43, 100)));
});

test("keys differ exactly when identities do", () => {
  equal(identityKey(identity(42, 100)), identityKey(identity(42, 100)));
  notEqual(identityKey(identity(42, 100)), identityKey(identity(42, 101)));
  notEqual(identityKey(identity(1, 11)), identityKey(identity(11, 1)));
});

test("the elder comes first, and in one tick the lower pid, wherever they stood before", () => {
  const order = [identity(9, 1), identity(3, 2), identity(4, 2), identity(1, 3)];
  const permuted = [order[2], order[0], order[3], order[1]].filter((one) => one !== undefined);
  deepEqual(permuted.sort(compareIdentities), order);
  deepEqual([...order].reverse().sort(compareIdentities), order);
});
