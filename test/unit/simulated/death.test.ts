import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { add, gib, mib, milliseconds, pid, seconds, subtract } from "#domain/units.ts";
import type { ProcessScript } from "#simulated/process-script.ts";
import { aMachine, type MachineBuilder } from "#test/support/a-machine.ts";
import { toAdopt, toKill, toSignal } from "#test/support/decisions.ts";
import { eventsOf, passTime, timeUntil } from "#test/support/story.ts";
import { findInTable, reportOn } from "#test/support/world.ts";

const withHog = (script: Omit<ProcessScript, "name"> = {}, machine: MachineBuilder = aMachine()) => {
  const booted = machine.withProcess("hog", { anon: gib(1), ...script }).boot();
  const hog = booted.find("hog");
  assert.ok(hog);
  return { machine: booted, hog };
};

const exact = { step: milliseconds(1), within: seconds(60) };

/** How long it takes until the memory of a killed hog of 1 GiB is back. */
async function timeToFree(script: Omit<ProcessScript, "name">, reapsAtOnce: boolean): Promise<number> {
  const { machine, hog } = withHog(script);
  machine.act(toSignal(hog, { signal: "SIGKILL", reapsAtOnce }));
  const began = machine.now();
  const back = await timeUntil(machine, () => machine.meminfo().anon < mib(40), exact);
  assert.ok(back !== undefined, "the memory came back");
  return subtract(back, began);
}

const assertBetween = (value: number, low: number, high: number) =>
  assert.ok(value >= low && value <= high, `${value} is not between ${low} and ${high}`);

describe("a dying process of the simulated machine", () => {
  it("gives 1 GiB back as fast as measured: 57-82 ms", async () => {
    assertBetween(await timeToFree({}, false), 57, 85);
  });

  it("gives 1 GiB back as fast as measured when it is reaped at once: 34-80 ms", async () => {
    assertBetween(await timeToFree({}, true), 34, 60);
  });

  it("that gets no CPU gives nothing back for seconds, but is reaped in 80-180 ms", async () => {
    const starving = { onExit: { after: seconds(20), perGiB: milliseconds(70) } };
    assertBetween(await timeToFree(starving, false), 14_000, 27_000);
    assertBetween(await timeToFree(starving, true), 80, 180);
  });

  it("shows no memory once it has let go of it, and is dying until it has gone", async () => {
    const { machine, hog } = withHog({ onExit: { after: milliseconds(10), perGiB: seconds(1) } });
    machine.act(toSignal(hog, { signal: "SIGKILL" }));
    const pending = findInTable(machine, hog);
    assert.equal(pending?.isDying, true);
    assert.ok(pending.memory);
    await passTime(machine, milliseconds(200));
    const leaving = findInTable(machine, hog);
    assert.equal(leaving?.isDying, true);
    assert.equal(leaving.memory, undefined);
    await passTime(machine, seconds(2));
    assert.equal(findInTable(machine, hog), undefined);
  });

  it("was too late to be reaped once it has let go", async () => {
    const { machine, hog } = withHog({ onExit: { after: milliseconds(1), perGiB: seconds(1) } });
    machine.act(toSignal(hog, { signal: "SIGKILL" }));
    await passTime(machine, milliseconds(100));
    machine.act({ kind: "reap", victim: hog });
    assert.deepEqual(reportOn(machine, hog), { identity: hog, kind: "alive", reap: { kind: "exiting-by-itself" } });
  });

  it("cannot be reaped by a kernel without process_mrelease", () => {
    const { machine, hog } = withHog({}, aMachine().lacking("process-mrelease"));
    machine.act(toKill(hog));
    assert.deepEqual(reportOn(machine, hog), { identity: hog, kind: "alive", reap: { kind: "unsupported" } });
  });

  it("keeps its memory as long as somebody shares it", async () => {
    const { machine, hog } = withHog();
    const { anon } = machine.meminfo();
    const sharer = machine.start({ name: "sharer", sharesMemoryWith: "hog", parent: "hog" });
    assert.equal(machine.meminfo().anon, anon, "shared memory is there once");
    machine.act(toSignal(hog, { signal: "SIGKILL" }));
    await passTime(machine, seconds(2));
    assert.equal(machine.isAlive(hog), false);
    assert.equal(reportOn(machine, hog)?.kind, "exited", "nobody told that there was a sharer");
    assert.ok(machine.meminfo().anon > gib(1));
    machine.act(toSignal(sharer, { signal: "SIGKILL" }));
    await passTime(machine, seconds(2));
    assert.ok(machine.meminfo().anon < mib(40));
  });

  it("leaves its pid to a newcomer, who is not signalled in its place", async () => {
    const machine = aMachine()
      .withProcess("old", { pid: pid(5000), endsAt: seconds(1) })
      .withProcess("new", { pid: pid(5000), startsAt: seconds(2) })
      .boot();
    const old = machine.find("old");
    assert.ok(old);
    await passTime(machine, seconds(3));
    const newcomer = machine.find("new");
    assert.equal(newcomer?.pid, old.pid);
    for (const decision of [toKill(old), toAdopt(old)]) {
      assert.deepEqual(machine.act(decision), { kind: "refused", why: "identity-changed" });
    }
    await passTime(machine, seconds(3));
    assert.ok(machine.find("new"));
    assert.deepEqual(eventsOf(machine, "signalled"), []);
  });

  it("answers SIGTERM in its own time, and not at all when it is stopped", async () => {
    const onSigterm = { kind: "exits", after: seconds(1) } as const;
    const heeding = withHog({ onSigterm });
    heeding.machine.act(toSignal(heeding.hog));
    const gone = await timeUntil(heeding.machine, () => !heeding.machine.isAlive(heeding.hog), exact);
    assert.ok(gone !== undefined);
    assertBetween(gone, 750, 1350);
    const stopped = withHog({ onSigterm, stopsAt: milliseconds(0) });
    stopped.machine.act(toSignal(stopped.hog));
    await passTime(stopped.machine, seconds(30));
    assert.equal(stopped.machine.isAlive(stopped.hog), true);
  });

  it("ends a wait in the very moment it has gone", async () => {
    const { machine, hog } = withHog();
    machine.act(toSignal(hog, { signal: "SIGKILL" }));
    assert.equal(await machine.wait(add(machine.now(), seconds(60))), "victim");
    assert.equal(eventsOf(machine, "exited")[0]?.at, machine.now());
  });

  it("is never init, even when nothing leads from the killer to init any more", async () => {
    const machine = aMachine().boot();
    const [init, supervisor] = [machine.find("init"), machine.find("supervisor")];
    assert.ok(init && supervisor);
    machine.kill(supervisor);
    await passTime(machine, seconds(1));
    assert.equal(machine.isAlive(supervisor), false);
    assert.deepEqual(machine.act(toKill(init)), { kind: "refused", why: "became-protected" });
  });
});
