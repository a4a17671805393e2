import type { Identity } from "#domain/identity.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { add, milliseconds, type Pid } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import { readStat } from "#linux/process-reader.ts";
import type { Machine } from "#machine/machine.ts";

/** Who a process of this very machine is. */
export function identityOf(pid: Pid): Identity {
  const stat = readStat(makeProcessFiles(""), pid);
  if (stat === undefined) throw new Error(`Cannot identify pid ${pid}: it has gone`);
  return stat.identity;
}

const patience = milliseconds(30_000);

/** Looks, and waits for what wakes, until a victim is as wanted. */
export async function lookUntil(machine: Machine, isWanted: (report: VictimReport) => boolean): Promise<VictimReport> {
  const deadline = add(machine.now(), patience);
  for (;;) {
    const { victims }: Snapshot = machine.sense({ needs: [], isPressing: true });
    const wanted = victims.find(isWanted);
    if (wanted !== undefined) return wanted;
    if (machine.now() > deadline) throw new Error(`Cannot see it: the victims are ${JSON.stringify(victims)}`);
    await machine.wait(add(machine.now(), milliseconds(50)));
  }
}

export const hasExited = ({ kind }: VictimReport): boolean => kind === "exited";
