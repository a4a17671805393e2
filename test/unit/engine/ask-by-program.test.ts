import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GiverReport } from "#domain/giver.ts";
import { milliseconds, seconds } from "#domain/units.ts";
import { nameOfProgram } from "#engine/ask-by-program.ts";
import type { Verdict } from "#engine/decide.ts";
import type { KillManner } from "#engine/kill-manner.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "#test/support/a-plan.ts";
import {
  alive,
  exited,
  findings,
  hog,
  kinds,
  type Look,
  last,
  live,
  neighbour,
  opening,
} from "#test/support/engine-life.ts";
import { aProgram, done, giving } from "#test/support/some-givers.ts";

const run = ["/usr/bin/save", "--now"] as const;
const program = aProgram(...run);
const grace = milliseconds(5000);

const planOf = (manner: KillManner, change: Partial<Plan> = {}): Plan => {
  const plan = aPlan(change);
  const when = { name: { source: "hog", matches: (text: string) => text === "hog" } };
  const rules = [{ verdict: "neutral", origin: "test", when, manner } as const];
  return { ...plan, rules, notify: { ...plan.notify, programs: [program] } };
};
const plan = planOf({ run, grace, signal: "SIGINT" });

const calm: Look = { at: 0, available: 8000 };
const begun: Look = { at: 100, available: 700, table: [hog, neighbour] };
const later = (at: number, report?: GiverReport, more: Partial<Look> = {}): Look => ({
  at,
  available: 700,
  victims: [alive()],
  ...(report && { givers: [report] }),
  ...more,
});
const after = (looks: readonly Look[]): Verdict => last([calm, begun, ...looks], plan);

const signalsOf = ({ decisions }: Verdict) =>
  decisions.flatMap((decision) => (decision.kind === "escalate" ? [[decision.signal ?? "SIGKILL", decision.why]] : []));

describe("a program in place of a signal", () => {
  it("is made ready in calm, and not again before it was used", () => {
    const [first, second] = live([calm, { ...calm, at: 1000 }], plan);
    assert.deepEqual(first?.decisions, [{ kind: "enlist", givers: [program] }]);
    assert.deepEqual(second?.decisions, []);
  });

  it("is to ask the victim, within the grace of its rule, and nothing is signalled", () => {
    const verdict = after([]);
    assert.deepEqual(opening(verdict).program, { ...program, timeout: grace });
    assert.deepEqual(kinds(after([later(200, giving(program.name))])), []);
  });

  it("is not asked when there is no time, nor when this machine must not run it", () => {
    assert.equal(opening(last([calm, { ...begun, available: 300 }], plan)).program, undefined);
    const distrusted = { ...plan, notify: { ...plan.notify, programs: [] } };
    const { program: none, signal } = opening(last([calm, begun], distrusted));
    assert.deepEqual([none, signal], [undefined, "SIGINT"]);
  });

  it("that ended well has told the victim, which has the rest of its grace", () => {
    const ended = after([later(200, done(program.name, 190))]);
    assert.deepEqual([kinds(ended), findings(ended)], [["dismiss"], ["program-ended"]]);
    assert.deepEqual(kinds(after([later(200, done(program.name, 190)), later(5099)])), []);
    assert.deepEqual(signalsOf(after([later(200, done(program.name, 190)), later(5100)])), [["SIGKILL", "grace-over"]]);
  });

  it("that fails, or could not be run, has the signal sent at once, and once, within the same grace", () => {
    const unready = { giver: program.name, kind: "unready", why: "not-ready" } as const;
    for (const report of [done(program.name, 190, 1), unready]) {
      const failed = after([later(200, report)]);
      assert.deepEqual(signalsOf(failed), [["SIGINT", "program-failed"]]);
      assert.deepEqual(findings(failed), ["program-ended"]);
      assert.deepEqual(kinds(after([later(200, report), later(300)])), []);
      assert.deepEqual(signalsOf(after([later(200, report), later(5100)])), [["SIGKILL", "grace-over"]]);
    }
  });

  it("that nobody reports on was not run, which is no news of it", () => {
    const verdict = after([later(200)]);
    assert.deepEqual(
      [signalsOf(verdict), kinds(verdict), findings(verdict)],
      [[["SIGINT", "program-failed"]], ["escalate"], []],
    );
  });

  it("that hangs is stopped when its time is up, and SIGKILL comes then", () => {
    const verdict = after([later(5100, giving(program.name))]);
    assert.deepEqual([kinds(verdict), signalsOf(verdict)], [["dismiss", "escalate"], [["SIGKILL", "grace-over"]]]);
    const [finding] = verdict.findings;
    assert.deepEqual(finding?.kind === "program-ended" && finding.result, { kind: "timed-out" });
  });

  it("is not waited for when memory is exhausted", () => {
    const verdict = after([later(200, giving(program.name), { available: 300 })]);
    assert.deepEqual(signalsOf(verdict), [["SIGKILL", "exhausted"]]);
  });

  it("may go on after its victim for as long as it had from the beginning, and is looked for then", () => {
    const gone = { at: 300, available: 8000, victims: [exited(290)], givers: [giving(program.name)] };
    const calmAgain = { ...calm, givers: [giving(program.name)] };
    const verdict = after([gone, { ...calmAgain, at: 4900 }]);
    assert.deepEqual(kinds(verdict), []);
    assert.ok(verdict.next.at <= 5100 && verdict.next.quiet === undefined);
    assert.deepEqual(kinds(after([gone, { ...calmAgain, at: 5100 }])), ["dismiss"]);
    assert.deepEqual(kinds(after([gone, { ...calmAgain, at: 5100 }, { ...calm, at: 5200 }])), ["enlist"]);
  });

  it("runs alone: whoever is chosen meanwhile is signalled", () => {
    const gone = { at: 300, available: 8000, victims: [exited(290)], givers: [giving(program.name)] };
    const again = { ...begun, givers: [giving(program.name)], table: [{ ...hog, pid: 101 }, neighbour] };
    const next = last(
      [calm, begun, gone, { ...again, at: 4000 }],
      planOf({ run, grace: seconds(20), signal: "SIGINT" }),
    );
    assert.deepEqual([opening(next).program, opening(next).signal], [undefined, "SIGINT"]);
  });

  it("is told apart from every other by its words, whatever is in them", () => {
    const names = [
      ["/a", "b c"],
      ["/a", "b", "c"],
      ["/a", '"b', 'c"'],
      ["/a b", "c"],
      ["/a", "b c", ""],
    ] as const;
    assert.equal(new Set(names.map((each) => nameOfProgram([...each]))).size, names.length);
  });
});
