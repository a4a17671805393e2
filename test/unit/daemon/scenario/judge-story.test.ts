import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Deaths, deathsOf, judgeStory, type Stall } from "#daemon/scenario/judge-story.ts";
import type { Expectation } from "#daemon/scenario/scenario-expect.ts";
import { gib, milliseconds, pid, seconds, startTicks } from "#domain/units.ts";
import type { MachineEvent } from "#simulated/machine-event.ts";

const ms = milliseconds;
const calm: Deaths = { victims: [], killed: [], byKernel: [], hasPanicked: false };
const nobody: Expectation = { kind: "no-kill" };
const aLeak: Expectation = {
  kind: "kill",
  victim: "leak",
  within: seconds(60),
  atMost: 1,
  hasTime: false,
  longestStall: seconds(1),
};
const killing = (comm: string, at = 30_000): Deaths => ({ ...calm, victims: [{ comm, at: ms(at) }] });
/** A wait that began so long before the kill at 30 s. */
const waiting = (took: number, before = took): Stall => ({ at: ms(30_000 - before), took: ms(took) });
const wrongWith = (expectation: Expectation, deaths: Deaths, ...stalls: readonly Stall[]) =>
  judgeStory(expectation, deaths, stalls).map(({ kind }) => kind);

describe("a story held against what was expected", () => {
  it("is fine when the right process was killed in time, and nobody waited long", () => {
    assert.deepEqual(wrongWith(aLeak, killing("leak"), waiting(1000)), []);
  });

  it("fails when nobody, somebody else, too many or too late was killed", () => {
    assert.deepEqual(wrongWith(aLeak, calm), ["no-kill"]);
    assert.deepEqual(wrongWith(aLeak, killing("browser")), ["wrong-victim"]);
    const both = [...killing("leak").victims, ...killing("leak", 31_000).victims];
    assert.deepEqual(wrongWith(aLeak, { ...calm, victims: both }), ["too-many-kills"]);
    assert.deepEqual(wrongWith(aLeak, killing("leak", 60_001)), ["late-kill"]);
  });

  it("fails when somebody at the machine had waited longer than they may before anything was done", () => {
    assert.deepEqual(wrongWith(aLeak, killing("leak"), waiting(5), waiting(1001)), ["freeze"]);
    assert.deepEqual(wrongWith(aLeak, killing("leak"), waiting(3000, 1001)), ["freeze"]);
    assert.deepEqual(wrongWith(aLeak, calm, waiting(1001)), ["no-kill", "freeze"]);
  });

  it("is fine when the wait that was under way at the kill, or one after it, takes longer", () => {
    assert.deepEqual(wrongWith(aLeak, killing("leak"), waiting(3000, 1000), waiting(2000, -5)), []);
  });

  it("fails when who should have gone by itself was killed, and only then", () => {
    const killed = { ...killing("leak"), killed: [{ comm: "leak", at: ms(30_100) }] };
    assert.deepEqual(wrongWith(aLeak, killed), []);
    assert.deepEqual(wrongWith({ ...aLeak, hasTime: true }, killing("leak")), []);
    assert.deepEqual(wrongWith({ ...aLeak, hasTime: true }, killed), ["no-time"]);
  });

  it("fails when the kernel had to kill, even the right process", () => {
    const byKernel = [{ comm: "leak", at: ms(1) }];
    assert.deepEqual(wrongWith(aLeak, { ...killing("leak"), byKernel }), ["kernel-kill"]);
    assert.deepEqual(wrongWith(nobody, { ...calm, byKernel, hasPanicked: true }), ["kernel-kill", "panic"]);
  });

  it("in which nobody had to be killed fails by any kill, and by nothing else", () => {
    assert.deepEqual(wrongWith(nobody, calm, waiting(20_000)), []);
    assert.deepEqual(wrongWith(nobody, killing("leak")), ["needless-kill"]);
  });
});

describe("the deaths of a story", () => {
  const who = { identity: { pid: pid(1000), startTicks: startTicks(1) }, comm: "leak" };
  const signalled = (at: number, by: "tidemark" | "somebody", identity = who.identity): MachineEvent => ({
    kind: "signalled",
    at: ms(at),
    signal: "SIGTERM",
    by,
    ...who,
    identity,
  });

  it("count a victim once, at its first signal, and only those of the guard", () => {
    const events = [signalled(5, "somebody"), signalled(10, "tidemark"), signalled(20, "tidemark")];
    assert.deepEqual(deathsOf(events), { ...calm, victims: [{ comm: "leak", at: 10 }] });
  });

  it("tell apart two processes of one pid", () => {
    const again = { ...who.identity, startTicks: startTicks(9) };
    const events = [signalled(10, "tidemark"), signalled(30, "tidemark", again)];
    assert.equal(deathsOf(events).victims.length, 2);
  });

  it("tell whom the kernel took, and that it found nobody left", () => {
    const events: readonly MachineEvent[] = [
      { kind: "kernel-oom-kill", at: ms(7), badness: gib(1), ...who },
      { kind: "kernel-panicked", at: ms(8) },
    ];
    assert.deepEqual(deathsOf(events), { ...calm, byKernel: [{ comm: "leak", at: 7 }], hasPanicked: true });
  });
});
