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

  it("with names has all but command lines, which may hold passwords", () => {
    const { processes } = conceal({ hasNames: true })(look);
    assert.deepEqual(processes[0], {
      comm: "bank-client",
      traits: { exe: "/home/eve/bank", cmdline: undefined, cgroup: "/eve.slice" },
    });
  });
});
