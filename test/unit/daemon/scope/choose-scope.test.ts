import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseScope, type ScopeWish } from "#daemon/scope/choose-scope.ts";
import type { ScopeReading } from "#daemon/scope/scope-reading.ts";
import { cgroupPath, mib } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { readFixture } from "#test/support/fixture.ts";
import { makeTree, processFiles } from "#test/unit/linux/tree.ts";

const v1Mount = "35 31 0:32 / /cg/memory rw - cgroup cgroup rw,memory\n";
const v2Mount = "41 31 0:38 / /cg rw - cgroup2 cgroup2 rw\n";
const limited = String(64 * 1024 * 1024);

const v1 = {
  "proc/self/mountinfo": `${v2Mount}${v1Mount}`,
  "cg/memory/memory.limit_in_bytes": "9223372036854771712\n",
  "cg/memory/memory.swappiness": "60\n",
  "cg/memory/app/memory.limit_in_bytes": `${limited}\n`,
  "cg/memory/app/memory.swappiness": "60\n",
  "cg/memory/app/cgroup.procs": "10\n",
  "cg/memory/app/inner/memory.limit_in_bytes": "9223372036854771712\n",
  "cg/memory/app/inner/memory.swappiness": "60\n",
  "cg/memory/app/inner/cgroup.procs": "11\n",
};

const v2 = {
  "proc/self/mountinfo": v2Mount,
  "proc/sys/vm/swappiness": "60\n",
  "cg/cgroup.procs": "",
  "cg/a.slice/memory.max": `${limited}\n`,
  "cg/a.slice/memory.oom.group": "0\n",
  "cg/a.slice/pod/memory.max": "max\n",
  "cg/a.slice/pod/memory.oom.group": "1\n",
  "cg/a.slice/pod/cgroup.procs": "",
  "cg/a.slice/pod/box/memory.max": "max\n",
  "cg/a.slice/pod/box/memory.oom.group": "1\n",
  "cg/a.slice/pod/box/cgroup.procs": "10\n11\n",
  "cg/a.slice/bare/cgroup.procs": "",
};

function choose(files: Readonly<Record<string, string>>, wish: Partial<ScopeWish>): ScopeReading {
  using tree = makeTree({ "proc/zoneinfo": twoNodes, ...files });
  using machine = linuxMachine({ root: tree.root });
  const reading = chooseScope({ memcg: undefined, nodes: undefined, ...wish }, machine, tree.root);
  // The tree goes with this call: whatever is asked later is asked now.
  const groups = reading.kind === "scope" ? ["/a.slice/pod/box", "/a.slice", "/elsewhere"].map(cgroupPath) : [];
  const answers = new Map(groups.map((path) => [path, reading.kind === "scope" ? reading.groupOf(path) : undefined]));
  return reading.kind === "scope" ? { ...reading, groupOf: (path) => answers.get(path) } : reading;
}

const twoNodes = new TextDecoder().decode(readFixture("hostile/zoneinfo/linux-7.2-two-nodes"));

const refusalOf = (reading: ScopeReading): string =>
  reading.kind === "refused" ? `${reading.trouble}: ${reading.text}` : "not refused";

describe("a scope that is asked for", () => {
  it("is the whole machine unless something else is said", () => {
    const reading = choose(v1, {});
    assert.deepEqual(reading.kind === "scope" && reading.scope, { kind: "global" });
  });

  it("is ranked without mounts that could be understood, but for a memcg that is asked for", () => {
    const damaged = { ...v1, "proc/self/mountinfo": "35 31 0:32 / /cg" };
    const reading = choose(damaged, {});
    assert.deepEqual(reading.kind === "scope" && reading.groupOf(cgroupPath("/a.slice")), undefined);
    assert.throws(() => choose(damaged, { memcg: "/app" }), { name: "SystemError", errno: "EBADMSG" });
  });

  it("is no memcg and nodes at once", () => {
    assert.match(refusalOf(choose(v1, { memcg: "/app", nodes: "0" })), /^usage: .*not both$/);
  });
});

describe("the scope of a memcg", () => {
  for (const written of ["/app", "app", "/app/", "/cg/memory/app"]) {
    it(`is found by what somebody writes: ${written}`, () => {
      const reading = choose(v1, { memcg: written });
      assert.ok(reading.kind === "scope" && reading.scope.kind === "memcg");
      assert.equal(reading.scope.path, "/app");
      assert.equal(reading.scope.memcg.limits.memory, mib(64));
      assert.deepEqual(reading.scope.memcg.members, new Set([10, 11]));
    });
  }

  it("is found where only a part of the hierarchy is mounted", () => {
    const files = { ...v1, "proc/self/mountinfo": v1Mount.replace(" / ", " /docker/7f ") };
    for (const memcg of ["/docker/7f/app", "/cg/memory/app"]) {
      const reading = choose(files, { memcg });
      assert.equal(reading.kind === "scope" && reading.scope.kind === "memcg" && reading.scope.path, "/docker/7f/app");
    }
    assert.equal(
      refusalOf(choose(files, { memcg: "/app" })),
      'no: There is no cgroup "/app" to be seen from here; mounted is "/docker/7f"',
    );
  });

  it("is not where no cgroup is, and it is said what is there instead", () => {
    assert.equal(refusalOf(choose(v1, { memcg: "/ap" })), 'no: There is no cgroup "/ap"; do you mean "/app"?');
    assert.equal(
      refusalOf(choose(v1, { memcg: "/app/elsewhere" })),
      'no: There is no cgroup "/app/elsewhere"; there is "/app/inner"',
    );
    assert.equal(
      refusalOf(choose(v1, { memcg: "/app/inner/x" })),
      'no: There is no cgroup "/app/inner/x"; nothing lies below "/app/inner"',
    );
    assert.equal(
      refusalOf(choose(v1, { memcg: "/app/cgroup.procs" })),
      'no: There is no cgroup "/app/cgroup.procs"; there is "/app/inner"',
    );
    assert.match(refusalOf(choose(v1, { memcg: "/app/../x" })), /^usage: /);
    assert.doesNotMatch(refusalOf(choose(v1, { memcg: "/\u001b[2J" })), /\p{Cc}/u);
  });

  it("is not that of a memcg without a limit, and it is said whose limit binds", () => {
    assert.match(refusalOf(choose(v1, { memcg: "/app/inner" })), /^no: .*what binds it is the limit of "\/app"$/);
    assert.match(refusalOf(choose(v1, { memcg: "/" })), /^no: "\/" has no limit of memory.*whole machine$/);
    assert.match(refusalOf(choose(v2, { memcg: "/a.slice/bare" })), /^no: Memory is not controlled in/);
  });

  it("is not to be had without a hierarchy", () => {
    const files = { "proc/self/mountinfo": "1 0 253:0 / / rw - ext4 /dev/vda rw\n" };
    assert.match(refusalOf(choose(files, { memcg: "/app" })), /^unsupported: /);
  });
});

describe("a memcg that is killed as a whole", () => {
  it("is the highest that is marked, up to the scope", () => {
    for (const wish of [{}, { memcg: "/a.slice" }]) {
      const reading = choose(v2, wish);
      assert.ok(reading.kind === "scope");
      const group = reading.groupOf(cgroupPath("/a.slice/pod/box"));
      assert.deepEqual(group, { path: "/a.slice/pod", members: new Set([10, 11]) });
      assert.equal(reading.groupOf(cgroupPath("/a.slice")), undefined);
    }
  });

  it("is not looked for above the scope, nor for who is outside of it", () => {
    const files = { ...v2, "cg/a.slice/pod/box/memory.max": `${limited}\n` };
    const reading = choose(files, { memcg: "/a.slice/pod/box" });
    assert.ok(reading.kind === "scope");
    assert.equal(reading.groupOf(cgroupPath("/a.slice/pod/box"))?.path, "/a.slice/pod/box");
    assert.equal(reading.groupOf(cgroupPath("/elsewhere")), undefined);
  });

  it("is none in cgroup v1", () => {
    const reading = choose({ ...v1, "cg/memory/a.slice/memory.oom.group": "1\n" }, {});
    assert.equal(reading.kind === "scope" && reading.groupOf(cgroupPath("/a.slice")), undefined);
  });
});

describe("the scope of nodes", () => {
  const files = {
    ...v1,
    ...processFiles({ pid: 10 }),
    "proc/11/status": "Mems_allowed_list:\t1\n",
    "proc/12/status": "Mems_allowed_list:\t0\n",
  };

  it("has the RAM of its nodes, and who may use one of them", () => {
    const reading = choose(files, { nodes: "1" });
    assert.ok(reading.kind === "scope" && reading.scope.kind === "nodes");
    assert.equal(reading.scope.present, 4_194_304 * 4);
    assert.deepEqual(reading.scope.members, new Set([10, 11]));
  });

  it("is measured by the whole machine when it has all nodes", () => {
    const reading = choose(files, { nodes: "0,1" });
    assert.ok(reading.kind === "scope" && reading.scope.kind === "nodes");
    assert.equal(reading.scope.present, undefined);
    assert.deepEqual(reading.scope.members, new Set([10, 11, 12]));
  });

  it("is not of nodes without memory, and it is said which have some", () => {
    assert.equal(
      refusalOf(choose(files, { nodes: "0-5" })),
      "no: Not all of the nodes 0-5 have memory; those that have: 0-1",
    );
  });

  for (const written of ["", "x", "1-0", "0-", "0 1", "-1", "0\n1"]) {
    it(`is not of what is no list: ${JSON.stringify(written)}`, () => {
      assert.match(
        refusalOf(choose(files, { nodes: written })),
        /^usage: .* is no list of nodes: write 0, 0-1 or 0,2$/,
      );
    });
  }
});
