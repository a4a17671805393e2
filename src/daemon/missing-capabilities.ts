import type { SystemFailure } from "#domain/system-error.ts";
import type { Capabilities } from "#machine/capabilities.ts";

/** Something the machine or our rights do not give, and what follows from it. */
export interface MissingCapability {
  readonly capability: string;
  readonly consequence: string;
  readonly advice: string;
  /** Ours to be given, rather than the kernel's to have. */
  readonly isRight?: true;
  /** Without it a promise cannot be kept. */
  readonly isNeeded?: true;
}

type Flag = { readonly [K in keyof Capabilities]: Capabilities[K] extends boolean ? K : never }[keyof Capabilities];

/** What is said of each capability that is missing. Those left out are told by what they cause. */
const consequences: Readonly<Partial<Record<Flag, MissingCapability>>> = {
  canSignalOthers: {
    capability: "right to signal processes of other users",
    consequence: "only processes of this user can be ended",
    advice: "run as root, or grant CAP_KILL",
    isRight: true,
    isNeeded: true,
  },
  canSeeOthers: {
    capability: "sight of processes of other users",
    consequence: "they are never chosen, however large",
    advice: "run as root, or mount proc without hidepid",
    isRight: true,
    isNeeded: true,
  },
  canReadPrograms: {
    capability: "right to read what programs others run",
    consequence: 'a rule with "never" and exe protects everybody whose program cannot be read',
    advice: "grant CAP_SYS_PTRACE, or choose another preset",
    isRight: true,
  },
  hasMemAvailable: {
    capability: "MemAvailable",
    consequence: "what is available is estimated from free memory and page cache",
    advice: "use Linux 3.14 or later",
  },
  hasPressure: {
    capability: "pressure stall information",
    consequence: "stalls and thrashing are not seen, only scarcity raises an alarm",
    advice: "boot with psi=1, on Linux 4.20 or later",
    isNeeded: true,
  },
  hasPidfd: {
    capability: "pidfds",
    consequence: "signals go by pid after a check of the start time",
    advice: "use Linux 5.3 or later",
  },
  hasProcessMrelease: {
    capability: "process_mrelease",
    consequence: "memory of a victim comes back at its own pace",
    advice: "use Linux 5.15 or later",
  },
};

const flagNames: readonly Flag[] = [
  "canSignalOthers",
  "canSeeOthers",
  "canReadPrograms",
  "hasMemAvailable",
  "hasPressure",
  "hasPidfd",
  "hasProcessMrelease",
];

/** All that an operator should know is missing. */
export const missingCapabilities = (capabilities: Capabilities): readonly MissingCapability[] =>
  flagNames.flatMap((flag) => {
    const consequence = consequences[flag];
    return capabilities[flag] || consequence === undefined ? [] : [consequence];
  });

/** What follows where processes cannot be counted by the kernel: no promise is broken, files tell the same. */
export const lackOfCensus = ({ call, errno, subject, advice }: SystemFailure): MissingCapability => ({
  capability: "a census of processes",
  consequence: `among thousands of processes that were not read yet, a victim is found later (${call} ${subject}: ${errno})`,
  advice: lowerFirst(advice),
});

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
