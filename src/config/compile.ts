import { add, atLeast, percentOf } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Watermarks } from "#engine/watermarks.ts";
import { bindPlan } from "#plan/bind-plan.ts";
import { highestWatermark } from "#plan/highest-watermark.ts";
import type { Chosen, PlanRecipe, RuleRecipe } from "#plan/recipe.ts";
import { type MachineFacts, resolveWatermarks } from "#plan/watermarks.ts";
import { policies } from "#policies/catalogue.ts";
import { chooseDetector } from "./detector-options.ts";
import type { Loaded } from "./load.ts";
import { checkFacts, type PlannedAlarms, planAlarms } from "./plan-alarms.ts";
import { planMemcgs } from "./plan-memcgs.ts";
import { hasErrors, type Problem, problem, warning } from "./problem.ts";
import { programsOf } from "./programs.ts";
import { settingName } from "./schema.ts";
import { policySection } from "./sections.ts";
import type { Settled, SettledSettings } from "./settle.ts";
import { showSize } from "./size.ts";
import { describePlace, type Place, textAt } from "./source-text.ts";
import { resolveRule } from "./written-rule.ts";

/** What the engine runs on, or every reason why it cannot. */
export type Compiled =
  | {
      readonly kind: "plan";
      readonly plan: Plan;
      /** The same as plain data. */
      readonly recipe: PlanRecipe;
      readonly warnings: readonly Problem[];
    }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Resolves a config against a machine: shares become sizes, names become what they stand for, ranges are proven. */
export function compilePlan(loaded: Loaded, machine: MachineFacts): Compiled {
  const headroom = resolveWatermarks(loaded.config.headroom, machine);
  const alarms = planAlarms(loaded, machine);
  const problems = [
    ...loaded.problems,
    ...checkHeadroom(loaded, headroom, machine),
    ...alarms.problems,
    ...checkFacts(loaded, machine),
  ];
  const policy = choosePolicy(loaded);
  if (policy === undefined || hasErrors(problems)) return { kind: "refused", problems };
  const rules = loaded.rules.map((each) => resolveRule(each, machine));
  const recipe = recipeOf({ loaded, headroom, alarms, policy, rules: rules.map((each) => each.recipe) }, machine);
  const plan = bindPlan(
    recipe,
    rules.map(({ rule }) => rule),
  );
  return { kind: "plan", plan, recipe, warnings: problems };
}

interface Parts {
  readonly loaded: Loaded;
  readonly headroom: Watermarks;
  readonly alarms: PlannedAlarms;
  readonly policy: Chosen;
  readonly rules: readonly RuleRecipe[];
}

function recipeOf({ loaded, headroom, alarms, policy, rules }: Parts, machine: MachineFacts): PlanRecipe {
  const { config } = loaded;
  const basis = { headroom, userMemory: machine.userMemory };
  const asksForCmdline = rules.some((rule) => rule.when.cmdline !== undefined);
  return {
    pageSize: machine.pageSize,
    memcgs: planMemcgs(loaded, alarms, basis),
    headroom,
    detectors: alarms.detectors.map((detector) => chooseDetector(detector, loaded, basis)),
    alarms: alarms.alarms,
    policy,
    rules,
    preference: config.policy.preference,
    guard: { session: config.guard.session, lastResort: config.guard.last_resort },
    kill: {
      termGrace: config.kill.term_grace,
      reapGrace: config.kill.reap_grace,
      killTimeout: config.kill.kill_timeout,
      confirmTimeout: config.kill.confirm_timeout,
      coolDown: config.kill.cool_down,
      budget: config.kill.budget,
      budgetWindow: config.kill.budget_window,
      unit: config.kill.unit,
    },
    pacing: {
      calm: config.pacing.calm,
      near: config.pacing.near,
      tight: config.pacing.tight,
      fastestFill: config.pacing.fastest_fill,
      fastestSwapFill: config.pacing.fastest_swap_fill,
      tableEvery: asksForCmdline ? config.pacing.table_every : undefined,
    },
    notify: {
      givers: loaded.givers.map((each) => each.giver),
      programs: programsOf(loaded).map((each) => each.giver),
      deadline: config.notify.deadline,
      coolDown: config.notify.cool_down,
    },
  };
}

function choosePolicy({ config, settled }: Loaded): Chosen | undefined {
  const policy = policies.find((each) => each.name === config.policy.name);
  if (policy === undefined) return undefined;
  const section = policySection(policy.name);
  const values = Object.keys(policy.options).map((key) => [key, settled.get(settingName(section, key))?.value]);
  return { name: policy.name, options: Object.fromEntries(values) };
}

const watermarkNames = ["min", "low", "high"] as const;
type WatermarkName = (typeof watermarkNames)[number];

const orderedPairs = [
  ["min", "low"],
  ["low", "high"],
  ["min", "high"],
] as const;

const settledWatermark = (settled: SettledSettings, name: WatermarkName): Settled | undefined =>
  settled.get(settingName("headroom", name));

/** Refuses watermarks that are out of order, or that would call an ordinary machine scarce. */
function checkHeadroom(loaded: Loaded, headroom: Watermarks, machine: MachineFacts): readonly Problem[] {
  const { settled, isComplete } = loaded;
  const isSound = watermarkNames.every((name) => settledWatermark(settled, name)?.isRefused === false);
  if (!isComplete || !isSound) return [];
  const isWritten = (name: WatermarkName) => settledWatermark(settled, name)?.place !== undefined;
  const disordered = orderedPairs.filter(([lower, upper]) => atLeast(headroom[lower], headroom[upper]));
  const [worst] = [...disordered.filter((pair) => pair.every(isWritten)), ...disordered];
  if (worst !== undefined) return refuseOrder(settled, headroom, worst);
  return refuseReach(loaded, headroom, machine);
}

function refuseOrder(
  settled: SettledSettings,
  headroom: Watermarks,
  [lower, upper]: readonly [WatermarkName, WatermarkName],
): readonly Problem[] {
  const place = settledWatermark(settled, lower)?.place ?? settledWatermark(settled, upper)?.place;
  if (place === undefined) return [];
  const what = (name: WatermarkName) => `headroom.${name}, ${sayWatermark(settled, headroom, name)}`;
  const message = `Cannot use these watermarks: ${what(lower)}, is not below ${what(upper)}; min < low < high has to hold`;
  return [problem(place, message)];
}

/** `"512MiB" (tidemark.toml:3)` */
function sayWatermark(settled: SettledSettings, headroom: Watermarks, name: WatermarkName): string {
  const place = settledWatermark(settled, name)?.place;
  const resolved = showSize(headroom[name]);
  if (place === undefined) return `${resolved} (it follows the others)`;
  const written = textAt(place).replaceAll("'", '"');
  return `${written === resolved ? resolved : `${written} = ${resolved}`} (${describePlace(place)})`;
}

/** Where a rule confines the killer to some processes, nobody else is in danger: whoever wrote it is warned only. */
const isConfined = ({ rules }: Loaded): boolean => rules.some(({ rule }) => rule.verdict === "only");

function refuseReach(loaded: Loaded, headroom: Watermarks, machine: MachineFacts): readonly Problem[] {
  const { settled } = loaded;
  const all = add(machine.userMemory, machine.swap);
  const most = percentOf(highestWatermark, all);
  const place = writtenFirst(settled, ["high", "low", "min"]);
  if (atLeast(most, headroom.high) || place === undefined) return [];
  const found =
    `headroom.high would be ${showSize(headroom.high)} of the ${showSize(all)} of user memory and swap, ` +
    "and nearly every look would raise an alarm";
  return isConfined(loaded)
    ? [
        warning(
          place,
          `Cannot expect calm with these watermarks: ${found}; nobody but the rules with "only" is in danger`,
        ),
      ]
    : [problem(place, `Cannot use these watermarks: ${found}; it may be ${showSize(most)} at most`)];
}

const writtenFirst = (settled: SettledSettings, names: readonly WatermarkName[]): Place | undefined =>
  names.map((name) => settledWatermark(settled, name)?.place).find((place) => place !== undefined);
