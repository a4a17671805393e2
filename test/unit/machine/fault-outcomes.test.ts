import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { simulate } from "#daemon/scenario/simulation.ts";
import { milliseconds, seconds } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import { withFaults } from "#machine/with-faults.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { faultStory, type StatedOutcome, statedOutcomes } from "#test/support/fault-outcomes.ts";

const forever = seconds(3600);

/** What the journal told: each event with whom it is about, and how a reaping went that was asked for. */
const lineOf = ({ event, fields }: Entry): string =>
  event +
  ("comm" in fields ? ` ${fields.comm}` : "") +
  ("reap" in fields && /^(not|being) given/.test(String(fields.reap)) ? `: ${fields.reap}` : "");

async function play({ fault, ends = forever, ...story }: StatedOutcome): Promise<readonly string[]> {
  const builder = faultStory(story);
  const machine = builder.boot();
  const failing = { ...machine, ...withFaults(machine, [{ fault, from: milliseconds(0), until: ends }]) };
  const { entries } = await simulate(failing, aPlan(), { duration: builder.scenario().duration });
  return entries.map(lineOf);
}

/** Who was signalled, each once. */
const victimsIn = (told: readonly string[]): ReadonlySet<string> =>
  new Set(told.filter((each) => each.startsWith("victim.signalled")));

describe("a fault of this kind leads to what is stated of it, and to no other victim:", () => {
  for (const stated of statedOutcomes) {
    it(stated.what, async () => {
      const told = await play(stated);
      const wanted = new Set(stated.told);
      assert.deepEqual([...new Set(told.filter((each) => wanted.has(each)))], stated.told);
      assert.deepEqual(victimsIn(told), victimsIn(stated.told));
    });
  }
});
