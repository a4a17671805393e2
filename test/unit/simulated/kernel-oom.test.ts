import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, mib, milliseconds, oomScoreAdj, seconds } from "#domain/units.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { eventsOf, passTime } from "#test/support/story.ts";

const fill = { memory: [{ kind: "leak", perSecond: gib(1) }] } as const;
/** Those who only hold memory are as large as they are; the one who fills the machine is no candidate. */
const untouchableFill = { ...fill, oomScoreAdj: oomScoreAdj(-1000) };

describe("the kernel's own OOM killer", () => {
  it("comes when nothing can be reclaimed, and takes the largest", async () => {
    const machine = aMachine()
      .withProcess("idle", { anon: mib(300) })
      .withProcess("hog", fill)
      .boot();
    await passTime(machine, seconds(10));
    const [kill] = eventsOf(machine, "kernel-oom-kill");
    assert.equal(kill?.comm, "hog");
    assert.ok(machine.find("idle"));
  });

  it("counts what it kills", async () => {
    const machine = aMachine().withProcess("hog", fill).boot();
    await passTime(machine, seconds(10));
    const { vmstat } = machine.sense({ needs: ["vmstat"], isPressing: true });
    assert.equal(vmstat?.kind === "known" && vmstat.value.oomKills, eventsOf(machine, "kernel-oom-kill").length);
    assert.equal(eventsOf(machine, "kernel-oom-kill").length, 1);
  });

  it("adds oom_score_adj in thousandths of all memory", async () => {
    const machine = aMachine()
      .withProcess("large", { anon: mib(500) })
      .withProcess("offered", { anon: mib(300), oomScoreAdj: oomScoreAdj(60) })
      .withProcess("filler", untouchableFill)
      .boot();
    await passTime(machine, seconds(4));
    // 60 thousandths of 4 GiB are 246 MiB.
    assert.equal(eventsOf(machine, "kernel-oom-kill")[0]?.comm, "offered");
  });

  it("takes the last of equals", async () => {
    const machine = aMachine()
      .withProcess("first", { anon: mib(500) })
      .withProcess("last", { anon: mib(500) })
      .withProcess("filler", untouchableFill)
      .boot();
    await passTime(machine, seconds(4));
    assert.equal(eventsOf(machine, "kernel-oom-kill")[0]?.comm, "last");
  });

  it("takes no second victim while the first is on its way", async () => {
    const machine = aMachine()
      .withProcess("slow", { anon: mib(1500), onExit: { after: milliseconds(1500), perGiB: milliseconds(70) } })
      .withProcess("other", { anon: mib(500) })
      .withProcess("filler", untouchableFill)
      .boot();
    await passTime(machine, seconds(3));
    const [first] = eventsOf(machine, "kernel-oom-kill");
    assert.equal(first?.comm, "slow");
    assert.ok(first.at < 2500, `${first.at}`);
    assert.equal(eventsOf(machine, "kernel-oom-kill").length, 1);
  });

  it("reaps who has not let go after 2 s", async () => {
    const machine = aMachine()
      .withProcess("stuck", { anon: mib(1500), onExit: { after: seconds(60), perGiB: milliseconds(70) } })
      .withProcess("filler", {
        memory: [{ kind: "ramp", by: mib(2600), perSecond: gib(1) }],
        oomScoreAdj: oomScoreAdj(-1000),
      })
      .boot();
    await passTime(machine, seconds(10));
    const [kill] = eventsOf(machine, "kernel-oom-kill");
    const [reaped] = eventsOf(machine, "reaped");
    assert.ok(kill && reaped);
    assert.equal(reaped.by, "kernel");
    assert.ok(reaped.at - kill.at >= 2000 && reaped.at - kill.at < 2400, `${reaped.at - kill.at} ms`);
    assert.equal(eventsOf(machine, "exited").length, 0);
  });

  it("panics when nobody may be killed, and nothing moves any more", async () => {
    const machine = aMachine()
      .withProcess("filler", untouchableFill)
      .withKiller({ oomScoreAdj: oomScoreAdj(-1000) })
      .boot();
    await passTime(machine, seconds(20));
    assert.equal(eventsOf(machine, "kernel-panicked").length, 1);
    const { anon } = machine.meminfo();
    await passTime(machine, seconds(20));
    assert.equal(machine.meminfo().anon, anon);
  });
});
