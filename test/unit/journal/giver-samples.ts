import { kib, mib, milliseconds, seconds } from "#domain/units.ts";
import type { EventFields, EventName } from "#journal/catalogue.ts";
import { otherAlarms, scarce, stalling } from "./sample-alarms.ts";
import { chrome } from "./sample-ranking.ts";

type AboutGivers = Extract<EventName, `giver${string}` | `program.${string}`>;

const ofProgram = {
  pid: chrome.pid,
  start_ticks: chrome.start_ticks,
  program: "/usr/local/bin/save-and-quit --now",
  comm: chrome.comm,
  took_ms: milliseconds(140),
};

/** Calls of every event about givers and programs. */
export const giverSamples: { readonly [N in AboutGivers]: readonly EventFields<N>[] } = {
  "program.ended": [
    { ...ofProgram, ended: "exit 0" },
    { ...ofProgram, ended: "exit 0", output: "saved", output_bytes: 6 },
  ],
  "program.failed": [
    { ...ofProgram, ended: "exit 1", output: "no such session", output_bytes: 16 },
    { ...ofProgram, ended: "SIGSEGV" },
    { ...ofProgram, ended: "timed-out" },
    { ...ofProgram, ended: "not-ready" },
  ],
  "giver.asked": [
    { ...scarce, giver: "balloon", wanted_kib: mib(330) },
    { ...stalling, giver: "balloon", wanted_kib: mib(330) },
    ...otherAlarms.map((alarm) => ({ ...alarm, giver: "balloon", wanted_kib: mib(330) })),
  ],
  "giver.rehearsed": [
    { ...scarce, giver: "balloon", wanted_kib: mib(330) },
    { ...stalling, giver: "balloon", wanted_kib: mib(330) },
    ...otherAlarms.map((alarm) => ({ ...alarm, giver: "balloon", wanted_kib: mib(330) })),
  ],
  "giver.gave": [
    { giver: "balloon", freed_kib: mib(512), took_ms: milliseconds(140), ended: "exit 0" },
    {
      giver: "cold",
      freed_kib: kib(0),
      took_ms: milliseconds(9),
      ended: "exit 0",
      output: "no VM runs",
      output_bytes: 11,
    },
  ],
  "giver.failed": [
    {
      giver: "balloon",
      freed_kib: kib(0),
      took_ms: milliseconds(3),
      ended: "exit 127",
      output: "not found",
      output_bytes: 10,
    },
    { giver: "balloon", freed_kib: mib(20), took_ms: seconds(1), ended: "timed-out" },
    { giver: "cold", freed_kib: kib(0), took_ms: milliseconds(4), ended: "not-ready" },
  ],
  "giver.lacking": [
    {
      giver: "balloon",
      call: "run",
      errno: "EPERM",
      subject: "/usr/local/bin/shrink-vm",
      advice: "Run chown root and chmod go-w on it",
    },
  ],
  "givers.enough": [{ asked: 1, freed_kib: mib(512), took_ms: milliseconds(140), headroom_kib: mib(900) }],
  "givers.short": [
    { asked: 2, freed_kib: kib(0), took_ms: milliseconds(900), headroom_kib: mib(120), why: "not-enough" },
    { asked: 1, freed_kib: mib(20), took_ms: seconds(2), headroom_kib: mib(90), why: "cut-short" },
  ],
};
