import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { conceal } from "#recorded/conceal.ts";

const look = {
  processes: [
    { comm: "bank-client", traits: { exe: "/home/eve/bank", cmdline: "bank --password x", cgroup: "/eve.slice" } },
    { comm: "bash", traits: { exe: undefined, cmdline: undefined, cgroup: undefined } },
    { comm: "bank-client", traits: { exe: "/b", cmdline: "b", cgroup: "/" } },
  ],
};

describe("a recording", () => {
  it("without names holds none, but tells the same names from others, in every record alike", () => {
    const strip = conceal({ hasNames: false });
    const { processes } = strip(look);
    assert.deepEqual(
      processes.map(({ comm }) => comm),
      ["task-1", "task-2", "task-1"],
    );
    assert.equal(strip({ comm: "bash" }).comm, "task-2");
    assert.doesNotMatch(JSON.stringify(processes), /bank|eve|bash|password/);
  });

  it("without names tells memcgs from each other, in facts and in alarms alike, and swap devices by their paths", () => {
    const strip = conceal({ hasNames: false });
    const value = {
      memcgs: { kind: "known", value: [{ named: "/*", path: "/eve.slice" }] },
      membership: { kind: "known", value: { watched: [{ path: "/eve.slice" }], groups: [{ path: "/bank" }] } },
      swaps: { kind: "known", value: { devices: [{ path: "/dev/zram0" }] } },
      decision: { alarm: { memcg: "/eve.slice" } },
    };
    const stripped = strip(value);
    assert.doesNotMatch(JSON.stringify(stripped), /eve|bank/);
    assert.equal(stripped.decision.alarm.memcg, stripped.memcgs.value[0]?.path);
    assert.deepEqual(stripped.membership.value.watched, [{ path: "/memcg-1" }]);
    assert.deepEqual(stripped.membership.value.groups, [{ path: "/memcg-2" }]);
    assert.deepEqual(stripped.swaps, value.swaps);
  });

  it("without names tells families from each other that are named after a cgroup, or after a user and a task", () => {
    const family = { name: "/eve.slice 1000 bank", processes: 3 };
    const group = { kind: "family", name: "/eve.slice 1000 bank", members: [{ pid: 7 }] };
    const value = { victim: { family }, group, next: { group: { kind: "memcg", path: "/bank", members: [] } } };
    assert.deepEqual(conceal({ hasNames: false })(value), {
      victim: { family: { ...family, name: "family-1" } },
      group: { ...group, name: "family-1" },
      next: { group: { kind: "memcg", path: "/memcg-1", members: [] } },
    });
    assert.deepEqual(conceal({ hasNames: true })(value), value);
  });

  it("without names has givers as the settings have them: those are recorded word by word", () => {
    const means = { kind: "reclaim", cgroup: "/background.slice", amount: "all" };
    const ask = { kind: "ask", giver: { name: "background", means }, output: { beginning: "secret" } };
    assert.deepEqual(conceal({ hasNames: false })(ask), { ...ask, output: { beginning: "" } });
  });

  it("with names has all but command lines, which may hold passwords", () => {
    const { processes } = conceal({ hasNames: true })(look);
    assert.deepEqual(processes[0], {
      comm: "bank-client",
      traits: { exe: "/home/eve/bank", cmdline: undefined, cgroup: "/eve.slice" },
    });
  });
});
