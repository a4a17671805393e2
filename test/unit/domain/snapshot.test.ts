import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import * as snapshot from "#domain/snapshot.ts";

const failure = { call: "open", errno: "ENOENT", subject: "the PSI file", advice: "boot with psi=1" };

test("a known reading gives its value, even one that is falsy", () => {
  equal(snapshot.knownValue(snapshot.known(0)), 0);
  equal(snapshot.knownValue(snapshot.known("")), "");
});

test("a fact that could not be had and one nobody asked for are both absent, never zero", () => {
  equal(snapshot.knownValue(snapshot.unavailable(failure)), undefined);
  equal(snapshot.knownValue(undefined), undefined);
});

test("an unavailable reading keeps why", () => {
  deepEqual(snapshot.unavailable(failure), { kind: "unavailable", failure });
});
