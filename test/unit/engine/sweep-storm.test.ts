import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib } from "#domain/units.ts";
import { exited, kinds, type Look, last, live, opening } from "#test/support/engine-life.ts";
import { brood, browser, gone, heedless, session } from "#test/support/storms.ts";

describe("the sweep after a fork storm", () => {
  const killed = heedless(brood());
  const reported = {
    identity: opening(last(killed)).victim.identity,
    kind: "alive",
    reap: { kind: "not-asked" },
  } as const;
  const newcomers = brood({ count: 2, from: 5000, change: { parent: 1 } });

  it("looks for newcomers at once, with the table", () => {
    const verdict = last([...killed, { at: 5004, available: 300, victims: [reported] }]);
    assert.deepEqual([verdict.next.at, verdict.next.needs.includes("processes")], [5004, true]);
  });

  it("kills whoever was born meanwhile, in one breath, and waits for none of them", () => {
    const looks = [...killed, { at: 5005, available: 300, victims: [reported], table: [browser, ...newcomers] }];
    const verdict = last(looks);
    assert.deepEqual(kinds(verdict), ["signal", "release"]);
    assert.deepEqual(opening(verdict).signal, "SIGKILL");
    assert.deepEqual([...gone(looks)].sort(), [5000, 5001]);
    assert.equal(verdict.state.kills.length, 2);
  });

  it("goes on when the alarm is over, until nobody is left", () => {
    const over: Look = {
      at: 5005,
      available: 9000,
      victims: [{ ...reported, ...exited(5004), identity: reported.identity }],
    };
    const pass = { at: 5010, available: 9000, table: [browser, ...newcomers] };
    const empty = { at: 5015, available: 9000, table: [browser] };
    const verdicts = live([...killed, over, pass, empty]);
    assert.deepEqual(
      verdicts.slice(4).map(({ state }) => state.sweep?.isClear),
      [false, false, false, true],
    );
    assert.deepEqual(kinds(verdicts[6] ?? assert.fail()), ["signal"]);
  });

  it("is over by time, however long a shell that must live goes on", () => {
    const verdict = last([
      ...killed,
      { at: 10001, available: 9000, victims: [reported], table: [browser, ...newcomers] },
    ]);
    assert.equal(verdict.state.sweep, undefined);
  });

  it("leaves others alone that were started since", () => {
    const other = { pid: 5000, comm: "editor", anon: gib(1), cgroup: session };
    const verdict = last([...killed, { at: 5005, available: 300, victims: [reported], table: [browser, other] }]);
    assert.deepEqual(kinds(verdict), []);
  });

  it("does not happen in a dry run", () => {
    const rehearsed = { identity: reported.identity, kind: "rehearsed" } as const;
    assert.equal(last([...killed, { at: 5005, available: 300, victims: [rehearsed] }]).state.sweep, undefined);
  });
});
