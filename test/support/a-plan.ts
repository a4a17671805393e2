import { compilePlan } from "#config/compile.ts";
import { loadConfig } from "#config/load.ts";
import { bytes, gib, type KiB, kib, mib, milliseconds, percent, scale, seconds } from "#domain/units.ts";
import { type BoundDetector, bindDetector } from "#engine/define-detector.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import type { Plan } from "#engine/plan.ts";
import type { Rule } from "#engine/rule.ts";
import { desktop } from "#policies/desktop.ts";
import { headroom } from "#policies/detectors/headroom.ts";
import { stall } from "#policies/detectors/stall.ts";

/** Watermarks of every plan below: 400, 800 and 1,200 MiB. */
export const marks: { readonly min: KiB; readonly low: KiB; readonly high: KiB } = {
  min: mib(400),
  low: mib(800),
  high: mib(1200),
};

/** Stalls count however fast page faults are: most tests tell of nothing but stalls. */
const plainStall = ["stall.faults_slow=false", "stall.limit=70%"];

/** What alarms go by when nobody says anything else. */
const shipped: Pick<Plan, "detectors" | "alarms"> = (() => {
  const overrides = Object.entries(marks).map(([name, mark]) => `headroom.${name}=${mark}KiB`);
  const loaded = loadConfig({ presets: {}, files: [], overrides: [...plainStall, "preset=none", ...overrides] });
  const machine = { ram: gib(16), userMemory: gib(16), swap: gib(0), pageSize: bytes(4096), hasPressure: true };
  const compiled = compilePlan(loaded, machine);
  if (compiled.kind === "refused") throw new Error(compiled.problems.map(({ message }) => message).join());
  return compiled.plan;
})();

/** The stall detector of every plan below; nothing said, 40 % of 2 s while less than 2,400 MiB are available, and however fast faults are. */
export const stallDetector = (change: Partial<Parameters<typeof stall.detect>[1]> = {}): BoundDetector =>
  bindDetector(stall, {
    enabled: true,
    line: "full",
    limit: percent(40),
    window: seconds(2),
    available_below: mib(2400),
    faults_slow: false,
    slow_fault: milliseconds(1.5),
    ...change,
  });

/** Without stalls: headroom alone is evidence. */
export const onlyHeadroom: Pick<Plan, "detectors" | "alarms"> = {
  detectors: [bindDetector(headroom, {})],
  alarms: (["approaching", "scarce", "exhausted"] as const).map((kind) => ({
    kind,
    when: "any",
    detectors: ["headroom"],
    holdFor: milliseconds(0),
  })),
};

/** A plan as it ships, for a machine of some 16 GiB, with round numbers. */
export const aPlan = (change: Partial<Plan> = {}): Plan => ({
  pageSize: bytes(4096),
  memcgs: [],
  headroom: marks,
  detectors: shipped.detectors,
  alarms: shipped.alarms,
  policy: bindPolicy(desktop, defaultOptions(desktop.options)),
  rules: [],
  preference: percent(30),
  guard: { session: true, lastResort: true },
  kill: {
    termGrace: seconds(3),
    reapGrace: milliseconds(150),
    killTimeout: seconds(3),
    confirmTimeout: milliseconds(500),
    coolDown: seconds(1),
    budget: 10,
    budgetWindow: seconds(60),
    unit: "auto",
  },
  pacing: {
    calm: seconds(1),
    near: milliseconds(20),
    tight: milliseconds(4),
    fastestFill: gib(6),
    fastestSwapFill: gib(1),
    tableEvery: undefined,
  },
  notify: { givers: [], programs: [], deadline: seconds(2), coolDown: seconds(60) },
  ...change,
});

/** Watermarks around a low of any size, at 1 : 2 : 3 as the shipped ones are. */
export const marksAround = (low: KiB): Plan["headroom"] => ({
  min: kib(scale(low, 1 / 2)),
  low: kib(low),
  high: kib(scale(low, 3 / 2)),
});

/** A rule that protects whoever has that name. */
export const protecting = (name: string): Rule => ({
  verdict: "never",
  origin: "test",
  when: { name: { source: name, matches: (text) => text === name } },
});
