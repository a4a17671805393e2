import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readFromLook } from "#test/support/bench/from-look.ts";

const look = (took_ms: number, next_look_ms: number): string =>
  JSON.stringify({ event: "look.taken", took_ms, next_look_ms });
const signalled = JSON.stringify({ event: "victim.signalled" });

describe("the time from the look that saw it to the signal", () => {
  it("is that of the closer look and of the look that called for it", () => {
    assert.equal(readFromLook([look(0.25, 20), look(0.5, 0), signalled, look(2, 5)]), 2.5);
  });

  it("is that of one look alone when it needed no closer one", () => {
    assert.equal(readFromLook([look(0.25, 20), signalled, look(2, 5)]), 2);
  });

  it("is unknown while nobody was signalled, and where looks are not told", () => {
    assert.equal(readFromLook([look(0.25, 0), look(3, 5)]), undefined);
    assert.equal(readFromLook([signalled, "not JSON"]), undefined);
  });
});
