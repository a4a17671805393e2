import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, mib, milliseconds, seconds } from "#domain/units.ts";
import { aDesktop, tell } from "#test/support/told-story.ts";

const minutes = (n: number) => seconds(60 * n);

describe("a hog", () => {
  for (const perSecond of [1, 2, 4, 8]) {
    for (const ram of [4, 8, 16, 64]) {
      it(`of ${perSecond} GiB/s on ${ram} GiB without swap dies alone, before the kernel has to act`, async () => {
        // Half-way between two looks of the calm pace: nobody sees it begin.
        const story = await tell(
          aDesktop(gib(ram), 0.4)
            .lasting(seconds(3 + ram / perSecond))
            .withProcess("hog", {
              startsAt: milliseconds(2500),
              memory: [{ kind: "leak", perSecond: gib(perSecond) }],
              onSigterm: { kind: "ignores" },
            }),
        );
        assert.deepEqual(story.killedByKernel, []);
        assert.deepEqual(story.victims, ["hog"]);
        assert.equal(story.shots.at(-1)?.signal, "SIGKILL");
      });
    }
  }

  it("that leaks for an hour is asked once, ends, and costs a dozen looks in a second at most", async () => {
    const story = await tell(
      aDesktop(gib(8), 0.4)
        .lasting(minutes(62))
        .withProcess("leak", { memory: [{ kind: "leak", perSecond: mib(1.3) }] }),
    );
    assert.deepEqual(story.killedByKernel, []);
    assert.deepEqual(
      story.shots.map(({ signal, name }) => [signal, name]),
      [["SIGTERM", "leak"]],
    );
    assert.ok((story.shots[0]?.at ?? 0) > minutes(45));
    assert.ok(story.looksPerSecond < 12, `${story.looksPerSecond} looks per second`);
  });

  it("that pushes a desktop into swap on a disk is ended by the stall, long before swap is full", async () => {
    const story = await tell(
      aDesktop(gib(8), 0.5)
        .withSwap(gib(8), mib(150))
        .lasting(minutes(1))
        .withProcess("hog", {
          startsAt: seconds(2),
          memory: [{ kind: "leak", perSecond: mib(400) }],
          touchesPerSecond: gib(1),
        }),
    );
    assert.deepEqual(story.killedByKernel, []);
    assert.deepEqual(story.victims, ["hog"]);
    assert.ok((story.shots[0]?.at ?? 0) < seconds(20), `${story.shots[0]?.at} ms`);
  });

  it("that creeps into swap without a stall is asked when swap is nearly full", async () => {
    const story = await tell(
      aDesktop(gib(8), 0.5)
        .withSwap(gib(8), mib(150))
        .lasting(minutes(3))
        .withProcess("hog", { startsAt: seconds(2), memory: [{ kind: "leak", perSecond: mib(100) }] }),
    );
    assert.deepEqual(story.killedByKernel, []);
    assert.deepEqual(story.victims, ["hog"]);
    assert.ok((story.shots[0]?.at ?? 0) > seconds(110), `${story.shots[0]?.at} ms`);
  });

  it("that ignores SIGTERM and then holds still gets SIGKILL when its grace of three seconds is over", async () => {
    const story = await tell(
      aDesktop(gib(8), 0.4)
        .lasting(seconds(30))
        .withProcess("hog", {
          startsAt: seconds(2),
          memory: [{ kind: "ramp", by: mib(4150), perSecond: mib(200) }],
          onSigterm: { kind: "ignores" },
        }),
    );
    assert.deepEqual(
      story.shots.map(({ signal, name }) => [signal, name]),
      [
        ["SIGTERM", "hog"],
        ["SIGKILL", "hog"],
      ],
    );
    const [asked, killed] = story.shots;
    assert.ok(asked && killed && killed.at - asked.at >= 3000 && killed.at - asked.at < 3100);
    assert.deepEqual(story.killedByKernel, []);
  });

  it("that is stopped cannot hear SIGTERM, and is not asked", async () => {
    const story = await tell(
      aDesktop(gib(8), 0.4)
        .lasting(seconds(30))
        .withProcess("hog", {
          startsAt: seconds(2),
          stopsAt: seconds(12),
          memory: [{ kind: "ramp", by: gib(3.7), perSecond: mib(800) }],
        })
        .withProcess("late", { startsAt: seconds(13), memory: [{ kind: "ramp", by: mib(470), perSecond: mib(100) }] }),
    );
    assert.deepEqual(
      story.shots.map(({ signal, name }) => [signal, name]),
      [["SIGKILL", "hog"]],
    );
    assert.equal(story.machine.find("hog"), undefined);
    assert.ok(story.machine.find("late"));
  });
});
