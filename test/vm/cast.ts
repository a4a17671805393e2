import { type CgroupPath, cgroupPath, type KiB, kib, uid } from "#domain/units.ts";
import type { MemoryPhase, ProcessScript } from "#simulated/process-script.ts";
import type { Scenario } from "#simulated/scenario.ts";

/** What a stage is given: who plays, where, and what they need of the data disk. */
export interface Cast {
  /** One process a line, as `guest/stage.pl` reads it. */
  readonly text: string;
  /** Where they are. */
  readonly cgroups: readonly CgroupPath[];
  /** How much they read. */
  readonly data: KiB;
  /** What each works on of it: text of programs, and files. */
  readonly worked: readonly WorkedPart[];
  /** How much they write. */
  readonly written: KiB;
}

/** A part of the data file that one works on. */
export interface WorkedPart {
  readonly cgroup: CgroupPath;
  readonly offset: KiB;
  readonly size: KiB;
}

/** What the simulated machine can be told and a guest cannot play; undefined: nothing. */
function unplayable({ reads, sharesMemoryWith, onSigterm, onExit, children }: ProcessScript): string | undefined {
  if (sharesMemoryWith !== undefined) return "shares_memory_with";
  if (reads?.isDirect === true) return "reads past the page cache";
  if (onSigterm?.kind === "exits") return "time to exit";
  if (children !== undefined && unplayable(children.each) !== undefined) return unplayable(children.each);
  return onExit && "time to die";
}

const rootUid = uid(0);

/** Where systemd would have put one that says nothing of it: into a session of its user, or into a service. */
export const cgroupOf = ({ cgroup, uid: user = rootUid, name }: ProcessScript): CgroupPath =>
  cgroup ??
  cgroupPath(user < 1000 ? `/system.slice/${name}.service` : `/user.slice/user-${user}.slice/session-1.scope`);

const whole = (amount: number | undefined): number | undefined =>
  amount === undefined ? undefined : Math.round(amount);

function phaseOf(phase: MemoryPhase): string {
  switch (phase.kind) {
    case "steady":
      return `steady:${whole(phase.for)}`;
    case "ramp":
      return `ramp:${whole(phase.by)}:${whole(phase.perSecond)}`;
    case "leak":
      return `leak:${whole(phase.perSecond)}`;
    case "spike":
      return `spike:${whole(phase.by)}:${whole(phase.perSecond)}:${whole(phase.hold)}`;
  }
}

type Fields = Readonly<Record<string, string | number | undefined>>;

const flag = (isSo: boolean | undefined): 1 | undefined => (isSo === true ? 1 : undefined);

const ownFields = (script: ProcessScript): Fields => ({
  anon: whole(script.anon),
  phases: script.memory?.map(phaseOf).join(","),
  lasts: whole(script.lasts),
});

function childFields({ perSecond, count, atOnce, each }: NonNullable<ProcessScript["children"]>): Fields {
  const own = Object.entries(ownFields(each)).map(([key, value]) => [`child_${key}`, value]);
  const spawns = flag(each.children !== undefined);
  return {
    children: perSecond,
    count,
    at_once: atOnce,
    child_name: each.name,
    child_spawns: spawns,
    ...Object.fromEntries(own),
  };
}

function fieldsOf(script: ProcessScript, offset: KiB): Fields {
  const { children, files, writes } = script;
  const [disk, tmpfs] = writes?.to === "disk" ? [writes, undefined] : [undefined, writes];
  return {
    name: script.name,
    start: whole(script.startsAt) ?? 0,
    copies: script.copies,
    uid: script.uid,
    adj: script.oomScoreAdj,
    cgroup: cgroupOf(script),
    ...ownFields(script),
    hot: whole(script.hot),
    touches: whole(script.touchesPerSecond),
    text: whole(script.text),
    files: whole(files?.size),
    files_rate: whole(files?.perSecond),
    reads: whole(script.reads?.perSecond),
    tmpfs: whole(tmpfs?.size),
    tmpfs_rate: whole(tmpfs?.perSecond),
    disk: whole(disk?.size),
    disk_rate: whole(disk?.perSecond),
    offset: whole(offset),
    interactive: flag(script.isInteractive),
    ends: whole(script.endsAt),
    stops: whole(script.stopsAt),
    ignores_sigterm: flag(script.onSigterm?.kind === "ignores"),
    ...(children && childFields(children)),
  };
}

const lineOf = (fields: Fields): string =>
  Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined || value === "" ? [] : [`${name}=${value}`]))
    .join("\t");

const sum = (amounts: readonly (KiB | undefined)[]): KiB => kib(amounts.reduce<number>((a, b = kib(0)) => a + b, 0));

/** The processes of a scenario for a stage. Each works on a part of the data file that is its own. @throws Error for what a guest cannot play */
export function castOf({ processes }: Scenario): Cast {
  const needs = processes.map(({ text, files }) => sum([text, files?.size]));
  const offsets = needs.map((_, index) => sum(needs.slice(0, index)));
  const lines = processes.map((script, index) => {
    const trouble = unplayable(script);
    if (trouble !== undefined) throw new Error(`Cannot play ${script.name} in a guest: it knows no ${trouble}`);
    return lineOf(fieldsOf(script, offsets[index] ?? kib(0)));
  });
  const parts = processes.map((script, index) => {
    return { cgroup: cgroupOf(script), offset: offsets[index] ?? kib(0), size: needs[index] ?? kib(0) };
  });
  return {
    text: `${lines.join("\n")}\n`,
    cgroups: [...new Set(processes.map(cgroupOf))],
    worked: parts.filter(({ size }) => size > 0),
    data: sum([...needs, ...processes.map(({ reads }) => reads?.size)]),
    written: sum(processes.map(({ writes }) => (writes?.to === "disk" ? writes.size : undefined))),
  };
}
