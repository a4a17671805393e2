import { gib, type Milliseconds, mib, milliseconds, seconds } from "#domain/units.ts";
import type { Fault } from "#machine/fault.ts";
import type { ProcessScript } from "#simulated/process-script.ts";
import { aMachine, type MachineBuilder } from "./a-machine.ts";

/** A fault, and what comes of it: the promise that is tested and printed. */
export interface StatedOutcome {
  /** What goes wrong. */
  readonly what: string;
  readonly fault: Fault;
  /** Undefined: from the first look to the last. */
  readonly ends?: Milliseconds;
  /** The hog ignores SIGTERM, and takes long to exit: it has to be reaped. */
  readonly isStubborn?: boolean;
  /** What becomes of the machine. */
  readonly outcome: string;
  /** What the journal tells of it, in this order and each once: events, with whom they are about and how a reaping went. */
  readonly told: readonly string[];
}

/** Enough for the hog to be chosen, given up, and its neighbour to be chosen in its place. */
const duration = seconds(30);

const stubborn: Partial<ProcessScript> = {
  onSigterm: { kind: "ignores" },
  onExit: { after: milliseconds(600), perGiB: milliseconds(70) },
};

/** A hog takes all there is, and its neighbour would be the next to go. */
export const faultStory = ({ isStubborn }: Pick<StatedOutcome, "isStubborn">): MachineBuilder =>
  aMachine()
    .withProcess("hog", {
      anon: gib(1),
      memory: [{ kind: "ramp", by: mib(1800), perSecond: mib(150) }],
      ...(isStubborn === true ? stubborn : {}),
    })
    .withProcess("neighbour", { anon: mib(500) })
    .withProcess("idler", { anon: mib(20), copies: 10 })
    .lasting(duration);

const killed = ["victim.signalled hog", "victim.exited hog", "memory.back hog"] as const;
const escalated = ["victim.signalled hog", "victim.escalated hog"] as const;

/** Every fault there is below a machine, with its outcome. */
export const statedOutcomes: readonly StatedOutcome[] = [
  {
    what: "`meminfo` cannot be read for a while (EMFILE, ENOMEM, EIO), or is damaged",
    fault: { kind: "unreadable", facts: ["meminfo"], errno: "ENOMEM" },
    ends: milliseconds(14_000),
    outcome: "Nobody is signalled blindly; looks go on at the calm pace, and the first one that sees decides",
    told: ["sensor.lost", "sensor.back", ...killed],
  },
  {
    what: "Pressure, counters, swap and zones cannot be read",
    fault: {
      kind: "unreadable",
      facts: ["pressure", "vmstat", "zoneinfo", "swaps", "arc", "overcommit", "memcgs", "membership"],
      errno: "EIO",
    },
    outcome: "What they would prove is not proven; headroom alone still is, and the kill is the same",
    told: ["sensor.lost", ...killed],
  },
  {
    what: "The process table cannot be read for a while",
    fault: { kind: "unreadable", facts: ["processes"], errno: "EMFILE" },
    ends: milliseconds(14_000),
    outcome: "Nobody is signalled, and that is said; the table is asked for again until it can be read",
    told: ["sensor.lost", "kill.withheld", "sensor.back", ...killed],
  },
  {
    what: "The listing of processes is cut short, and some of those listed cannot be read",
    fault: { kind: "short-table", errno: "ENOMEM" },
    ends: milliseconds(9_200),
    outcome: "The choice is made among those who were seen, and the gap is said",
    told: ["table.incomplete", "victim.signalled neighbour", "victim.signalled hog"],
  },
  {
    what: "The victim has gone when it is to be signalled, and is there again later",
    fault: { kind: "vanished", why: "gone" },
    ends: milliseconds(8_670),
    outcome: "Nobody is signalled by mistake: the next candidate is taken",
    told: ["victim.refused hog", "victim.signalled neighbour", "victim.signalled hog"],
  },
  {
    what: "The pid of the victim is somebody else's when it is to be signalled",
    fault: { kind: "vanished", why: "identity-changed" },
    ends: milliseconds(8_670),
    outcome: "The newcomer is left alone: the next candidate is taken",
    told: ["victim.refused hog", "victim.signalled neighbour", "victim.signalled hog"],
  },
  {
    what: "Signals to everybody are refused for a while (ENOMEM)",
    fault: { kind: "refused", call: "pidfd_send_signal", errno: "ENOMEM" },
    ends: milliseconds(14_000),
    outcome:
      "Each candidate is tried, and told with the call that refused; when nobody is left, all are tried again a moment later",
    told: [
      "victim.refused hog",
      "victim.refused neighbour",
      "kill.withheld",
      "victim.signalled hog",
      "victim.exited hog",
    ],
  },
  {
    what: "The victim sleeps in the kernel (state D) and no signal ends it",
    fault: { kind: "unkillable" },
    ends: milliseconds(14_600),
    outcome: "It gets SIGKILL when its grace is over, is given up in its time, and the next candidate is taken",
    told: ["victim.signalled hog", "victim.escalated hog", "victim.skipped hog", "victim.signalled neighbour"],
  },
  {
    what: "`process_mrelease` fails (EAGAIN) as often as it is tried",
    fault: { kind: "unreapable", errno: "EAGAIN" },
    isStubborn: true,
    outcome: "The victim gives its memory back by itself; nobody else is signalled meanwhile",
    told: [...escalated, "victim.exited hog: not given back", "memory.back hog"],
  },
  {
    what: "`process_mrelease` does not return",
    fault: { kind: "endless-reap" },
    isStubborn: true,
    outcome: "It is waited for by nobody; the exit of the victim is what counts",
    told: [...escalated, "victim.exited hog: being given back", "memory.back hog"],
  },
  {
    what: "No kernel trigger and no exit wakes the loop, and every wait ends 500 ms late",
    fault: { kind: "late", by: milliseconds(500) },
    outcome: "Looks still come, a gap is noticed and proves nothing, and the kill happens later by as much",
    told: ["victim.signalled hog", "victim.exited hog"],
  },
  {
    what: "No process can be started (EAGAIN, a full process table)",
    fault: { kind: "no-processes", errno: "EAGAIN" },
    outcome: "Givers are lacking and said to be; a kill starts no process and is the same",
    told: [...killed],
  },
];
