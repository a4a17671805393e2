import type { FactName } from "#domain/snapshot.ts";
import { percent } from "#domain/units.ts";
import type { Detector } from "#engine/define-detector.ts";
import type { AutoBasis } from "#engine/option.ts";
import type { AlarmPlan } from "#engine/plan.ts";
import type { MemcgRecipe } from "#plan/recipe.ts";
import { stall as stallDetector } from "#policies/detectors/stall.ts";
import { chooseDetector, chooseForMemcg } from "./detector-options.ts";
import type { Loaded } from "./load.ts";
import type { WrittenMemcg } from "./memcgs.ts";
import type { PlannedAlarms } from "./plan-alarms.ts";

/** What there is to know of a memcg: what a detector needs besides tells of the whole machine only. */
const factsOfMemcg: ReadonlySet<FactName> = new Set(["meminfo", "swaps", "pressure"]);

/** When each of the memcgs that are to be watched is in trouble: the alarms of the machine, as far as they can be told of a memcg. */
export function planMemcgs(loaded: Loaded, planned: PlannedAlarms, machine: AutoBasis): readonly MemcgRecipe[] {
  const detectors = planned.detectors.filter(({ needs }) => needs.every((fact) => factsOfMemcg.has(fact)));
  const names = new Set(detectors.map(({ name }) => name));
  const alarms = planned.alarms.flatMap((alarm) => keepToldOf(alarm, names) ?? []);
  return loaded.memcgs.map((written) => planMemcg(written, { loaded, detectors, alarms, machine }));
}

/** Of several that are enough each, those that remain; of several that have to agree, all or none. */
function keepToldOf(alarm: AlarmPlan, names: ReadonlySet<string>): AlarmPlan | undefined {
  const left = alarm.detectors.filter((name) => names.has(name));
  const isTold = alarm.when === "any" ? left.length > 0 : left.length === alarm.detectors.length;
  return isTold ? { ...alarm, detectors: left } : undefined;
}

/** What its members wait for nobody tells: it takes more of a stall. */
const stallOfMemcg = { limit: percent(70), faults_slow: false } as const;

interface Parts {
  readonly loaded: Loaded;
  readonly detectors: readonly Detector[];
  readonly alarms: readonly AlarmPlan[];
  readonly machine: AutoBasis;
}

function planMemcg(written: WrittenMemcg, { loaded, detectors, alarms, machine }: Parts): MemcgRecipe {
  const { path, marks, stall, limits, byBranch } = written;
  return {
    path,
    marks,
    detectors: detectors.map((detector) =>
      chooseForMemcg(detector, loaded, detector.name === stallDetector.name ? { ...stallOfMemcg, ...stall } : {}),
    ),
    alarms,
    unlimited: planUnlimited(written, { loaded, detectors, alarms, machine }),
    limits,
    ...(byBranch && { byBranch }),
  };
}

/** A stall counts without a limit if somebody asked for it, and little is available to the machine then. */
function planUnlimited(
  { stall }: WrittenMemcg,
  { loaded, detectors, alarms, machine }: Parts,
): MemcgRecipe["unlimited"] {
  const isAsked = Object.keys(stall).length > 0;
  const left = isAsked ? detectors.filter(({ name }) => name === stallDetector.name) : [];
  const names = new Set(left.map(({ name }) => name));
  return {
    detectors: left.map((detector) => {
      const { name, options } = chooseDetector(detector, loaded, machine);
      return { name, options: { ...options, ...stallOfMemcg, ...stall } };
    }),
    alarms: alarms.flatMap((alarm) => keepToldOf(alarm, names) ?? []),
  };
}
