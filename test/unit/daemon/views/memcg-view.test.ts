import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compilePlan } from "#config/compile.ts";
import { type Loaded, loadConfig } from "#config/load.ts";
import { adviseOnMemcgs } from "#daemon/memcg-advice.ts";
import { lookTwice } from "#daemon/views/look-twice.ts";
import { viewStatus } from "#daemon/views/status-view.ts";
import { cgroupPath, gib, mib, seconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { aMachine } from "#test/unit/config/a-machine.ts";

const app = cgroupPath("/app");

/** A machine of 8 GiB with one memcg of 1 GiB, which holds a worker, and a neighbour outside that is larger. */
const boot = (worker: number) =>
  simulatedMachine({
    seed: 1,
    ram: gib(8),
    duration: seconds(10),
    cgroups: [{ path: app, max: gib(1) }, { path: cgroupPath("/free") }],
    processes: [
      { name: "worker", anon: mib(worker), cgroup: app },
      { name: "neighbour", anon: gib(3) },
    ],
  });

function settle(text: string): { readonly plan: Plan; readonly loaded: Loaded } {
  const loaded = loadConfig({ presets: {}, files: [{ path: "t.toml", text }], overrides: ["preset=none"] });
  const compiled = compilePlan(loaded, aMachine({ ramGiB: 8 }));
  assert.ok(compiled.kind === "plan");
  return { plan: compiled.plan, loaded };
}

const named = (...paths: readonly string[]) => paths.map((path) => `[[memcg]]\npath = "${path}"\n`).join("");

async function look(text: string, worker = 400) {
  const { plan, loaded } = settle(text);
  using machine = boot(worker);
  const looks = await lookTwice(machine, plan);
  return { view: viewStatus(looks, plan, machine.capabilities), snapshot: looks.now, loaded };
}

describe("memcgs in a status", () => {
  it("show what is left within their limit, and who of their members would be first", async () => {
    const { view } = await look(named("/app"));
    const [memcg, ...others] = view.memcgs;
    assert.deepEqual(others, []);
    assert.ok(memcg?.seen);
    assert.deepEqual([memcg.memcg, memcg.standing, memcg.limit_kib], ["/app", "watched", gib(1)]);
    assert.deepEqual([memcg.seen.members, memcg.seen.first?.comm, memcg.seen.alarm], [1, "worker", undefined]);
    assert.ok(memcg.seen.headroom_kib > mib(600) && memcg.seen.headroom_kib < mib(624));
  });

  it("show their alarm, which is none of the machine's", async () => {
    const { view } = await look(named("/app"), 950);
    assert.equal(view.memcgs[0]?.seen?.alarm?.alarm_kind, "scarce");
    assert.deepEqual([view.alarm, view.answer], [undefined, "nothing"]);
  });

  it("show those that cannot be watched, and why", async () => {
    const { view } = await look(named("/free", "/gone*"));
    assert.deepEqual(
      view.memcgs.map(({ memcg, standing, seen }) => [memcg, standing, seen]),
      [
        ["/free", "unlimited", undefined],
        ["/gone*", "absent", undefined],
      ],
    );
  });
});

describe("advice on memcgs", () => {
  it("is none for a memcg that is watched", async () => {
    const { view, snapshot, loaded } = await look(named("/app"));
    assert.deepEqual(adviseOnMemcgs(loaded.memcgs, { views: view.memcgs, snapshot }), []);
  });

  it("warns, with the place, of each that is not: it may come later", async () => {
    const text = `${named("/free", "/gone*")}[[memcg]]\npath = "/app"\nlow = "900MiB"\n`;
    const { view, snapshot, loaded } = await look(text);
    const advice = adviseOnMemcgs(loaded.memcgs, { views: view.memcgs, snapshot });
    assert.ok(advice.every(({ severity }) => severity === "warning"));
    assert.deepEqual(
      advice.map(({ message }) => message.replace(/;.*/, "")),
      [
        'Cannot watch "/free" now: it has no limit, and so no shortage of its own',
        'Cannot watch "/gone*" now: there is no such memcg',
        'Cannot watch "/app" now: its watermarks do not fit into its limit of 1 GiB',
      ],
    );
  });

  it("says that cgroup v1 tells of no stalls to whoever asked for them", async () => {
    const { view, snapshot, loaded } = await look(`${named("/app")}stall_limit = "50%"\n`);
    const memcgs = snapshot.memcgs;
    assert.ok(memcgs?.kind === "known");
    const limits = { kind: "v1", memory: gib(1), memoryAndSwap: undefined, swappiness: 60 } as const;
    const v1 = { ...snapshot, memcgs: { ...memcgs, value: memcgs.value.map((memcg) => ({ ...memcg, limits })) } };
    const messages = adviseOnMemcgs(loaded.memcgs, { views: view.memcgs, snapshot: v1 }).map(({ message }) => message);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? "", /cgroup v1 does not count them/);
  });
});
