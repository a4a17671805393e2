import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { add, milliseconds, seconds } from "#domain/units.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Look } from "#machine/machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { toAdopt, toAsk, toEscalate, toKill, toSignal } from "#test/support/decisions.ts";
import { aGiver, giving } from "#test/support/some-givers.ts";
import { reportOn } from "#test/support/world.ts";

const aHog = () => {
  const machine = aMachine().withProcess("hog").boot();
  const hog = machine.find("hog");
  assert.ok(hog);
  return { machine, hog, dry: withDryRun(machine) };
};

describe("a dry run", () => {
  it("lets no signal through, whatever is decided", async () => {
    const { machine, hog, dry } = aHog();
    const decisions = [
      toSignal(hog),
      toKill(hog),
      toEscalate(hog),
      toAdopt(hog),
      { kind: "reap", victim: hog } as const,
    ];
    for (const decision of decisions) assert.deepEqual(dry.act(decision), { kind: "rehearsed" });
    await dry.wait(add(dry.now(), seconds(5)));
    assert.equal(machine.isAlive(hog), true);
    assert.deepEqual(
      machine.events.filter((event) => event.kind === "signalled"),
      [],
    );
    assert.deepEqual(machine.sense({ needs: [], isPressing: true }).victims, []);
  });

  it("reports its victim once, as rehearsed, however often it is decided upon", () => {
    const { hog, dry } = aHog();
    dry.act(toSignal(hog));
    dry.act(toEscalate(hog));
    const { victims } = dry.sense({ needs: [], isPressing: true });
    assert.deepEqual(victims, [{ kind: "rehearsed", identity: hog }]);
  });

  it("reports who is asked in it as rehearsed, beside those whom the machine was asked for itself", () => {
    const { machine } = aHog();
    const asked = (name: string) => toAsk(aGiver(name));
    const both = {
      ...machine,
      sense: (look: Look) => ({ ...machine.sense(look), givers: [giving("then"), giving("both")] }),
    };
    const dry = withDryRun(both);
    assert.deepEqual(dry.act(asked("now")), { kind: "rehearsed" });
    dry.act(asked("both"));
    const { givers } = dry.sense({ needs: [], isPressing: true });
    const rehearsed = (giver: string) => ({ kind: "rehearsed", giver }) as const;
    assert.deepEqual(givers, [giving("then"), rehearsed("now"), rehearsed("both")]);
  });

  it("forgets a victim when it is released", () => {
    const { hog, dry } = aHog();
    dry.act(toSignal(hog));
    assert.deepEqual(dry.act({ kind: "release", victim: hog }), { kind: "released" });
    assert.equal(reportOn(dry, hog), undefined);
  });

  it("sees, waits and is woken as the machine itself", async () => {
    const { machine, dry } = aHog();
    const look = { needs: ["meminfo"], isPressing: false } as const;
    assert.deepEqual(dry.sense(look).meminfo, machine.sense(look).meminfo);
    assert.equal(await dry.wait(add(dry.now(), milliseconds(10))), "due");
    assert.equal(dry.now(), machine.now());
    dry.wake();
    assert.equal(await dry.wait(add(dry.now(), seconds(1))), "called");
    assert.deepEqual(dry.capabilities, machine.capabilities);
  });
});
