import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import { pid, startTicks } from "#domain/units.ts";
import { isSameDecision } from "#recorded/difference.ts";
import { candidateOf, toEscalate, toKill, toSignal } from "#test/support/decisions.ts";

const who = (n: number): Identity => ({ pid: pid(n), startTicks: startTicks(n) });
const [first, second, third] = [who(7), who(8), who(9)] as const;

/** The same to the first of a ranking, and what is said of it. */
function ranking(identities: readonly Identity[], said: { readonly eligible?: number } = {}): Decision {
  const decision = toSignal(first);
  return decision.kind === "signal" ? { ...decision, ranking: identities.map(candidateOf), ...said } : decision;
}

test("a ranking that goes no further says nothing else", () => {
  assert.ok(isSameDecision(ranking([first]), ranking([first, second, third])));
  assert.ok(isSameDecision(ranking([first, second, third]), ranking([first, second])));
  assert.ok(isSameDecision(ranking([first]), ranking([first])));
});

test("another place in the ranking is another reason, as far as both rank", () => {
  assert.ok(!isSameDecision(ranking([first, second]), ranking([first, third])));
  assert.ok(!isSameDecision(ranking([first, second]), ranking([first, third, second])));
});

test("whatever else is decided otherwise is another decision", () => {
  assert.ok(!isSameDecision(toKill(first), ranking([first, second])));
  assert.ok(!isSameDecision(ranking([first], { eligible: 5 }), ranking([first, second])));
  assert.ok(!isSameDecision(ranking([first]), toEscalate(first)));
  assert.ok(!isSameDecision(toEscalate(first), toEscalate(second)));
});
