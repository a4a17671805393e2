import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { after, describe, it } from "node:test";
import { runLoop } from "#daemon/loop.ts";
import { factsOf, makePlan } from "#daemon/plan-reading.ts";
import { allowedAt } from "#daemon/recording/allowance.ts";
import { noteOf } from "#daemon/recording/noted-settings.ts";
import { startPacedRecording } from "#daemon/recording/record-machine.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { add, gib, kib, mib, seconds } from "#domain/units.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Machine } from "#machine/machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { recordingFolder } from "#test/support/a-recording.ts";
import { silentJournal } from "#test/support/silent-journal.ts";

const folder = recordingFolder();
after(() => folder.remove());

const hour = seconds(3600);

/** The same machine, but nobody's memory is ever what it was at the look before: the worst there is for a recording of differences. */
function withRestlessProcesses(machine: Machine): Machine {
  let look = 0;
  const stir = (snapshot: Snapshot): Snapshot => {
    const { processes } = snapshot;
    if (processes?.kind !== "known") return snapshot;
    look += 1;
    const stirred = processes.value.processes.map((process, at) => {
      if (process.memory === undefined) return process;
      const noise = kib((at * 7919 + look * 104_729) % 9973);
      const { rss, anon } = process.memory;
      return { ...process, memory: { ...process.memory, rss: add(rss, noise), anon: add(anon, noise) } };
    });
    return { ...snapshot, processes: { kind: "known", value: { ...processes.value, processes: stirred } } };
  };
  return { ...machine, sense: (wanted) => stir(machine.sense(wanted)) };
}

/** So long the machine is recorded that the burst is over. */
const lasting = seconds(150);

/** Records a machine that is scarce all the time; the answer is the size of the file. */
async function recordRestless(processes: number): Promise<number> {
  const crowd = Array.from({ length: processes }, (_, at) => `worker-${at}`);
  const builder = crowd.reduce(
    (made, name) => made.withProcess(name, { anon: mib(6000 / processes) }),
    aMachine().withRam(gib(16)),
  );
  using simulated = builder.boot();
  const machine = withDryRun(withRestlessProcesses(simulated));
  const overrides = ["preset=none", "headroom.low=60%", "headroom.min=1%", "headroom.high=70%"];
  const plan = makePlan({ sources: { presets: {}, files: [], overrides }, advice: [] }, factsOf(machine));
  if (plan.kind === "refused") return assert.fail(plan.text);
  const path = folder.path();
  const recording = startPacedRecording({ path, replaces: false, hasNames: false, limit: mib(64) }, machine);
  recording.note(noteOf(plan));
  await runLoop(
    { machine: recording.machine, journal: silentJournal(simulated.now), plan: () => plan.plan },
    { isStopping: () => simulated.now() >= lasting, watch: () => undefined },
  );
  await recording.end("its time is over");
  return statSync(path).size;
}

describe("what a recording may take", () => {
  it("is 5 MB in the first hour and less in those after it, however much there is to record", () => {
    assert.equal(allowedAt(0), 0);
    assert.equal(allowedAt(4_800_000), hour);
    assert.equal(allowedAt(8_800_000), 2 * hour);
  });

  // An hour with 1,000 of them takes 33 s of CPU and made 5.0 MB with a burst of 1 MB.
  it("is kept to on a machine of restless processes that is scarce all the time", async () => {
    const size = await recordRestless(1000);
    const allowed = 800_000 + (4_000_000 * lasting) / hour;
    assert.ok(size <= allowed + 40_000, `${size} of ${allowed} bytes`);
    assert.ok(size > allowed / 2, `${size} of ${allowed} bytes: the story is no test of a bound`);
  });
});
