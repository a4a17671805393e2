import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bytes, gib, type KiB, kib, mib, percent } from "#domain/units.ts";
import { bindPolicy, defaultOptions, type Policy, type Scope, type ScoredProcess } from "#engine/define-policy.ts";
import { policies } from "#policies/catalogue.ts";
import { desktop } from "#policies/desktop.ts";
import { kernel } from "#policies/kernel.ts";
import { largestRss } from "#policies/largest-rss.ts";
import { type ProcessWish, someProcess } from "#test/support/a-snapshot.ts";

const scope: Scope = { total: gib(16), pageSize: bytes(4096) };

const scored = (wish: Omit<ProcessWish, "pid">): ScoredProcess => {
  const process = someProcess({ pid: 10, ...wish });
  assert.ok(process.memory);
  return { ...process, memory: process.memory };
};

const score = (policy: Policy, wish: Omit<ProcessWish, "pid">): KiB =>
  bindPolicy(policy, defaultOptions(policy.options)).score(scored(wish), scope).total;

describe("every policy", () => {
  it("has a name of its own", () => {
    assert.equal(new Set(policies.map(({ name }) => name)).size, policies.length);
  });

  it("scores the sum of its terms", () => {
    for (const policy of policies) {
      const wish = { anon: gib(1), swap: mib(7), shmem: mib(3), pageTables: kib(40), oomScoreAdj: 300 };
      const { total, terms } = policy.score(scored(wish), scope, defaultOptions(policy.options));
      assert.equal(
        total,
        terms.reduce((sum, { value }) => sum + value, 0),
      );
    }
  });

  it("never scores a process lower because it holds more anonymous memory", () => {
    for (const policy of policies) {
      for (const oomScoreAdj of [-999, -500, 0, 300, 1000]) {
        const sizes = [0, 1, 100, 5000, 9000].map((size) => score(policy, { anon: mib(size), oomScoreAdj }));
        assert.deepEqual(
          sizes,
          sizes.toSorted((a, b) => a - b),
          policy.name,
        );
      }
    }
  });
});

describe("kernel", () => {
  it("adds resident memory, swap and page tables in whole pages", () => {
    assert.equal(score(kernel, { anon: kib(401), shmem: kib(3), swap: kib(9), pageTables: kib(8) }), 404 + 8 + 8);
  });

  it("counts resident memory as the kernel does, not as it is", () => {
    assert.equal(score(kernel, { anon: mib(40), counted: kib(40_796) }), 40_796);
  });

  it("adds adj times the thousandth of RAM and swap, truncated to pages", () => {
    // 16 GiB are 4,194,304 pages: one step of adj is 4,194 pages.
    assert.equal(score(kernel, { oomScoreAdj: 1 }), 4194 * 4);
    assert.equal(score(kernel, { oomScoreAdj: -999 }), -999 * 4194 * 4);
  });

  it("gives adj no weight in a scope of less than a thousand pages", () => {
    const tiny = { ...scope, total: kib(3999) };
    assert.equal(kernel.score(scored({ anon: kib(400), oomScoreAdj: 1000 }), tiny, {}).total, 400);
  });
});

describe("desktop", () => {
  it("counts what comes back: anonymous memory and swap, not shared memory", () => {
    assert.equal(score(desktop, { anon: mib(10), swap: mib(5), shmem: gib(2) }), mib(15));
  });

  it("does not let an inherited adj make a small tab outrank a large job", () => {
    const tab = score(desktop, { anon: mib(79), oomScoreAdj: 300 });
    assert.ok(tab < score(desktop, { anon: gib(3) }));
  });

  it("lets a positive adj decide between processes of about the same size", () => {
    assert.ok(score(desktop, { anon: mib(950), oomScoreAdj: 1000 }) > score(desktop, { anon: gib(1) }));
  });

  it("bounds the nudge by the share that is set", () => {
    const options = { adj_nudge: percent(50), families: true, growth: true, children: true };
    assert.equal(desktop.score(scored({ anon: gib(2), oomScoreAdj: 1000 }), scope, options).total, gib(3));
  });

  it("takes a negative adj as the kernel does", () => {
    assert.ok(score(desktop, { anon: gib(3), oomScoreAdj: -500 }) < score(desktop, { anon: mib(1) }));
  });
});

describe("largest-rss", () => {
  it("ranks by resident memory alone, whatever adj says", () => {
    assert.equal(score(largestRss, { anon: mib(10), shmem: mib(5), swap: gib(1), oomScoreAdj: 1000 }), mib(15));
  });

  it("counts swap when told to", () => {
    const process = scored({ anon: mib(10), swap: mib(5) });
    assert.equal(largestRss.score(process, scope, { count_swap: true }).total, mib(15));
  });
});
