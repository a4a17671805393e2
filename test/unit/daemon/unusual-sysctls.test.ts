import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unusualSysctls } from "#daemon/unusual-sysctls.ts";
import type { OomSysctls } from "#domain/oom-sysctls.ts";

const usual: OomSysctls = { panicOnOom: "never", killsAllocatingTask: false, dumpsTasks: true };
const told = (changed: Partial<OomSysctls>): readonly string[] =>
  unusualSysctls({ ...usual, ...changed }).map(({ sysctl, sysctl_value }) => `${sysctl} = ${sysctl_value}`);

describe("what is said of the kernel's own OOM killer", () => {
  it("is nothing where it is as it comes", () => assert.deepEqual(told({}), []));

  it("is nothing where it cannot be read", () => {
    assert.deepEqual(told({ panicOnOom: undefined, killsAllocatingTask: undefined, dumpsTasks: undefined }), []);
  });

  it("is each setting that is another, by its name and value", () => {
    assert.deepEqual(told({ panicOnOom: "global" }), ["vm.panic_on_oom = 1"]);
    assert.deepEqual(told({ panicOnOom: "always", killsAllocatingTask: true, dumpsTasks: false }), [
      "vm.panic_on_oom = 2",
      "vm.oom_kill_allocating_task = 1",
      "vm.oom_dump_tasks = 0",
    ]);
  });

  it("tells the panic of a full memcg only where the kernel would", () => {
    const saysMemcg = (panicOnOom: OomSysctls["panicOnOom"]): boolean =>
      unusualSysctls({ ...usual, panicOnOom }).some(({ consequence }) => consequence.includes("memcg"));
    assert.deepEqual([saysMemcg("global"), saysMemcg("always")], [false, true]);
  });
});
