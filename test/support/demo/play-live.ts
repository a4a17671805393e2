import type { Identity } from "#domain/identity.ts";
import { isSameIdentity } from "#domain/identity.ts";
import { knownValue } from "#domain/snapshot.ts";
import { gib, subtract } from "#domain/units.ts";
import { totalMemory } from "#engine/headroom.ts";
import { judge, rank } from "#engine/judge.ts";
import type { Plan } from "#engine/plan.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import type { Machine } from "#machine/machine.ts";
import { hasEnded, isProcessAlive } from "#test/support/start-hog.ts";
import { type Act, bystanderSize, confine, demoUid } from "./act.ts";
import { type Complaints, playUntilOver, shippedPlan } from "./play.ts";
import { type DemoProcess, startProcess } from "./processes.ts";
import { amountText, heading, headroomIn, openTimeline, remark, type Timeline } from "./timeline.ts";

/** The demo takes little, and leaves much. */
const leastHeadroom = gib(2);

const see = (machine: Machine) => machine.sense({ needs: ["meminfo", "processes"], isPressing: false });

/** Whom it would choose, before anything can be chosen: nobody but what the demo has started. */
function rehearse(machine: Machine, plan: Plan, ours: readonly Identity[]): void {
  const snapshot = see(machine);
  const [meminfo, table] = [knownValue(snapshot.meminfo), knownValue(snapshot.processes)];
  if (meminfo === undefined || table === undefined) throw new Error("Cannot rehearse: the machine could not be read");
  const basis = { total: totalMemory(meminfo), skipped: new Set<never>() };
  const ranking = rank(judge(table, basis, plan));
  const strangers = ranking.filter(({ identity }) => !ours.some((own) => isSameIdentity(own, identity)));
  if (strangers.length > 0)
    throw new Error(`Cannot go on: ${strangers.length} processes of user ${demoUid} are not the demo's`);
  remark(`dry run: ${ranking.length} of ${table.processes.length} processes are eligible, all started by this demo`);
}

async function complain(timeline: Timeline, hogs: readonly Identity[], bystander: Identity): Promise<Complaints> {
  const ends = await Promise.all(hogs.map(hasEnded));
  const events = new Set(timeline.entries.map(({ event }) => event));
  return [
    ...hogs.filter((_, index) => !ends[index]).map(({ pid }) => `process ${pid} of the hog is still alive`),
    ...(isProcessAlive(bystander) ? [] : ["the bystander is dead"]),
    ...(["victim.signalled", "memory.back"] as const)
      .filter((event) => !events.has(event))
      .map((event) => `no ${event}`),
  ];
}

async function perform(act: Act, machine: Machine, started: DemoProcess[]): Promise<Complaints> {
  const start = (wish: Parameters<typeof startProcess>[0]): DemoProcess => {
    const one = startProcess(wish);
    started.push(one);
    return one;
  };
  const bystander = start({ name: "bystander", size: bystanderSize, rate: 0, traits: [] });
  await bystander.filled;
  const before = headroomIn(see(machine));
  if (before < leastHeadroom + act.size) throw new Error(`Cannot begin: only ${amountText(before)} can be had`);
  const hog = start({ ...act, name: "hog" });
  const sharer = act.isThereBefore ? (await hog.filled).sharer : undefined;
  const ours = [bystander.identity, hog.identity, ...(sharer === undefined ? [] : [sharer])];
  const plan = confine(shippedPlan(machine), act, act.isThereBefore ? headroomIn(see(machine)) : before);
  const { min, low, high } = plan.headroom;
  remark(`watermarks: high ${amountText(high)}, low ${amountText(low)}, min ${amountText(min)}`);
  rehearse(machine, plan, ours);
  const timeline = openTimeline(() => machine.now());
  await playUntilOver(machine, plan, timeline);
  return await complain(timeline, [hog.identity, ...(sharer === undefined ? [] : [sharer])], bystander.identity);
}

/** Plays an act on the real kernel, confined to its own processes. */
export async function playLive(act: Act): Promise<Complaints> {
  heading(act.title);
  using machine = linuxMachine();
  const started: DemoProcess[] = [];
  const begun = machine.now();
  try {
    return await perform(act, machine, started);
  } finally {
    for (const one of started) one.end();
    remark(`this act took ${(subtract(machine.now(), begun) / 1000).toFixed(1)} s`);
  }
}
