import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Answered } from "#daemon/ask-settings.ts";
import { type AskedSettings, writeLetter } from "#daemon/handover.ts";
import { keptJournal } from "#daemon/kept-journal.ts";
import { keepSettings } from "#daemon/live-settings.ts";
import { beginLoop, type Turn, turn } from "#daemon/loop.ts";
import { factsOf, makePlan } from "#daemon/plan-reading.ts";
import { settingsOf } from "#daemon/prepare-daemon.ts";
import { type BoundSettings, bindSettings } from "#daemon/settings-in-force.ts";
import { gib, type KiB, type Milliseconds, mib, milliseconds, seconds } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { silentJournal } from "#test/support/silent-journal.ts";

/** Settings for a machine of that size, and a turn of its loop. */
async function on(
  ram: KiB,
  { low = "auto", hog = mib(1) } = {},
): Promise<{ readonly settings: BoundSettings; readonly done: Turn }> {
  const machine = aMachine().withRam(ram).withProcess("hog", { anon: hog }).boot();
  const sources = { presets: {}, files: [], overrides: ["preset=none", `headroom.low=${low}`] };
  const reading = makePlan({ sources, advice: [] }, factsOf(machine));
  if (reading.kind === "refused") return assert.fail(reading.text);
  const journal = silentJournal(machine.now);
  const parts = { machine, journal, plan: () => reading.plan };
  return { settings: await bindSettings(settingsOf(reading)), done: turn(parts, beginLoop(parts)) };
}

const [small, large, alarmed] = await Promise.all([on(gib(4)), on(gib(16)), on(gib(4), { low: "45%", hog: gib(3) })]);

/** Keeps settings, with a reader whose answers are given by hand. */
function keeping() {
  const entries: Entry[] = [];
  const asked: AskedSettings[] = [];
  let at = milliseconds(0);
  let answered: Answered | undefined;
  let noted = 0;
  let woken = 0;
  const now = (): Milliseconds => at;
  const live = keepSettings(small.settings, {
    journal: keptJournal({ keep: (entry) => entries.push(entry), now, wallTime: now }),
    machine: {
      now,
      wake: () => {
        woken += 1;
      },
    },
    choice: { path: "/etc/tidemark.toml", overrides: [] },
    letter: writeLetter({ message: {}, noted: undefined }),
    ask(wanted) {
      asked.push(wanted);
      answered = undefined;
      return { take: () => answered, [Symbol.dispose]: () => undefined };
    },
    note: () => {
      noted += 1;
    },
  });
  return {
    live,
    asked,
    events: () => entries.map(({ event }) => event),
    noted: () => noted,
    woken: () => woken,
    wait: (span: Milliseconds) => {
      at = milliseconds(at + span);
    },
    /** Answers, and waits until that has been heard. */
    async answer(given: BoundSettings | readonly string[]): Promise<void> {
      const isRefusal = Array.isArray(given);
      const letter = writeLetter({ message: {}, noted: undefined });
      answered = isRefusal
        ? { kind: "answer", answer: { kind: "refused", problems: given }, letter }
        : { kind: "answer", answer: { kind: "settings", settings: given as BoundSettings }, letter };
      while (live.isReloading || asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

describe("the settings that are kept", () => {
  it("are read again when that was asked for meanwhile, although no look is due", { timeout: 10_000 }, async () => {
    const { live, asked, woken, answer } = keeping();
    live.attend(small.done, true);
    live.attend(small.done, true);
    const first = answer(["not so"]);
    while (woken() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    live.attend(small.done, false);
    assert.equal(asked.length, 2);
    await Promise.all([first, answer(["not so either"])]);
  });

  it("are those they began with while nothing happens, noted once", () => {
    const { live, asked, noted } = keeping();
    for (const _ of [1, 2]) live.attend(small.done, false);
    assert.deepEqual([live.inForce, asked, noted()], [small.settings, [], 1]);
  });

  it("are what a reload makes of the files, when that has been read: until then the old ones stay", async () => {
    const { live, asked, events, answer, noted } = keeping();
    live.attend(small.done, true);
    assert.deepEqual(asked, [{ kind: "reload", settings: { path: "/etc/tidemark.toml", overrides: [] } }]);
    assert.deepEqual([live.inForce, live.isReloading], [small.settings, true]);
    await answer(large.settings);
    assert.equal(live.inForce.plan.headroom.low, large.settings.plan.headroom.low);
    assert.deepEqual([events(), noted(), live.isReloading], [["config.reloaded"], 2, false]);
  });

  it("stay when the new ones are refused", async () => {
    const { live, events, answer } = keeping();
    live.attend(small.done, true);
    await answer(["tidemark.toml:1: no such setting"]);
    assert.deepEqual([live.inForce, events()], [small.settings, ["config.refused"]]);
  });

  it("are resolved anew, once, for a machine that was resized", async () => {
    const { live, asked } = keeping();
    for (const _ of [1, 2]) live.attend(large.done, false);
    assert.deepEqual(
      asked.map((each) => (each.kind === "refit" ? each.facts.ram : each.kind)),
      [large.settings.facts.ram],
    );
  });

  it("are not read under an alarm, but after ten seconds: wrong settings may be what raises it", () => {
    const { live, asked, events, wait } = keeping();
    live.attend(alarmed.done, true);
    wait(seconds(9));
    live.attend(alarmed.done, false);
    assert.deepEqual([asked.length, events()], [0, ["config.waiting"]]);
    wait(seconds(2));
    live.attend(alarmed.done, false);
    assert.equal(asked.length, 1);
  });

  it("are not read by what was seen before a wait ended, and nobody is told to wait for that", () => {
    const { live, asked, events } = keeping();
    live.attend({ ...small.done, isCurrent: false }, true);
    assert.deepEqual([asked.length, events()], [0, []]);
    live.attend(small.done, false);
    assert.equal(asked.length, 1);
  });

  it("are read as soon as the alarm is over", () => {
    const { live, asked } = keeping();
    live.attend(alarmed.done, true);
    live.attend(small.done, false);
    assert.equal(asked.length, 1);
  });
});
