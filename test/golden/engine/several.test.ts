import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { known, knownValue } from "#domain/snapshot.ts";
import { gib, type KiB, least, lessened, mib, milliseconds, oomScoreAdj, seconds } from "#domain/units.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { eventsOf } from "#test/support/story.ts";
import { aDesktop, tell } from "#test/support/told-story.ts";

/**
 * A virtual machine that reports free pages to its host: for 15 s after an exit up to 1 GiB is out of sight.
 * @param seen told what could be seen at each look that lags
 */
const withholdingMemory =
  (seen: KiB[]) =>
  (machine: SimulatedMachine): SimulatedMachine => ({
    ...machine,
    sense(look) {
      const snapshot = machine.sense(look);
      const meminfo = knownValue(snapshot.meminfo);
      const exit = eventsOf(machine, "exited").at(-1);
      const isLagging = exit !== undefined && snapshot.takenAt - exit.at < seconds(15);
      if (meminfo?.available === undefined || !isLagging) return snapshot;
      const available = lessened(meminfo.available, gib(1));
      seen.push(available);
      return { ...snapshot, meminfo: known({ ...meminfo, available, free: least(meminfo.free, available) }) };
    },
  });

describe("several processes", () => {
  const first = { startsAt: seconds(1), memory: [{ kind: "leak" as const, perSecond: gib(1) }] };

  it("that fill memory one after the other die one after the other, and nobody else", async () => {
    const story = await tell(
      aDesktop(gib(16), 0.4)
        .lasting(seconds(20))
        .withProcess("first", first)
        .withProcess("second", { startsAt: seconds(9), memory: [{ kind: "leak", perSecond: gib(8) }] }),
    );
    assert.deepEqual(story.killedByKernel, []);
    assert.deepEqual(story.victims, ["first", "second"]);
  });

  it("that fill a small machine together die in turn, each before the kernel has to act", async () => {
    const names = ["a", "b", "c"];
    const hog = { startsAt: seconds(2), memory: [{ kind: "leak" as const, perSecond: gib(10 / 3) }] };
    const story = await tell(
      names.reduce((builder, name) => builder.withProcess(name, hog), aDesktop(gib(4), 0.6).lasting(seconds(10))),
    );
    assert.deepEqual(story.killedByKernel, []);
    assert.deepEqual([...story.victims].sort(), names);
  });

  it("do the same where freed memory stays out of sight: what is owed hides no second hog", async () => {
    const seen: KiB[] = [];
    const story = await tell(
      aDesktop(gib(16), 0.7)
        .lasting(seconds(10))
        .withProcess("first", first)
        .withProcess("second", { startsAt: milliseconds(5200), memory: [{ kind: "leak", perSecond: gib(4) }] }),
      { through: withholdingMemory(seen) },
    );
    assert.deepEqual(story.victims, ["first", "second"]);
    const lowest = Math.min(...seen);
    assert.ok(lowest > mib(80), `${lowest} KiB`);
  });

  it("cost only the one that filled memory where what it held comes back late", async () => {
    const story = await tell(
      aDesktop(gib(16), 0.85)
        .lasting(seconds(10))
        .withProcess("first", { ...first, memory: [{ kind: "leak", perSecond: mib(400) }] }),
      { through: withholdingMemory([]) },
    );
    assert.deepEqual(story.victims, ["first"]);
  });

  it("cost nobody else when somebody else kills the hog first", async () => {
    const builder = aDesktop(gib(16), 0.4)
      .lasting(seconds(10))
      .withProcess("hog", {
        startsAt: seconds(1),
        memory: [{ kind: "leak", perSecond: gib(2) }],
        onExit: { after: milliseconds(0), perGiB: milliseconds(70) },
      });
    const story = await tell(builder, {
      through: (machine) => ({
        ...machine,
        sense(look) {
          const hog = machine.find("hog");
          // One look before tidemark can do anything about it.
          if (hog && (machine.meminfo().available ?? 0) < mib(640)) machine.kill(hog);
          return machine.sense(look);
        },
      }),
    });
    assert.deepEqual(
      story.victims.filter((name) => name !== "hog"),
      [],
    );
  });

  it("that are protected stay, however large: the largest of the rest goes", async () => {
    const story = await tell(
      aDesktop(gib(16), 0.2)
        .lasting(seconds(20))
        .withProcess("machine", { anon: gib(4), oomScoreAdj: oomScoreAdj(-1000) })
        .withProcess("database", { anon: gib(5), exe: "/opt/database" })
        .withProcess("hog", { startsAt: seconds(2), memory: [{ kind: "leak", perSecond: mib(500) }] }),
      { file: '[[rule]]\nverdict = "never"\nexe = "/opt/*"\n' },
    );
    assert.deepEqual(story.killedByKernel, []);
    assert.deepEqual(story.victims, ["hog"]);
  });

  it("that each take a little go one at a time, and no more than are needed", async () => {
    const workers = Array.from({ length: 30 }, (_, index) => `worker-${index}`);
    const story = await tell(
      workers.reduce(
        (builder, name, index) =>
          builder.withProcess(name, {
            startsAt: milliseconds(2000 + 50 * index),
            memory: [{ kind: "ramp", by: mib(300), perSecond: mib(100) }],
          }),
        aDesktop(gib(12), 0.2).lasting(seconds(30)),
      ),
    );
    assert.deepEqual(story.killedByKernel, []);
    assert.ok(
      story.victims.every((name) => name.startsWith("worker-")),
      story.victims.join(),
    );
    assert.ok(story.victims.length <= 4, story.victims.join());
  });

  it("of which none may go are left alone, and cost sixty looks in a second at most", async () => {
    const story = await tell(
      aMachine()
        .withRam(gib(8))
        .lasting(seconds(30))
        .withProcess("sacred", {
          anon: gib(1),
          oomScoreAdj: oomScoreAdj(-1000),
          memory: [{ kind: "ramp", by: mib(6636), perSecond: gib(1) }],
        }),
    );
    assert.deepEqual(story.shots, []);
    assert.ok((story.machine.meminfo().available ?? 0) < story.plan.headroom.min);
    assert.ok(story.looksPerSecond > 10 && story.looksPerSecond < 60, `${story.looksPerSecond} looks per second`);
  });
});

describe("what must not be killed", () => {
  it("a browser that starts with twelve tabs at once, where there is room", async () => {
    const tabs = Array.from({ length: 12 }, () => "Web Content");
    const story = await tell(
      tabs.reduce(
        (builder, name, index) =>
          builder.withProcess(name, {
            startsAt: milliseconds(2000 + 50 * index),
            oomScoreAdj: oomScoreAdj(200),
            memory: [
              { kind: "spike", by: mib(400), perSecond: gib(1), hold: seconds(1) },
              { kind: "ramp", by: mib(150), perSecond: mib(500) },
            ],
          }),
        aDesktop(gib(16), 0.4).lasting(seconds(20)),
      ),
    );
    assert.deepEqual(story.shots, []);
  });

  it("anybody while a file larger than memory is copied, with and without swap", async () => {
    for (const swap of [mib(0), gib(4)]) {
      const story = await tell(
        aDesktop(gib(8), 0.5)
          .withSwap(swap)
          .withDisk(mib(500))
          .lasting(seconds(60))
          .withProcess("cp", { startsAt: seconds(2), anon: mib(2), files: { size: gib(40), perSecond: gib(1) } }),
      );
      assert.deepEqual(story.shots, []);
    }
  });

  it("a small preferred process for the shortage of a large one", async () => {
    const story = await tell(
      aDesktop(gib(16), 0.7)
        .lasting(seconds(20))
        .withProcess("Web Content", { anon: mib(100) })
        .withProcess("leak", { startsAt: seconds(2), memory: [{ kind: "leak", perSecond: mib(500) }] }),
    );
    assert.deepEqual(story.victims, ["leak"]);
  });
});
