import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { after, test } from "node:test";
import { kibToBytes, kibToPages, mib, oomScoreAdj, pages, pagesToKiB, scale } from "#domain/units.ts";
import { pageSize } from "#native-bindings/page-size.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { startHog } from "#test/support/start-hog.ts";
import { folder, records, settings, tidemark } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

const kernelPolicy = ["--config", settings, "--set", "policy.name=kernel"];
const limit = mib(256);

test("explain --memcg ranks exactly the members, by what the memcg can hold", { skip: lacksV1("memory") }, async () => {
  await using memcg = makeV1Cgroup("memory");
  memcg.write("memory.limit_in_bytes", String(kibToBytes(limit)));
  memcg.write("memory.swappiness", "0");
  const [inside, outside] = [
    await startHog({ oomScoreAdj: oomScoreAdj(500) }),
    await startHog({ oomScoreAdj: oomScoreAdj(1000) }),
  ];
  try {
    memcg.write("cgroup.procs", String(inside.hog.pid));
    const { stdout, status } = tidemark("explain", "--json", "--memcg", memcg.path, ...kernelPolicy);
    assert.equal(status, 0);
    const [summary, ...ranking] = records(stdout);
    const { memcg: path, ...scope } = Object(summary?.["scope"]);
    assert.deepEqual(scope, { kind: "memcg", total_kib: limit, members: 1 });
    assert.equal(basename(path), basename(memcg.path));
    assert.deepEqual(
      ranking.map(({ pid }) => pid),
      [inside.hog.pid],
    );
    const step = pages(Math.trunc(kibToPages(limit, pageSize()) / 1000));
    assert.equal(Object(ranking[0]?.["terms_kib"])["oom_score_adj"], pagesToKiB(scale(step, 500), pageSize()));
    const outsider = tidemark("explain", String(outside.hog.pid), "--memcg", memcg.path, "--config", settings);
    assert.match(outsider.stdout, /is not eligible: not in the scope$/m);
  } finally {
    await Promise.all([inside.end(), outside.end()]);
  }
});

test("explain says no to a memcg that is not there, and what is there instead", {
  skip: lacksV1("memory"),
}, async () => {
  await using memcg = makeV1Cgroup("memory");
  const { stdout, stderr, status } = tidemark("explain", "--memcg", `${memcg.path}x`, "--config", settings);
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, new RegExp(`There is no cgroup .*; do you mean "/.*${basename(memcg.path)}"\\?`));
  const unlimited = tidemark("explain", "--memcg", memcg.path, "--config", settings);
  assert.equal(unlimited.status, 1);
  assert.match(unlimited.stderr, /has no limit of memory, so it has no OOM of its own/);
});

const hasMemory = "/sys/devices/system/node/has_memory";
const noNodes = !existsSync(hasMemory) && "this kernel tells of no nodes";

test("explain --nodes with all nodes is the ranking of the whole machine", { skip: noNodes }, () => {
  const nodes = readFileSync(hasMemory, "utf8").trim();
  const summaryOf = (...args: readonly string[]) =>
    records(tidemark("explain", "--json", ...args, ...kernelPolicy).stdout)[0];
  const [bound, whole] = [summaryOf("--nodes", nodes), summaryOf()];
  assert.deepEqual([Object(bound?.["scope"])["kind"], Object(bound?.["scope"])["nodes"]], ["nodes", nodes]);
  assert.equal(Object(bound?.["scope"])["total_kib"], Object(whole?.["scope"])["total_kib"]);
  assert.equal(Object(bound?.["ineligible"])["out-of-scope"] ?? 0, 0);
});

test("explain tells nodes that are not there from what is no list of nodes", { skip: noNodes }, () => {
  const absent = tidemark("explain", "--nodes", "4000", "--config", settings);
  assert.deepEqual([absent.status, absent.stdout], [1, ""]);
  assert.match(absent.stderr, /those that have: \d/);
  assert.equal(tidemark("explain", "--nodes", "first", "--config", settings).status, 64);
  assert.equal(tidemark("explain", "--nodes", "0", "--memcg", "/", "--config", settings).status, 64);
});
