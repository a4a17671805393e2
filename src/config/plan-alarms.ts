import { type AlarmKind, alarmKinds } from "#domain/alarm.ts";
import { milliseconds } from "#domain/units.ts";
import type { Detector } from "#engine/define-detector.ts";
import type { AlarmPlan } from "#engine/plan.ts";
import { watermarkOf } from "#engine/raise-alarm.ts";
import { reaches } from "#engine/zone.ts";
import type { MachineFacts } from "#plan/watermarks.ts";
import { detectors } from "#policies/detectors/catalogue.ts";
import { alarmSection } from "./alarm-sections.ts";
import { isSwitchedOff } from "./detector-options.ts";
import type { Loaded } from "./load.ts";
import { listWords, nearestWord } from "./nearest.ts";
import { type Problem, problem, warning } from "./problem.ts";
import { settingName } from "./schema.ts";
import type { SettledSettings } from "./settle.ts";
import type { Place } from "./source-text.ts";

/** The alarms that can be raised with these settings on this machine, and why others cannot. */
export interface PlannedAlarms {
  readonly alarms: readonly AlarmPlan[];
  /** Those that at least one alarm goes by. */
  readonly detectors: readonly Detector[];
  readonly problems: readonly Problem[];
}

interface Scene {
  readonly settled: SettledSettings;
  readonly machine: MachineFacts;
}

/** Plans every alarm; nothing stops at the first mistake. */
export function planAlarms({ settled }: Loaded, machine: MachineFacts): PlannedAlarms {
  const planned = alarmKinds.map((kind) => planAlarm(kind, { settled, machine }));
  const alarms = planned.flatMap(({ alarm }) => alarm ?? []);
  const used = new Set(alarms.flatMap(({ detectors: names }) => names));
  return {
    alarms,
    detectors: detectors.filter(({ name }) => used.has(name)),
    problems: planned.flatMap(({ problems }) => problems),
  };
}

interface Planned {
  readonly alarm: AlarmPlan | undefined;
  readonly problems: readonly Problem[];
}

function planAlarm(kind: AlarmKind, scene: Scene): Planned {
  const written = readAlarm(kind, scene.settled);
  const place = placeOfAlarm(kind, scene.settled);
  const mistakes = place === undefined ? [] : findMistakes(kind, written, place);
  if (mistakes.length > 0) return { alarm: undefined, problems: mistakes };
  const listed = detectors.filter(({ name }) => written.detectors.includes(name));
  const missing = listed.flatMap((detector) => whyMissing(detector, scene) ?? []);
  const isPossible = written.when === "any" ? missing.length < listed.length : missing.length === 0;
  if (!isPossible)
    return { alarm: undefined, problems: place === undefined ? [] : [refuseSilence(kind, missing, place)] };
  const names = written.detectors.filter((name) => missing.every((each) => each.name !== name));
  return { alarm: { kind, when: written.when, detectors: names, holdFor: written.holdFor }, problems: [] };
}

function readAlarm(kind: AlarmKind, settled: SettledSettings): WrittenAlarm {
  const read = (key: string): unknown => settled.get(settingName(alarmSection(kind), key))?.value;
  const listed = read("detectors");
  return {
    when: read("when") === "all" ? "all" : "any",
    detectors: Array.isArray(listed) ? listed.map(String) : [],
    holdFor: milliseconds(Number(read("hold_for"))),
  };
}

/** What an alarm takes, as it was written. */
type WrittenAlarm = Omit<AlarmPlan, "kind">;

/** Where it says who raises the alarm. Undefined: nobody wrote anything that can be used, and the defaults are sound. */
function placeOfAlarm(kind: AlarmKind, settled: SettledSettings): Place | undefined {
  const written = ["detectors", "when"].flatMap((key) => settled.get(settingName(alarmSection(kind), key)) ?? []);
  return written.find(({ place, isRefused }) => place !== undefined && !isRefused)?.place;
}

function findMistakes(kind: AlarmKind, { detectors: names }: WrittenAlarm, place: Place): readonly Problem[] {
  return names.flatMap((name, index): readonly Problem[] => {
    const detector = detectors.find((each) => each.name === name);
    if (detector === undefined) return [refuseUnknown(kind, name, place)];
    if (names.indexOf(name) !== index) return [refuse(kind, place, `"${name}" is listed twice; remove one of them`)];
    if (reaches(detector.deepest, watermarkOf[kind])) return [];
    const found = `"${name}" never proves more than ${detector.deepest}, and this alarm needs ${watermarkOf[kind]}`;
    return [refuse(kind, place, `${found}; remove it`)];
  });
}

const refuse = (kind: AlarmKind, place: Place, why: string): Problem =>
  problem(place, `Cannot raise the alarm ${kind}: ${why}`);

function refuseUnknown(kind: AlarmKind, name: string, place: Place): Problem {
  const known = detectors.map((detector) => detector.name);
  const nearest = nearestWord(name, known);
  const wanted = nearest === undefined ? `there are ${listWords(known)}` : `write "${nearest}"`;
  return refuse(kind, place, `there is no detector "${name}"; ${wanted}`);
}

interface Missing {
  readonly name: string;
  readonly why: string;
  readonly advice: string;
  /** Another machine may have it: then it is worth a warning only. */
  readonly isOfMachine: boolean;
}

/** Why a detector that is listed has nothing to say. */
function whyMissing(detector: Detector, { settled, machine }: Scene): Missing | undefined {
  const { name, needs } = detector;
  if (isSwitchedOff(detector, settled)) {
    return { name, why: `${name}.enabled is false`, advice: "remove that", isOfMachine: false };
  }
  if (machine.hasPressure || !needs.includes("pressure")) return undefined;
  return { name, why: "this kernel offers no PSI", advice: "boot with psi=1", isOfMachine: true };
}

/** An alarm that somebody wrote and that can never be raised protects nobody. */
function refuseSilence(kind: AlarmKind, missing: readonly Missing[], place: Place): Problem {
  const reasons = missing.map(({ name, why, advice }) => `"${name}" says nothing, because ${why}; ${advice}`);
  const message = `Cannot raise the alarm ${kind}: ${[...new Set(reasons)].join("; ")}`;
  return missing.every(({ isOfMachine }) => isOfMachine) ? warning(place, message) : problem(place, message);
}

/** Warns who asked for a detector on a machine that has no facts for it. */
export function checkFacts({ settled }: Loaded, machine: MachineFacts): readonly Problem[] {
  return detectors.flatMap((detector): readonly Problem[] => {
    const setting = settingName(detector.name, "enabled");
    const enabled = settled.get(setting);
    const missing = whyMissing(detector, { settled, machine });
    if (enabled?.place === undefined || missing?.isOfMachine !== true) return [];
    const { why, advice } = missing;
    const message = `Cannot use the detector "${detector.name}": ${why}; ${advice}, or set ${setting} = false`;
    return [warning(enabled.place, message)];
  });
}
