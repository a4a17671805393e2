import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exceeds, readBounds } from "#test/support/calibration/guests/bounds.ts";
import { compareGuests, simulateGuest } from "#test/support/calibration/guests/compare-guests.ts";
import { keyOf, recordedGuests } from "#test/support/calibration/guests/recorded-guests.ts";

const leastRuns = 2;

describe("the simulated machine against guests that were really out of memory", () => {
  const bounds = readBounds();
  const guests = recordedGuests();

  it("is bounded in every story that was recorded, and in no other", () => {
    assert.deepEqual(Object.keys(bounds).sort(), guests.map(keyOf).sort());
  });

  for (const guest of guests) {
    it(`${keyOf(guest)}: was played often enough for its own spread to be known`, () => {
      assert.ok(guest.runs.length >= leastRuns, `${guest.runs.length} runs`);
    });

    it(`${keyOf(guest)}: no figure is farther from the real ones than it has been`, async () => {
      const compared = compareGuests(guest.runs, await simulateGuest(guest));
      assert.deepEqual(
        compared.filter((figure) => exceeds(figure, bounds[keyOf(guest)])),
        [],
      );
    });
  }
});
