import type { Milliseconds } from "#domain/units.ts";
import { isRunning, isThere, type SimulatedProcess } from "./process.ts";

/** When a process is to exit or to be stopped by the clock, whatever memory does meanwhile. */
export interface Appointment {
  readonly at: Milliseconds;
  readonly process: SimulatedProcess;
}

/** All appointments, the earliest first. Those that were made void stay until their turn comes. */
export type Agenda = Appointment[];

/** Notes what a new process is to do by the clock. */
export function noteFuture(agenda: Agenda, process: SimulatedProcess): void {
  for (const at of [process.leavesAt, process.script.stopsAt]) if (at !== undefined) note(agenda, { at, process });
}

/** Notes one appointment more. */
export function note(agenda: Agenda, appointment: Appointment): void {
  let [from, to] = [0, agenda.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const other = agenda[middle];
    if (other !== undefined && other.at <= appointment.at) from = middle + 1;
    else to = middle;
  }
  agenda.splice(from, 0, appointment);
}

/** The next one that still holds; those before it are forgotten. */
export function nextAppointment(agenda: Agenda): Appointment | undefined {
  while (agenda[0] !== undefined && isVoid(agenda[0])) agenda.shift();
  return agenda[0];
}

/** It has gone, it leaves at another time by now, or it can be stopped no more. */
const isVoid = ({ at, process }: Appointment): boolean =>
  !isThere(process) || !(process.leavesAt === at || (isRunning(process) && process.script.stopsAt === at));
