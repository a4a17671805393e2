import { gib, kib, milliseconds, oomScoreAdj, seconds } from "#domain/units.ts";
import type { ProcessScript } from "#simulated/process-script.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";
import { type Act, bystanderSize, confine, demoUid } from "./act.ts";
import { type Complaints, playUntilOver, shippedPlan } from "./play.ts";
import { amountText, heading, headroomIn, openTimeline, remark } from "./timeline.ts";

const fast = gib(2);

function scriptOf(act: Act): readonly ProcessScript[] {
  const { size, rate, traits, isThereBefore } = act;
  const perSecond = rate === 0 ? fast : kib(rate * 1024);
  const hog: ProcessScript = {
    name: "hog",
    uid: demoUid,
    oomScoreAdj: oomScoreAdj(1000),
    ...(isThereBefore ? { anon: size } : { memory: [{ kind: "ramp", by: size, perSecond }] }),
    ...(traits.includes("ignores-term") && { onSigterm: { kind: "ignores" } }),
    ...(traits.includes("stopped") && { stopsAt: milliseconds(0) }),
  };
  const bystander: ProcessScript = { name: "bystander", uid: demoUid, anon: bystanderSize };
  const sharer: ProcessScript = {
    name: "hog-2",
    uid: demoUid,
    sharesMemoryWith: "hog",
    onSigterm: { kind: "ignores" },
  };
  return [bystander, hog, ...(traits.includes("shares-memory") ? [sharer] : [])];
}

const isThere = (machine: SimulatedMachine, name: string): boolean => machine.find(name) !== undefined;

/** Plays an act on the simulated machine: the same loop, engine and journal, in virtual time. */
export async function playSimulated(act: Act): Promise<Complaints> {
  heading(`${act.title} (simulated)`);
  const scenario: Scenario = { seed: 1, duration: seconds(7), ram: gib(8), processes: scriptOf(act) };
  using machine = simulatedMachine(scenario);
  const before = headroomIn(machine.sense({ needs: ["meminfo"], isPressing: false }));
  const plan = confine(shippedPlan(machine), act, before);
  const { min, low, high } = plan.headroom;
  remark(`watermarks: high ${amountText(high)}, low ${amountText(low)}, min ${amountText(min)}`);
  const timeline = openTimeline(() => machine.now());
  await playUntilOver(machine, plan, timeline);
  return [
    ...(isThere(machine, "hog") || isThere(machine, "hog-2") ? ["the hog is still alive"] : []),
    ...(isThere(machine, "bystander") ? [] : ["the bystander is dead"]),
    ...(timeline.entries.some(({ event }) => event === "memory.back") ? [] : ["no memory.back"]),
  ];
}
