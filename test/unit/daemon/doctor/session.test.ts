import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cgroupPath } from "#domain/units.ts";
import type { ManagedUnit } from "#linux/unit-oom-policy.ts";
import type { ProcessWish } from "#test/support/a-snapshot.ts";
import { diagnose, worse } from "./an-exam.ts";

describe("the doctor of a session", () => {
  const manager = "/user.slice/user-1000.slice/user@1000.service";
  const shell: ProcessWish = {
    pid: 50,
    comm: "gnome-shell",
    exe: "/usr/bin/gnome-shell",
    cgroup: cgroupPath(`${manager}/session.slice/org.gnome.Shell@wayland.service`),
  };
  const display: ProcessWish = {
    pid: 51,
    comm: "sddm",
    exe: "/usr/bin/sddm",
    cgroup: cgroupPath("/system.slice/sddm.service"),
  };

  function asked(processes: readonly ProcessWish[], policy: string | undefined) {
    const units: ManagedUnit[] = [];
    const oomPolicyOf = (unit: ManagedUnit) => {
      units.push(unit);
      return policy;
    };
    return { units, told: worse(diagnose({ processes, oomPolicyOf })) };
  }

  it("asks the manager that runs a unit, once", () => {
    const again = { ...shell, pid: 52, comm: "mutter", exe: "/usr/bin/mutter" };
    assert.deepEqual(asked([shell, again, display], "continue"), {
      units: [
        { name: "org.gnome.Shell@wayland.service", user: 1000 },
        { name: "sddm.service", user: undefined },
      ],
      told: [],
    });
  });

  it("warns of a unit that the kernel's kill of one process would end", () => {
    assert.deepEqual(asked([display], "stop").told, [["session", "warning"]]);
    assert.deepEqual(asked([display], "kill").told, [["session", "warning"]]);
    assert.deepEqual(asked([display], undefined).told, []);
  });

  it("asks nobody about a session that is no unit's", () => {
    const onTty = {
      pid: 50,
      comm: "sway",
      exe: "/usr/bin/sway",
      cgroup: cgroupPath("/user.slice/user-1000.slice/session-2.scope"),
    };
    assert.deepEqual(asked([onTty], "stop"), { units: [], told: [] });
  });
});
