import assert from "node:assert/strict";
import { test } from "node:test";
import { moduleOf, runWithFewDescriptors } from "./few-descriptors.ts";
import { makeTree } from "./tree.ts";

const takeAll = "try { for (;;) openSync('/dev/null'); } catch {}";

test("with no descriptor left everybody is seen, be it the first look or a later one", async () => {
  const program = `
    import { openSync } from "node:fs";
    import { linuxMachine } from ${moduleOf("src/linux/linux-machine.js")};
    import { startSleeper } from ${moduleOf("test/unit/native-bindings/sleeper.js")};
    const sleeper = await startSleeper();
    const [early, late] = [linuxMachine(), linuxMachine()];
    ${takeAll}
    const see = (machine, look, who) => {
      const { value, failure } = machine.sense({ needs: ["processes"], isPressing: true, ...look }).processes;
      const found = value?.processes.find(({ identity }) => identity.pid === who);
      return failure?.errno ?? value.failure?.errno ?? found?.memory.rss > 0;
    };
    const seen = [see(early, { keepsTable: true }, process.pid), see(early, {}, sleeper.pid)];
    ${takeAll}
    seen.push(see(early, {}, sleeper.pid), see(late, {}, sleeper.pid));
    console.log(JSON.stringify(seen));
    sleeper.child.kill("SIGKILL");
    process.exit();`;
  assert.deepEqual(await runWithFewDescriptors(program), [true, true, true, true]);
});

test("with no descriptor left the members of a watched memcg are told", async () => {
  using tree = makeTree({
    "proc/self/mountinfo": "32 25 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    "sys/fs/cgroup/app/cgroup.procs": "7\n",
    "sys/fs/cgroup/app/worker/cgroup.procs": "9\n",
  });
  const program = `
    import { openSync } from "node:fs";
    import { makeDescriptorReserve } from ${moduleOf("src/linux/descriptor-reserve.js")};
    import { makeMemcgSensor } from ${moduleOf("src/linux/watched-memcgs.js")};
    const sensor = makeMemcgSensor(${JSON.stringify(tree.root)}, makeDescriptorReserve());
    ${takeAll}
    const { value, failure } = sensor.readMembership({ patterns: ["/a*"], isPressing: true });
    console.log(JSON.stringify(failure?.errno ?? value.watched.map(({ path, members }) => [path, [...members]])));
    process.exit();`;
  assert.deepEqual(await runWithFewDescriptors(program), [["/app", [7, 9]]]);
});
