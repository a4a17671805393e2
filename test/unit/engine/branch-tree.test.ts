import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type RankerName, rankerNames } from "#domain/branch.ts";
import { kib, mib, microseconds, milliseconds } from "#domain/units.ts";
import { rememberBranches } from "#engine/branch-rates.ts";
import { leavesInOrder } from "#engine/branch-tree.ts";
import type { BranchPlan } from "#engine/plan.ts";
import { aTree, type BranchWish, choosing } from "#test/support/a-branch.ts";

const size = (amount: number): BranchWish => ({ usage: mib(amount) });

const leaves = (wishes: Readonly<Record<string, BranchWish>>, plan: BranchPlan = choosing("size")) =>
  leavesInOrder({ ...aTree(wishes), history: undefined, at: milliseconds(0) }, plan);
const paths = (...seen: Parameters<typeof leaves>) => leaves(...seen).map(({ ranked }) => ranked.path);

describe("the cgroups inside of a watched memcg", () => {
  it("go the largest first, and what is inside of one before the next one", () => {
    const wishes = {
      "/s": size(1000),
      "/s/a": size(400),
      "/s/b": size(600),
      "/s/b/x": size(100),
      "/s/b/y": size(500),
    };
    assert.deepEqual(paths(wishes), ["/s/b/y", "/s/b/x", "/s/a"]);
  });

  it("are one of those right inside where nobody asks for more", () => {
    const wishes = { "/s": size(3), "/s/a": size(1), "/s/b": size(2), "/s/b/x": size(2) };
    assert.deepEqual(paths(wishes, choosing("size", { recursive: false })), ["/s/b", "/s/a"]);
  });

  it("are the memcg itself where it has none", () => {
    assert.deepEqual(paths({ "/s": { ...size(3), pids: [7] } }), ["/s"]);
  });

  it("are not parted below memory.oom.group, not even the watched one", () => {
    const marked = { ...size(5), diesWhole: true };
    assert.deepEqual(paths({ "/s": size(9), "/s/a": marked, "/s/a/x": size(5), "/s/b": size(4) }), ["/s/a", "/s/b"]);
    assert.deepEqual(paths({ "/s": marked, "/s/a": size(5) }), ["/s"]);
  });

  it("leave processes of an inner one, as with cgroup v1, until those inside of it have gone", () => {
    const wishes = { "/s": size(9), "/s/a": { ...size(9), pids: [1] }, "/s/a/x": { ...size(1), pids: [2] } };
    const seen = leaves(wishes);
    assert.deepEqual(
      seen.map(({ ranked, members }) => [ranked.path, [...members]]),
      [
        ["/s/a/x", [2]],
        ["/s/a", [1]],
      ],
    );
  });

  it("that are preferred go before any other of the same parent, that are avoided after, that are omitted never", () => {
    const wishes: Readonly<Record<string, BranchWish>> = {
      "/s": size(100),
      "/s/avoided": { ...size(50), preference: "avoid" },
      "/s/large": size(30),
      "/s/preferred": { ...size(1), preference: "prefer" },
      "/s/omitted": { ...size(90), preference: "omit" },
      "/s/omitted/x": { ...size(90), preference: "prefer", pids: [5] },
    };
    assert.deepEqual(paths(wishes), ["/s/preferred", "/s/large", "/s/avoided"]);
  });

  it("that are omitted are left out of a parent that goes as a whole", () => {
    const wishes: Readonly<Record<string, BranchWish>> = {
      "/s": size(9),
      "/s/a": size(9),
      "/s/a/x": { ...size(1), pids: [1] },
      "/s/a/y": { ...size(8), pids: [2], preference: "omit" },
    };
    const [only] = leaves(wishes, choosing("size", { recursive: false }));
    assert.deepEqual([...(only?.members ?? [])], [1]);
  });

  it("that nobody may omit is the watched one: who has it watched wants somebody to go", () => {
    assert.deepEqual(paths({ "/s": { ...size(3), preference: "omit" }, "/s/a": size(3) }), ["/s/a"]);
  });

  it("count by what they have over their promise, which is no more than what the one above was promised", () => {
    const promised = (usage: number, promise: number): BranchWish => ({ usage: mib(usage), promised: mib(promise) });
    const kept = { "/s": promised(1000, 400), "/s/a": promised(600, 400), "/s/b": promised(400, 0) };
    assert.deepEqual(paths(kept), ["/s/b", "/s/a"]);
    const broken = { "/s": promised(1000, 100), "/s/a": promised(600, 400), "/s/b": promised(400, 0) };
    assert.deepEqual(paths(broken), ["/s/a", "/s/b"]);
    assert.deepEqual(
      leaves(broken).map(({ ranked }) => ranked.unprotected),
      [mib(500), mib(400)],
    );
    const shared = { "/s": promised(1000, 300), "/s/a": promised(600, 400), "/s/b": promised(400, 200) };
    assert.deepEqual(
      leaves(shared).map(({ ranked }) => ranked.unprotected),
      [mib(400), mib(300)],
    );
  });
});

/** Three cgroups as they stood, and two seconds later: each ranker has them in an order of its own. */
const before: Readonly<Record<string, BranchWish>> = {
  "/s": {},
  "/s/a": { usage: mib(900) },
  "/s/b": { usage: mib(100), pgscan: 5, stalled: microseconds(900_000) },
  "/s/c": { usage: mib(200), pgscan: 900 },
};
const io = { readBytes: 0, writtenBytes: 0, discardedBytes: 0, reads: 0, writes: 0, discards: 0 };
const after: Readonly<Record<string, BranchWish>> = {
  "/s": { usage: mib(1200) },
  "/s/a": { usage: mib(900), io: { ...io, writtenBytes: 1e9, writes: 100 } },
  "/s/b": { usage: mib(300), pgscan: 1005, swapped: mib(10), stalled: microseconds(900_000) },
  "/s/c": { usage: mib(250), pgscan: 1000, swapped: mib(30), stalled: microseconds(100_000), io: { ...io, reads: 5 } },
};
const expected: Readonly<Record<RankerName, readonly string[]>> = {
  size: ["/s/a", "/s/b", "/s/c"],
  growth: ["/s/b", "/s/c", "/s/a"],
  swap: ["/s/c", "/s/b", "/s/a"],
  pressure: ["/s/c", "/s/a", "/s/b"],
  pgscan: ["/s/b", "/s/c", "/s/a"],
  "io-cost": ["/s/a", "/s/c", "/s/b"],
};

describe("how fast the counters of a cgroup run", () => {
  const history = rememberBranches(undefined, aTree(before), milliseconds(1000));
  const seen = { ...aTree(after), history, at: milliseconds(3000) };

  for (const by of rankerNames) {
    it(`decides by ${by}, and of equals the larger goes`, () => {
      assert.deepEqual(
        leavesInOrder(seen, choosing(by)).map(({ ranked }) => ranked.path),
        expected[by],
      );
    });
  }

  it("is told in a second", () => {
    const [, c] = leavesInOrder(seen, choosing("pgscan")).map(({ ranked }) => ranked.rates);
    assert.deepEqual(c, { growth: mib(40), stalled: 5, pgscan: 50, ioCost: 5 * 1.21e-2 * 0.5 });
  });

  it("is not known at the first look", () => {
    const first = { ...aTree(after), history: rememberBranches(undefined, aTree(after), milliseconds(3000)) };
    const [one] = leavesInOrder({ ...first, at: milliseconds(3000) }, choosing("pgscan"));
    assert.equal(one?.ranked.rates, undefined);
  });

  it("begins with nothing for a cgroup that is new, or was made anew under the same name", () => {
    const anew = { "/s": {}, "/s/c": { pgscan: 100 }, "/s/new": { pgscan: 60 } };
    const rates = leavesInOrder({ ...aTree(anew), history, at: milliseconds(3000) }, choosing("pgscan"));
    assert.deepEqual(
      rates.map(({ ranked }) => ranked.rates?.pgscan),
      [50, 30],
    );
  });

  it("is told over two seconds at least, however close together looks are", () => {
    let sampled = rememberBranches(undefined, aTree(before), milliseconds(0));
    for (let at = 20; at <= 5000; at += 20) {
      sampled = rememberBranches(sampled, aTree({ "/s": { usage: kib(at) } }), milliseconds(at));
      assert.ok(at < 2000 || at - sampled.base.at >= 2000, `${at}`);
      assert.ok(at - sampled.base.at < 4020, `${at}`);
    }
  });
});
