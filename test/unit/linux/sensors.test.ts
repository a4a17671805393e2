import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { test } from "node:test";
import { linuxMachine } from "#linux/linux-machine.ts";
import { makeTree } from "./tree.ts";

const meminfo = `MemTotal:       8000000 kB
MemFree:        1000000 kB
MemAvailable:   3000000 kB
Buffers:          10000 kB
Cached:         2000000 kB
SwapCached:           0 kB
Active(file):    900000 kB
Inactive(file):  900000 kB
SwapTotal:            0 kB
SwapFree:             0 kB
AnonPages:      4000000 kB
Shmem:           100000 kB
SReclaimable:    100000 kB
CommitLimit:    4000000 kB
Committed_AS:   5000000 kB
`;
const pressure = "some avg10=0.00 avg60=0.00 avg300=0.00 total=12\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n";

const calm = { isPressing: false } as const;

test("a look reads what was asked for, and nothing else", () => {
  using tree = makeTree({ "proc/meminfo": meminfo, "proc/pressure/memory": pressure });
  using machine = linuxMachine({ root: tree.root });
  const snapshot = machine.sense({ needs: ["meminfo"], ...calm });
  assert.equal(snapshot.meminfo?.kind === "known" && snapshot.meminfo.value.available, 3_000_000);
  assert.equal("pressure" in snapshot, false);
});

test("a kept file shows at each look what is in it now", () => {
  using tree = makeTree({ "proc/pressure/memory": pressure });
  using machine = linuxMachine({ root: tree.root });
  machine.sense({ needs: ["pressure"], ...calm });
  tree.write("proc/pressure/memory", pressure.replace("total=12", "total=999"));
  const { pressure: reading } = machine.sense({ needs: ["pressure"], ...calm });
  assert.equal(reading?.kind === "known" && reading.value.some.total, 999);
});

test("without PSI only that sensor fails, and says which file is missing", () => {
  using tree = makeTree({ "proc/meminfo": meminfo });
  using machine = linuxMachine({ root: tree.root });
  const snapshot = machine.sense({ needs: ["meminfo", "pressure"], ...calm });
  assert.equal(snapshot.meminfo?.kind, "known");
  assert.ok(snapshot.pressure?.kind === "unavailable");
  assert.equal(snapshot.pressure.failure.errno, "ENOENT");
  assert.equal(snapshot.pressure.failure.subject, `${tree.root}/proc/pressure/memory`);
  assert.equal(machine.capabilities.hasPressure, false);
});

/** A file of this machine that answers a read with EOPNOTSUPP, as PSI did before it was left out when switched off. */
function findUnsupported(): string | undefined {
  const ports = readdirSync("/sys/class/net").flatMap((port) =>
    ["phys_port_id", "phys_port_name"].map((file) => `/sys/class/net/${port}/${file}`),
  );
  return ports.find((path) => {
    try {
      readFileSync(path);
      return false;
    } catch (error) {
      return error instanceof Error && "code" in error && /^(EOPNOTSUPP|ENOTSUP)$/.test(String(error.code));
    }
  });
}

const unsupported = findUnsupported();

test("PSI that is there and switched off fails with the boot parameter to set", {
  skip: unsupported === undefined && "no file of this machine answers EOPNOTSUPP",
}, () => {
  using tree = makeTree({});
  mkdirSync(`${tree.root}/proc/pressure`);
  symlinkSync(unsupported ?? "", `${tree.root}/proc/pressure/memory`);
  using machine = linuxMachine({ root: tree.root });
  const reading = machine.sense({ needs: ["pressure"], ...calm }).pressure;
  assert.ok(reading?.kind === "unavailable");
  assert.equal(reading.failure.errno, "EOPNOTSUPP");
  assert.match(reading.failure.advice, /psi=1/);
  assert.equal(machine.capabilities.hasPressure, false);
});

test("a sensor that failed is tried again at the next look", () => {
  using tree = makeTree({});
  using machine = linuxMachine({ root: tree.root });
  assert.equal(machine.sense({ needs: ["meminfo"], ...calm }).meminfo?.kind, "unavailable");
  tree.write("proc/meminfo", meminfo);
  assert.equal(machine.sense({ needs: ["meminfo"], ...calm }).meminfo?.kind, "known");
});

test("text that makes no sense is a failure of its sensor, not of the look", () => {
  using tree = makeTree({ "proc/meminfo": "MemTotal:       half a number\n", "proc/pressure/memory": pressure });
  using machine = linuxMachine({ root: tree.root });
  const snapshot = machine.sense({ needs: ["meminfo", "pressure"], ...calm });
  assert.equal(snapshot.pressure?.kind, "known");
  assert.equal(snapshot.meminfo?.kind === "unavailable" && snapshot.meminfo.failure.call, "parse");
});

test("a file larger than the buffer is read whole", () => {
  const padding = Array.from({ length: 3000 }, (_, i) => `Future${i}:       1 kB\n`).join("");
  using tree = makeTree({ "proc/meminfo": padding + meminfo });
  using machine = linuxMachine({ root: tree.root });
  assert.equal(machine.sense({ needs: ["meminfo"], ...calm }).meminfo?.kind, "known");
});

test("a kernel without MemAvailable is a capability that is not there", () => {
  using tree = makeTree({ "proc/meminfo": meminfo.replace(/MemAvailable.*\n/, "") });
  using machine = linuxMachine({ root: tree.root });
  const reading = machine.sense({ needs: ["meminfo"], ...calm }).meminfo;
  assert.ok(reading?.kind === "known");
  assert.equal(reading.value.available, undefined);
  assert.equal(machine.capabilities.hasMemAvailable, false);
});

test("a directory where a file should be is a failure with its errno", () => {
  using tree = makeTree({ "proc/pressure/memory/below": "" });
  using machine = linuxMachine({ root: tree.root });
  const reading = machine.sense({ needs: ["pressure"], ...calm }).pressure;
  assert.equal(reading?.kind === "unavailable" && reading.failure.errno, "EISDIR");
});

test("a file that is not ours to read is a failure with its errno", {
  skip: process.geteuid?.() === 0 && "root may read everything",
}, () => {
  using tree = makeTree({ "proc/meminfo": meminfo });
  chmodSync(`${tree.root}/proc/meminfo`, 0);
  using machine = linuxMachine({ root: tree.root });
  const reading = machine.sense({ needs: ["meminfo"], ...calm }).meminfo;
  assert.equal(reading?.kind === "unavailable" && reading.failure.errno, "EACCES");
});

test("this very kernel can be read by all sensors it offers", () => {
  using machine = linuxMachine();
  const snapshot = machine.sense({
    needs: ["meminfo", "vmstat", "zoneinfo", "swaps", "arc", "overcommit", "memcgs", "processes"],
    ...calm,
  });
  for (const fact of ["meminfo", "vmstat", "zoneinfo", "swaps", "arc", "overcommit", "memcgs", "processes"] as const) {
    assert.equal(snapshot[fact]?.kind, "known", fact);
  }
});
