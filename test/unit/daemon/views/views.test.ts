import assert from "node:assert/strict";
import { test } from "node:test";
import type { AskedScope } from "#daemon/scope/scope-reading.ts";
import { countMatches } from "#daemon/views/check-view.ts";
import { viewProcess, viewRanking } from "#daemon/views/explain-view.ts";
import { viewStatus } from "#daemon/views/status-view.ts";
import type { GiverMeans } from "#domain/giver.ts";
import { type Snapshot, unavailable } from "#domain/snapshot.ts";
import { SystemError } from "#domain/system-error.ts";
import { cgroupPath, gib, kib, mib, pid } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Pattern, Rule, RuleConditions, RuleVerdict } from "#engine/rule.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { aPlan, onlyHeadroom } from "#test/support/a-plan.ts";
import { aSnapshot, type ProcessWish, someMeminfo, somePressure, someTable } from "#test/support/a-snapshot.ts";
import { aGiver } from "#test/support/some-givers.ts";

const exactly = (source: string): Pattern => ({ source, matches: (text) => text === source });
const rule = (verdict: RuleVerdict, when: RuleConditions): Rule => ({ verdict, when, origin: `${verdict} rule` });

const wishes: readonly ProcessWish[] = [
  { pid: 50, comm: "kworker", isKernelThread: true, hasNoMemory: true },
  { pid: 100, comm: "small", anon: mib(100), exe: "/bin/small" },
  { pid: 101, comm: "large", anon: gib(2), exe: "/bin/large" },
  { pid: 102, comm: "guarded", anon: gib(3) },
];

const snapshotWith = (available: ReturnType<typeof mib>) =>
  aSnapshot({
    at: 1000,
    meminfo: someMeminfo({ available }),
    pressure: somePressure({ some: 0, full: 0 }),
    table: someTable(wishes),
  });

const everything: AskedScope = { kind: "scope", scope: { kind: "global" }, groupOf: () => undefined };

const { capabilities } = aMachine().boot();
const noProgram: GiverMeans = { kind: "hook", run: ["/bin/there-is-no-such-program"], user: undefined };

const statusOf = (seen: Snapshot, plan: Plan) => viewStatus({ now: seen }, plan, capabilities);

const snapshot = snapshotWith(gib(4));
const guarding = aPlan({ rules: [rule("never", { name: exactly("guarded") })] });

test("the ranking has every candidate, the first victim first, and counts those that are out by reason", () => {
  const { ranking, ineligible, eligible, processes } = viewRanking(snapshot, guarding, everything);
  assert.deepEqual(
    ranking.map(({ comm }) => comm),
    ["large", "small"],
  );
  assert.deepEqual(ineligible, { init: 1, self: 1, "kernel-thread": 1, "rule-never": 1 });
  assert.deepEqual([eligible, processes], [2, 6]);
});

test("a candidate is shown with its place among all", () => {
  const view = viewProcess(100, snapshot, { plan: guarding, asked: everything });
  assert.ok(view?.verdict === "eligible");
  assert.deepEqual([view.place, view.eligible, view.exe], [2, 2, "/bin/small"]);
  assert.deepEqual(view.rules, [{ rule: "never rule", verdict: "never", matches: "no" }]);
});

test("a protected process is shown with the rule that protects it", () => {
  const view = viewProcess(102, snapshot, { plan: guarding, asked: everything });
  assert.ok(view?.verdict === "ineligible");
  assert.deepEqual([view.why, view.rule], ["rule-never", "never rule"]);
  assert.deepEqual(
    view.rules.map(({ matches }) => matches),
    ["yes"],
  );
});

const small: AskedScope = {
  kind: "scope",
  scope: {
    kind: "memcg",
    path: cgroupPath("/app"),
    memcg: {
      members: new Set([pid(50), pid(100)]),
      limits: { kind: "v2", memory: mib(128), swap: undefined, swappiness: 60 },
    },
  },
  groupOf: (memcg) => ({ path: memcg, members: new Set([pid(1), pid(50), pid(100), pid(102), pid(103)]) }),
};

test("in the scope of a memcg only its members are ranked, by what it can hold", () => {
  const view = viewRanking(snapshot, guarding, small);
  assert.deepEqual(view.scope, { kind: "memcg", total_kib: mib(128), memcg: "/app", members: 1 });
  assert.deepEqual(
    view.ranking.map(({ comm }) => comm),
    ["small"],
  );
  assert.deepEqual(view.ineligible, { init: 1, "kernel-thread": 1, "out-of-scope": 3 });
  const outsider = viewProcess(101, snapshot, { plan: guarding, asked: small });
  assert.equal(outsider?.verdict === "ineligible" && outsider.why, "out-of-scope");
});

test("who dies with the first is counted without init and those that must never be chosen", () => {
  const table = someTable([
    { pid: 100, comm: "first", anon: gib(1), cgroup: cgroupPath("/app") },
    { pid: 102, anon: mib(1) },
    { pid: 103, anon: mib(1), oomScoreAdj: -1000 },
    { pid: 50, hasNoMemory: true },
  ]);
  const seen = aSnapshot({ at: 0, meminfo: someMeminfo({ available: gib(4) }), table });
  const group = { memcg: "/app", processes: 2 };
  assert.deepEqual(viewRanking(seen, guarding, small).oom_group, group);
  const view = viewProcess(100, seen, { plan: guarding, asked: small });
  assert.deepEqual(view?.verdict === "eligible" && view.oom_group, group);
});

test("a process that is not there has no view", () => {
  assert.equal(viewProcess(4_000_000, snapshot, { plan: guarding, asked: everything }), undefined);
});

test("matches of a rule are counted among processes, not among threads of the kernel", () => {
  const rules = [
    rule("avoid", { name: exactly("kworker") }),
    rule("never", { exe: exactly("/bin/large") }),
    rule("prefer", { name: exactly("nobody") }),
  ];
  const counts = countMatches(aPlan({ rules }), snapshot);
  assert.deepEqual(
    counts.map(({ matches, unknown, examples }) => [matches, unknown, examples]),
    // Init, tidemark and "guarded" do not say what they run.
    [
      [0, 0, []],
      [1, 3, ["large"]],
      [0, 0, []],
    ],
  );
});

test("a rule that another one wins over is told of, with how many it has no say of", () => {
  const rules = [
    rule("never", { name: exactly("large") }),
    rule("prefer", { name: exactly("large") }),
    rule("avoid", { name: exactly("large") }),
    rule("prefer", { name: exactly("guarded") }),
    rule("first", { name: exactly("guarded") }),
    rule("only", { name: exactly("guarded") }),
  ];
  assert.deepEqual(
    countMatches(aPlan({ rules }), snapshot).map(({ verdict, overruled }) => [
      verdict,
      overruled?.by,
      overruled?.processes,
    ]),
    [
      ["never", undefined, undefined],
      ["prefer", "never rule", 1],
      ["avoid", undefined, undefined],
      ["prefer", "first rule", 1],
      ["first", undefined, undefined],
      ["only", undefined, undefined],
    ],
  );
});

const desktop: readonly ProcessWish[] = [
  { pid: 200, comm: "kwin_wayland", anon: gib(1), exe: "/usr/bin/kwin_wayland" },
  { pid: 201, comm: "editor", anon: gib(1), exe: "/usr/bin/editor" },
];
const desktopSnapshot = { ...snapshot, ...aSnapshot({ at: 0, table: someTable(desktop) }) };
const ofDesktop = { name: { source: "k* e*", matches: (text: string) => /^[ke]/.test(text) } };

test("a rule that wants the death of what the session guard spares is told of, with whom and how many", () => {
  const verdicts: readonly RuleVerdict[] = ["only", "first", "prefer", "avoid", "neutral"];
  const told = (guard: Plan["guard"]) =>
    verdicts.map(
      (verdict) => countMatches(aPlan({ rules: [rule(verdict, ofDesktop)], guard }), desktopSnapshot)[0]?.spared,
    );
  const spared = { processes: 1, examples: ["kwin_wayland"] };
  const [last, never] = [
    { ...spared, for_good: false },
    { ...spared, for_good: true },
  ];
  assert.deepEqual(told({ session: true, lastResort: true }), [last, last, last, undefined, undefined]);
  assert.deepEqual(told({ session: true, lastResort: false }), [never, never, never, undefined, undefined]);
  assert.deepEqual(told({ session: false, lastResort: true }), Array(5).fill(undefined));
});

test("a rule that another one has overruled for good is not told of the guard as well", () => {
  const rules = [rule("never", ofDesktop), rule("first", ofDesktop)];
  const [, first] = countMatches(aPlan({ rules, guard: { session: true, lastResort: true } }), desktopSnapshot);
  assert.deepEqual([first?.overruled?.processes, first?.spared], [2, undefined]);
});

test("status says what would be done at each level of headroom, by the engine's own decision", () => {
  const answers = [gib(4), mib(1000), mib(600), mib(100)].map((available) => {
    const { answer, alarm } = statusOf(snapshotWith(available), guarding);
    return [answer, alarm?.alarm_kind];
  });
  assert.deepEqual(answers, [
    ["nothing", undefined],
    ["warn", "approaching"],
    ["SIGTERM", "scarce"],
    ["SIGKILL", "exhausted"],
  ]);
});

test("status tells how far low is, and who would be first before there is any alarm", () => {
  const view = statusOf(snapshot, guarding);
  assert.equal(view.above_low_kib, gib(4) - mib(800));
  assert.deepEqual([view.first?.comm, view.eligible], ["large", 2]);
  assert.equal(statusOf(snapshotWith(mib(600)), guarding).above_low_kib, kib(0));
});

test("status says when it would have to act and nobody is eligible", () => {
  const confined = aPlan({ rules: [rule("only", { name: exactly("nobody") })] });
  const view = statusOf(snapshotWith(mib(600)), confined);
  assert.deepEqual([view.answer, view.first, view.eligible], ["nobody-eligible", undefined, 0]);
});

test("without PSI and without a table, status still compares memory with the watermarks", () => {
  const view = statusOf(aSnapshot({ at: 0, meminfo: someMeminfo({ available: gib(4) }) }), aPlan(onlyHeadroom));
  assert.deepEqual(
    [view.pressure, view.evidence.map(({ detector }) => detector), view.eligible],
    [undefined, ["headroom"], undefined],
  );
  assert.equal(view.headroom_kib, gib(4));
});

test("a sensor that failed is an error that names the call", () => {
  const failure = { call: "open", errno: "EACCES", subject: "meminfo", advice: "run as root" };
  const blind = { ...snapshot, meminfo: unavailable(failure) };
  assert.throws(() => statusOf(blind, guarding), SystemError);
  assert.throws(() => viewRanking(blind, guarding, everything), { errno: "EACCES" });
});

test("status tells the settings of the kernel's own OOM killer that are not the default, and no others", () => {
  assert.deepEqual(statusOf(snapshot, guarding).unusual_sysctls, []);
  const oomSysctls = { ...capabilities.oomSysctls, dumpsTasks: false };
  const [unusual] = viewStatus({ now: snapshot }, guarding, { oomSysctls }).unusual_sysctls;
  assert.equal(unusual?.sysctl, "vm.oom_dump_tasks");
});

test("status lists who is asked for memory first, in their order, and says who cannot be asked now", () => {
  const [able, unable] = [aGiver("browser"), { ...aGiver("gone"), means: noProgram }];
  const plan = { ...guarding, notify: { ...guarding.notify, givers: [able, unable] } };
  const { givers } = statusOf(snapshotWith(gib(2)), plan);
  assert.deepEqual(
    givers.map(({ giver, giver_kind, objection }) => [giver, giver_kind, objection?.replace(/;.*/, "")]),
    [
      ["browser", "hook", undefined],
      ["gone", "hook", "Cannot lstat /bin/there-is-no-such-program: ENOENT"],
    ],
  );
  assert.deepEqual(statusOf(snapshotWith(gib(2)), guarding).givers, []);
});
