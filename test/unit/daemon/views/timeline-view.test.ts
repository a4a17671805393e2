import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "#daemon/scenario/simulation.ts";
import { summarizeStory, viewTimeline } from "#daemon/views/timeline-view.ts";
import { mib, milliseconds, seconds } from "#domain/units.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { aPlan } from "#test/support/a-plan.ts";

const leaking = aMachine().withProcess("leak", {
  startsAt: seconds(1),
  memory: [{ kind: "leak", perSecond: mib(400) }],
});

async function play(rules: Parameters<typeof aPlan>[0] = {}) {
  using machine = leaking.boot();
  return simulate(machine, aPlan(rules), { duration: seconds(20) });
}

test("a story is told in the order of time, from both sides, with the fields of each event", async () => {
  const rows = viewTimeline(await play());
  assert.deepEqual(
    rows.map(({ at_ms }) => at_ms),
    rows.map(({ at_ms }) => at_ms).toSorted((a, b) => a - b),
  );
  const told: readonly string[] = rows.map(({ event }) => event);
  const inOrder = ["machine.started", "alarm.raised", "victim.signalled", "machine.exited", "memory.back"];
  const places = inOrder.map((event) => told.indexOf(event));
  assert.ok(!places.includes(-1), told.join(" "));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  const signalled = rows.find(({ event }) => event === "victim.signalled");
  assert.ok(signalled !== undefined && "message" in signalled);
  assert.match(signalled.message, /^Sent SIGTERM to \d+ \(leak\)/);
});

test("a story in which tidemark is in time has its kill and none of the kernel's", async () => {
  const { kills, kernel_kills, panicked, lasted_ms } = summarizeStory(await play());
  assert.deepEqual([kills, kernel_kills, panicked], [1, 0, false]);
  assert.ok(lasted_ms >= seconds(20));
});

test("a story in which nobody may be chosen ends with a kill of the kernel", async () => {
  const nobody = { source: "nobody", matches: () => false };
  const story = await play({ rules: [{ verdict: "only", when: { name: nobody }, origin: "test" }] });
  const { kills, kernel_kills } = summarizeStory(story);
  assert.deepEqual([kills, kernel_kills], [0, 1]);
  assert.ok(viewTimeline(story).some(({ event }) => event === "machine.kernel-oom-kill"));
});

test("of children that come and go only those that were killed are told, from their start to their end", async () => {
  const each = { name: "cc1", anon: mib(10), lasts: milliseconds(200) } as const;
  const hog = { name: "hog", memory: [{ kind: "leak", perSecond: mib(400) }] } as const;
  using machine = aMachine()
    .withProcess("make", { children: { perSecond: 10, each } })
    .withProcess("spawner", { children: { perSecond: 1, count: 1, each: hog } })
    .boot();
  const story = await simulate(machine, aPlan(), { duration: seconds(20) });
  const told = viewTimeline(story).flatMap((row) =>
    row.source === "machine" && "comm" in row && row.comm !== "init" ? [`${row.event} ${row.comm}`] : [],
  );
  assert.ok(story.events.some((event) => event.kind === "exited" && event.comm === "cc1"));
  assert.ok(!told.some((line) => line.endsWith("cc1")), told.join());
  assert.deepEqual(
    told.filter((line) => line.endsWith("hog")),
    ["machine.started hog", "machine.signalled hog", "machine.exited hog"],
  );
});
