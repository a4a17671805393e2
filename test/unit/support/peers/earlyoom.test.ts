import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Meminfo } from "#domain/meminfo.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { gib, kib, type Milliseconds, mib, milliseconds, scale } from "#domain/units.ts";
import { aSnapshot, type ProcessWish, someMeminfo, someTable } from "#test/support/a-snapshot.ts";
import { type EarlyoomState, earlyoom17, earlyoom19 } from "#test/support/peers/earlyoom.ts";
import type { Peer, PeerTurn } from "#test/support/peers/peer.ts";

const ram = gib(10);
/** A machine of 10 GiB, by the percentages that are free on it. */
const levels = (memory: number, swap?: number, more: Partial<Omit<Meminfo, "available">> = {}) =>
  someMeminfo({
    available: kib(scale(ram, memory / 100)),
    total: ram,
    ...(swap !== undefined && { swapTotal: gib(1), swapFree: kib(scale(gib(1), swap / 100)) }),
    ...more,
  });

const hog = { pid: 5000, anon: gib(4) };
const look = (at: number, meminfo: Meminfo, wishes: readonly ProcessWish[] = [hog]): Snapshot =>
  aSnapshot({ at, meminfo, table: someTable(wishes) });

const stepOf = (peer: Peer<EarlyoomState>, snapshot: Snapshot, state = peer.begin): PeerTurn<EarlyoomState> =>
  peer.step(snapshot, state);
const signals = (turn: PeerTurn<EarlyoomState>) => turn.shots.map(({ signal }) => signal);
const sleptAfter = (meminfo: Meminfo): Milliseconds => stepOf(earlyoom19, look(0, meminfo)).next;

describe("the model of earlyoom", () => {
  it("sends SIGTERM at 10 % of memory and swap, SIGKILL at 5 %", () => {
    assert.deepEqual(signals(stepOf(earlyoom19, look(0, levels(10.1, 10)))), []);
    assert.deepEqual(signals(stepOf(earlyoom19, look(0, levels(10, 10)))), ["SIGTERM"]);
    assert.deepEqual(signals(stepOf(earlyoom19, look(0, levels(5, 5)))), ["SIGKILL"]);
  });

  it("does nothing while more than 10 % of swap is free, however little memory is left", () => {
    assert.deepEqual(signals(stepOf(earlyoom19, look(0, levels(0.1, 11)))), []);
  });

  it("goes by memory alone where there is no swap", () => {
    assert.deepEqual(signals(stepOf(earlyoom19, look(0, levels(9)))), ["SIGTERM"]);
  });

  it("takes percentages of MemTotal in 1.7, and of what programs can have since 1.8", () => {
    const withTmpfs = levels(6, undefined, { shmem: gib(5), anon: kib(scale(ram, 44 / 100)) });
    assert.deepEqual(signals(stepOf(earlyoom17, look(0, withTmpfs))), ["SIGTERM"]);
    assert.deepEqual(signals(stepOf(earlyoom19, look(0, withTmpfs))), []);
  });

  it("sleeps as long as memory and swap take to fill, from 100 ms to 1 s", () => {
    // (10.2 − 10) % of 10 GiB at 6000 KiB/ms is 3 ms; 20 % are 349 ms; 300 MiB of swap at 800 KiB/ms are 384 ms more.
    assert.equal(sleptAfter(levels(10.2)), milliseconds(100));
    assert.equal(sleptAfter(levels(30)), milliseconds(349));
    assert.equal(sleptAfter(levels(30, 10 + (300 / 1024) * 100)), milliseconds(733));
    assert.equal(sleptAfter(levels(100)), milliseconds(1000));
  });

  it("takes the highest oom_score, in which an oom_score_adj of 300 weighs three tenths of the machine", () => {
    const tab = { pid: 6000, anon: mib(79), oomScoreAdj: 500 };
    const turn = stepOf(earlyoom19, look(0, levels(9), [hog, tab]));
    assert.deepEqual(
      turn.shots.map(({ victim }) => Number(victim.pid)),
      [tab.pid],
    );
  });

  it("leaves −1000, init and itself alone", () => {
    const turn = stepOf(earlyoom19, look(0, levels(9), [{ ...hog, oomScoreAdj: -1000 }]));
    assert.deepEqual(turn.shots, []);
  });

  it("looks at nothing but its victim until that is gone, for at most 10 s", () => {
    const first = stepOf(earlyoom19, look(0, levels(9)));
    const waiting = stepOf(earlyoom19, look(5000, levels(6)), first.state);
    assert.deepEqual([signals(waiting), waiting.next], [[], milliseconds(5100)]);
    assert.equal(stepOf(earlyoom19, look(10_000, levels(6)), first.state).state.kind, "watching");
    assert.equal(stepOf(earlyoom19, look(200, levels(6), []), first.state).state.kind, "watching");
  });

  it("follows SIGTERM by SIGKILL only when memory falls below the second limit, and once", () => {
    const first = stepOf(earlyoom19, look(0, levels(9)));
    const second = stepOf(earlyoom19, look(100, levels(4)), first.state);
    assert.deepEqual(signals(second), ["SIGKILL"]);
    assert.deepEqual(signals(stepOf(earlyoom19, look(200, levels(4)), second.state)), []);
  });

  it("takes the memory of a killed victim since 1.8, never that of one that was asked", () => {
    const reaps = (peer: Peer<EarlyoomState>, memory: number) =>
      stepOf(peer, look(0, levels(memory))).shots.map(({ reapsAtOnce }) => reapsAtOnce);
    assert.deepEqual([reaps(earlyoom19, 4), reaps(earlyoom19, 9), reaps(earlyoom17, 4)], [[true], [false], [false]]);
  });
});
