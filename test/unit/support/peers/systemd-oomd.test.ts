import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { known, type Snapshot } from "#domain/snapshot.ts";
import { cgroupPath, gib, kib, mib, milliseconds, percent, scale } from "#domain/units.ts";
import {
  aSnapshot,
  noReclaim,
  type ProcessWish,
  someMeminfo,
  somePressure,
  someTable,
} from "#test/support/a-snapshot.ts";
import type { PeerTurn } from "#test/support/peers/peer.ts";
import { type OomdState, systemdOomd } from "#test/support/peers/systemd-oomd.ts";

const browser = cgroupPath("/user.slice/user-1000.slice/app.slice/app-browser.scope");
const terminal = cgroupPath("/user.slice/user-1000.slice/app.slice/app-terminal.scope");
const service = cgroupPath("/system.slice/builder.service");

interface Wish {
  readonly at: number;
  /** Percent of 10 GiB and of 1 GiB. */
  readonly available?: number;
  readonly swapFree?: number;
  readonly full10?: number;
  readonly scanned?: number;
  readonly table?: readonly ProcessWish[];
}

const anApp: readonly ProcessWish[] = [{ pid: 5000, cgroup: browser, anon: gib(3) }];

function look({ at, available = 50, swapFree = 50, full10 = 0, scanned = at, table = anApp }: Wish): Snapshot {
  const calm = somePressure({ some: 0, full: 0 });
  const share = (of: number, total = gib(10)) => kib(scale(total, of / 100));
  return {
    ...aSnapshot({
      at,
      meminfo: someMeminfo({
        available: share(available),
        total: gib(10),
        swapTotal: gib(1),
        swapFree: share(swapFree, gib(1)),
      }),
      pressure: { ...calm, full: { ...calm.full, average10: percent(full10) } },
      table: someTable(table),
    }),
    vmstat: known({ ...noReclaim, scannedByKswapd: scanned }),
  };
}

const pidsOf = (turn: PeerTurn<OomdState>) => turn.shots.map(({ victim }) => Number(victim.pid));

/** Wakes it every 150 ms, as its timers do, and tells when it killed. */
function killTimes(until: number, wish: (at: number) => Omit<Wish, "at">): readonly number[] {
  const times: number[] = [];
  let state = systemdOomd.begin;
  for (let at = 0; at <= until; at += 50) {
    const turn = systemdOomd.step(look({ at, ...wish(at) }), state);
    state = turn.state;
    if (turn.shots.length > 0) times.push(at);
  }
  return times;
}

const first = (wish: Omit<Wish, "at">) => systemdOomd.step(look({ at: 0, ...wish }), systemdOomd.begin);

describe("the model of systemd-oomd", () => {
  it("kills when more than 90 % of swap and of memory are used, by either alone it does not", () => {
    const swapped = [{ pid: 5000, cgroup: browser, swap: mib(600) }];
    assert.deepEqual(pidsOf(first({ available: 9, swapFree: 9, table: swapped })), [5000]);
    assert.deepEqual(pidsOf(first({ available: 11, swapFree: 9, table: swapped })), []);
    assert.deepEqual(pidsOf(first({ available: 9, swapFree: 11, table: swapped })), []);
  });

  it("kills everybody in the cgroup with most swap, and nobody with 5 % of it or less", () => {
    const table = [
      { pid: 5000, cgroup: browser, swap: mib(300) },
      { pid: 5001, cgroup: terminal, swap: mib(200) },
      { pid: 5002, cgroup: terminal, swap: mib(200) },
    ];
    assert.deepEqual(pidsOf(first({ available: 9, swapFree: 9, table })), [5001, 5002]);
    const spread = Array.from({ length: 20 }, (_, index) => ({
      pid: 6000 + index,
      cgroup: cgroupPath(`/user.slice/app-${index}.scope`),
      swap: mib(50),
    }));
    assert.deepEqual(pidsOf(first({ available: 9, swapFree: 9, table: spread })), []);
  });

  it("kills after 30 s of more than 60 % full avg10, and not again for 15 s", () => {
    assert.deepEqual(
      killTimes(50_000, () => ({ full10: 70 })),
      [30_000, 45_000],
    );
  });

  it("begins to count anew when pressure falls to 60 % once", () => {
    assert.deepEqual(
      killTimes(50_000, (at) => ({ full10: at === 15_000 ? 60 : 70 })),
      [46_000],
    );
  });

  it("does not kill for pressure without reclaim in the last 30 s", () => {
    assert.deepEqual(
      killTimes(70_000, () => ({ full10: 70, scanned: 5 })).filter((at) => at > 30_000),
      [],
    );
  });

  it("kills for pressure the largest of the users' cgroups, never a service of the system", () => {
    const table = [
      { pid: 5000, cgroup: service, anon: gib(5) },
      { pid: 5001, cgroup: browser, anon: gib(2) },
      { pid: 5002, cgroup: terminal, anon: gib(1) },
    ];
    const state = { ...systemdOomd.begin, hitSince: milliseconds(0), pressureTimer: milliseconds(30_000) };
    assert.deepEqual(pidsOf(systemdOomd.step(look({ at: 30_000, full10: 70, table }), state)), [5001]);
  });

  it("looks at swap every 150 ms and at pressure every second", () => {
    const turn = first({});
    assert.deepEqual([turn.next, turn.state.pressureTimer], [milliseconds(150), milliseconds(1000)]);
  });
});
