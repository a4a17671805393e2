import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mib } from "#domain/units.ts";
import type { Verdict } from "#engine/decide.ts";
import { alive, findings, hog, kinds, type Look, last, live, opening } from "#test/support/engine-life.ts";
import { aGiver, done, giving, planWithGivers } from "#test/support/some-givers.ts";

const balloon = aGiver("balloon");
const cold = aGiver("cold");
const plan = planWithGivers(balloon, cold);

/** Falls are gentle, or there would be no time to ask anybody. */
const calm: Look = { at: 0, available: 1250 };
const asked: Look = { at: 1000, available: 1100 };
const begun: readonly Look[] = [calm, asked];
const scarce = (at: number, more: Partial<Look> = {}): Look => ({ at, available: 700, table: [hog], ...more });

const askedOf = ({ decisions }: Verdict) =>
  decisions.flatMap((decision) => (decision.kind === "ask" ? [decision.giver.name] : []));
const answer = ({ findings: found }: Verdict) => found.find(({ kind }) => kind === "giver-answered");
const ending = ({ findings: found }: Verdict) => {
  const finding = found.find(({ kind }) => kind === "givers-ended");
  return finding?.kind === "givers-ended" ? finding : undefined;
};

describe("givers are made ready", () => {
  it("at the first calm look, and not again while nobody was asked", () => {
    const [first, second] = live([calm, { at: 1000, available: 1250 }], plan);
    assert.deepEqual(first?.decisions, [{ kind: "enlist", givers: [balloon, cold] }]);
    assert.deepEqual(second?.decisions, []);
  });

  it("again in the calm after they were asked", () => {
    const verdict = last([...begun, { at: 1200, available: 4000, givers: [done("balloon", 1190)] }], plan);
    assert.deepEqual(kinds(verdict), ["dismiss"]);
    const looks: readonly Look[] = [...begun, { at: 1200, available: 4000, givers: [done("balloon", 1190)] }];
    assert.deepEqual(kinds(last([...looks, { at: 2200, available: 4000 }], plan)), ["enlist"]);
  });

  it("never while memory is short, not even when the daemon starts then", () => {
    assert.equal(kinds(last([{ at: 0, available: 1100 }], plan)).includes("enlist"), false);
  });

  it("nor while a victim is on its way", () => {
    const victims = [alive()];
    const verdict = last(
      [
        { at: 0, available: 300, table: [hog] },
        { at: 10, available: 4000, victims },
      ],
      plan,
    );
    assert.deepEqual(kinds(verdict), []);
  });

  it("and none of it happens where there are none", () => {
    const verdicts = live([calm, asked, { at: 200, available: 700 }], planWithGivers());
    assert.deepEqual(
      verdicts.flatMap((verdict) => kinds(verdict)),
      [],
    );
  });
});

describe("givers are asked", () => {
  it("one after the other, told what is missing", () => {
    const verdict = last(begun, plan);
    const [decision] = verdict.decisions;
    assert.ok(decision?.kind === "ask");
    assert.equal(decision.giver, balloon);
    assert.deepEqual([decision.alarm.kind, decision.headroom, decision.wanted], ["approaching", mib(1100), mib(100)]);
    assert.deepEqual(kinds(last([...begun, { at: 1050, available: 1100, givers: [giving("balloon")] }], plan)), []);
    const next = last([...begun, { at: 1050, available: 1110, givers: [done("balloon", 1040)] }], plan);
    assert.deepEqual(kinds(next), ["dismiss", "ask"]);
    assert.deepEqual(askedOf(next), ["cold"]);
  });

  it("and what each gave is measured: by what is available, or by what processes hold less", () => {
    const more = answer(last([...begun, { at: 1050, available: 1160, givers: [done("balloon", 1040)] }], plan));
    assert.ok(more?.kind === "giver-answered");
    assert.deepEqual([more.giver, more.after, more.freed], [balloon, 50, mib(60)]);
    const held = 16 * 1024 - 1100 - 500;
    const lagging = answer(
      last([...begun, { at: 1050, available: 1100, anon: held, givers: [done("balloon", 1040)] }], plan),
    );
    assert.equal(lagging?.kind === "giver-answered" && lagging.freed, mib(500));
  });

  it("until the alarm is over: then nobody has to go, and it says so", () => {
    const verdict = last([...begun, { at: 1050, available: 1300, givers: [done("balloon", 1040)] }], plan);
    assert.deepEqual(findings(verdict), ["alarm-cleared", "giver-answered", "givers-ended"]);
    assert.deepEqual(
      [ending(verdict)?.ending, ending(verdict)?.asked, ending(verdict)?.freed],
      ["enough", 1, mib(200)],
    );
    assert.deepEqual(askedOf(verdict), []);
  });

  it("until nobody is called for any more, when somebody was", () => {
    const looks: readonly Look[] = [
      calm,
      scarce(9000),
      scarce(9050, { available: 900, givers: [done("balloon", 9040)] }),
    ];
    const verdict = last(looks, plan);
    assert.equal(ending(verdict)?.ending, "enough");
    assert.equal(kinds(verdict).includes("signal"), false);
  });

  it("and one that could not be is passed over for the next", () => {
    const unready = { giver: "balloon", kind: "unready", why: "not-ready" } as const;
    const verdict = last([...begun, { at: 1010, available: 1100, givers: [unready] }], plan);
    assert.deepEqual(askedOf(verdict), ["cold"]);
    const result = answer(verdict);
    assert.deepEqual(result?.kind === "giver-answered" && result.result, { kind: "unready", why: "not-ready" });
  });

  it("once: a second alarm within the cool-down asks nobody, one after it does", () => {
    const over: readonly Look[] = [...begun, { at: 1200, available: 4000, givers: [done("balloon", 1190)] }];
    const soon: readonly Look[] = [...over, { at: 30_000, available: 1250 }, { at: 31_000, available: 1100 }];
    assert.deepEqual(askedOf(last(soon, plan)), []);
    const later = last([...over, { at: 61_000, available: 1250 }, { at: 62_000, available: 1100 }], plan);
    assert.deepEqual(askedOf(later), ["balloon"]);
  });

  it("not a second time for an alarm that only lasts, but when it gets louder", () => {
    const lasting: readonly Look[] = [
      ...begun,
      { at: 1050, available: 1100, givers: [done("balloon", 1040)] },
      { at: 1200, available: 1100, givers: [done("cold", 1190)] },
      { at: 62_000, available: 1100 },
    ];
    assert.deepEqual(askedOf(last(lasting, plan)), []);
    assert.deepEqual(askedOf(last([...lasting, { at: 66_000, available: 790 }], plan)), ["balloon"]);
  });

  it("not when memory is exhausted, nor when it falls so fast that min comes first", () => {
    assert.deepEqual(askedOf(last([calm, { at: 100, available: 300, table: [hog] }], plan)), []);
    const falling: readonly Look[] = [
      { at: 0, available: 4000 },
      { at: 1000, available: 3000 },
      { at: 2000, available: 1100 },
    ];
    assert.deepEqual(askedOf(last(falling, plan)), []);
  });
});

describe("a kill and givers", () => {
  const waiting: readonly Look[] = [calm, { at: 1000, available: 1210 }, scarce(9000, { available: 790 })];
  const verdictAt = (look: Look) => last([...waiting, look], plan);

  it("waits while they give, and says why", () => {
    const verdict = last(waiting, plan);
    assert.deepEqual(askedOf(verdict), ["balloon"]);
    assert.equal(kinds(verdict).includes("signal"), false);
    const withheld = verdict.findings.find(({ kind }) => kind === "kill-withheld");
    assert.equal(withheld?.kind === "kill-withheld" && withheld.why, "givers-asked");
    assert.equal(kinds(verdictAt(scarce(9400, { available: 780, givers: [giving("balloon")] }))).length, 0);
  });

  it("goes on at the very look at which the last of them fell short", () => {
    const looks: readonly Look[] = [...waiting, scarce(9010, { available: 785, givers: [done("balloon", 9009, 1)] })];
    const verdict = last([...looks, scarce(9020, { available: 785, givers: [done("cold", 9019)] })], plan);
    assert.equal(ending(verdict)?.ending, "not-enough");
    assert.deepEqual(kinds(verdict), ["dismiss", "signal"]);
  });

  it("stops who is out of time, and asks the next one", () => {
    assert.equal(last(waiting, plan).next.at <= 9500, true);
    const verdict = verdictAt(scarce(9500, { available: 785, givers: [giving("balloon")] }));
    assert.deepEqual(kinds(verdict), ["dismiss", "ask"]);
    const result = answer(verdict);
    assert.deepEqual(result?.kind === "giver-answered" && result.result, { kind: "timed-out" });
  });

  it("waits no longer than all of them have together", () => {
    const looks: readonly Look[] = [...waiting, scarce(9500, { available: 785, givers: [giving("balloon")] })];
    const before = last([...looks, scarce(9999, { available: 785, givers: [giving("cold")] })], plan);
    assert.deepEqual(before.decisions, []);
    assert.equal(before.next.at, 10_000);
    const verdict = last([...looks, scarce(10_000, { available: 785, givers: [giving("cold")] })], plan);
    assert.deepEqual(kinds(verdict), ["dismiss", "signal"]);
  });

  it("is not put off by those who are left when the time of all is over", () => {
    const slow = planWithGivers(aGiver("slow", 5000), cold);
    const looks: readonly Look[] = [...waiting, scarce(10_000, { available: 785, givers: [giving("slow")] })];
    const verdict = last(looks, slow);
    assert.deepEqual(kinds(verdict), ["dismiss", "signal"]);
    assert.equal(ending(verdict)?.ending, "cut-short");
  });

  it("comes at once when min is crossed, whoever is still giving", () => {
    const verdict = verdictAt(scarce(9100, { available: 390, givers: [giving("balloon")] }));
    assert.deepEqual(kinds(verdict), ["signal"]);
    assert.equal(opening(verdict).signal, "SIGKILL");
  });

  it("does not wait for anybody when the tasks are stalled", () => {
    const verdict = verdictAt(scarce(9100, { available: 785, full: 3000, givers: [giving("balloon")] }));
    assert.deepEqual(kinds(verdict), ["signal"]);
  });

  it("does not wait when memory falls so fast that min would come first", () => {
    const verdict = verdictAt(scarce(9010, { available: 700, givers: [giving("balloon")] }));
    assert.deepEqual(kinds(verdict), ["signal"]);
  });

  it("keeps others from being asked once it has begun", () => {
    const looks: readonly Look[] = [...waiting, scarce(9100, { available: 390, givers: [giving("balloon")] })];
    const verdict = last([...looks, { at: 9110, available: 600, givers: [done("balloon", 9105)] }], plan);
    assert.deepEqual(askedOf(verdict), []);
    assert.equal(ending(verdict)?.ending, "cut-short");
  });
});
