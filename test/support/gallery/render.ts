import type { ProcessFacts } from "#domain/process.ts";
import { type KiB, kib, sum } from "#domain/units.ts";
import type { Judgement } from "#engine/appraise.ts";
import { describeSize } from "#journal/amounts.ts";
import { chooseMany, judgeAll, type Kill, planFor } from "./choose.ts";
import type { GalleryMachine } from "./machines.ts";
import { choosePeers, type PeerChoice } from "./peer-choices.ts";

/** So many victims are told, one after the other. */
const shown = 5;

/** One machine: who goes, who is guarded and why, and whom others would take. */
export function renderMachine(machine: GalleryMachine): string {
  const plan = planFor(machine);
  const judgements = judgeAll(machine, plan);
  const guarded = judgements.filter(isGuarded);
  return [
    machine.title,
    `${describeSize(machine.ram)} of RAM, ${describeSize(machine.swap)} of swap, ${judgements.length} processes`,
    ...(machine.recorded === undefined ? [] : [`Recorded: ${machine.recorded}`]),
    `An owner would name ${nameOwners(machine)}: ${machine.because}`,
    "",
    ...chooseMany(machine, plan, shown).map((kill, at) => `${at + 1}. ${describeKill(kill)}`),
    "",
    ...choosePeers(machine).map((choice) => `${choice.peer.padEnd(24)}${describeChoice(choice, guarded)}`),
    "",
    `Guarded, ${guarded.length} of ${judgements.length}:`,
    ...countAlike(guarded.map(describeGuarded)),
    "",
  ].join("\n");
}

const nameOwners = ({ first, holds }: GalleryMachine): string =>
  holds === 0 ? first : `${first} with ${describeSize(holds)}`;

type Guarded = Extract<Judgement, { kind: "ineligible" }>;

const isGuarded = (judgement: Judgement): judgement is Guarded =>
  judgement.kind === "ineligible" && judgement.why === "guarded";

const describeGuarded = ({ process, guard }: Guarded): string =>
  `${(guard?.role ?? "").padEnd(17)}${process.comm.padEnd(17)}${guard?.by ?? ""}`;

function describeKill({ victim, group }: Kill): string {
  const others = group === undefined ? "" : ` and ${group.members.length} others`;
  const family = victim.family === undefined ? "" : `, for its family of ${victim.family.processes}`;
  const guard = victim.guard === undefined ? "" : `, the ${victim.guard.role}: nobody else is left`;
  return `${victim.comm}${others} (${describeSize(victim.returns)})${family}${guard}`;
}

const heldBy = (processes: readonly ProcessFacts[]): KiB => sum(processes.map(({ memory }) => memory?.anon ?? kib(0)));

function describeChoice({ victims }: PeerChoice, guarded: readonly Guarded[]): string {
  const [first, ...others] = victims.toSorted((a, b) => heldBy([b]) - heldBy([a]));
  if (first === undefined) return "nobody";
  const spared = new Set(guarded.map(({ process }) => process));
  const lost = victims.filter((each) => spared.has(each)).map(({ comm }) => comm);
  const rest = others.length === 0 ? "" : ` and ${others.length} others of its cgroup`;
  const harm = lost.length === 0 ? "" : `; with ${[...new Set(lost)].join(", ")}`;
  return `${first.comm}${rest} (${describeSize(heldBy(victims))})${harm}`;
}

/** Lines that occur several times, once, with their number. */
function countAlike(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return Array.from(counts, ([line, count]) => `  ${line}${count === 1 ? "" : ` ×${count}`}`);
}

/** All machines side by side: the first victim of each killer. */
export function renderTableOf(machines: readonly GalleryMachine[]): string {
  const rows = machines.map((machine) => {
    const [kill] = chooseMany(machine, planFor(machine), 1);
    const guarded = judgeAll(machine, planFor(machine)).filter(isGuarded);
    const spared = new Set(guarded.map(({ process }) => process));
    const peers = choosePeers(machine).map(({ victims }) => tellBriefly(victims, spared));
    return [machine.name, machine.first, kill?.victim.comm ?? "nobody", ...peers];
  });
  const head = ["machine", "owner", "tidemark", "earlyoom", "--sort-by-rss", "nohang-desktop", "systemd-oomd"];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)) + 2);
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("")
        .trimEnd(),
    )
    .join("\n");
}

/** `firefox+34`: so many others go along; `!`: somebody of the session is among them. */
function tellBriefly(victims: readonly ProcessFacts[], spared: ReadonlySet<ProcessFacts>): string {
  const [first, ...others] = victims.toSorted((a, b) => heldBy([b]) - heldBy([a]));
  if (first === undefined) return "nobody";
  return `${first.comm}${others.length === 0 ? "" : `+${others.length}`}${victims.some((each) => spared.has(each)) ? "!" : ""}`;
}
