import { type AlarmKind, alarmKinds } from "#domain/alarm.ts";
import { milliseconds, seconds } from "#domain/units.ts";
import { duration } from "./duration.ts";
import type { Section } from "./schema.ts";
import { choice, names } from "./value-type.ts";

/** The name of the section that says what an alarm takes. */
export const alarmSection = (kind: AlarmKind): string => `alarm.${kind}`;

interface AlarmDefaults {
  /** What the alarm leads to. */
  readonly answer: string;
  readonly detectors: readonly string[];
  readonly because: string;
}

const defaults: Readonly<Record<AlarmKind, AlarmDefaults>> = {
  approaching: {
    answer: "A warning, and the processes are looked at so that they are known.",
    detectors: ["headroom"],
    because: "what is left is what everybody asks about first",
  },
  scarce: {
    answer: "A victim is asked to exit (SIGTERM). It is up until its detectors see high again.",
    detectors: ["headroom", "forecast"],
    because: "hard scarcity is a proof by itself, and so is little headroom that falls steeply",
  },
  stalling: {
    answer: "A victim is asked to exit (SIGTERM), although there is headroom: work stands still.",
    detectors: ["stall"],
    because: "it asks for two proofs already: stalled tasks, and little available memory",
  },
  thrashing: {
    answer: "A victim is asked to exit (SIGTERM), however much memory is available: it is needed where it is.",
    detectors: ["thrash"],
    because: "it asks for two proofs already: memory that comes and goes, and tasks that wait for it",
  },
  exhausted: {
    answer: "A victim is killed (SIGKILL) and its memory taken back at once.",
    detectors: ["headroom", "kernel-zone"],
    because: "there is no time left to ask anybody",
  },
};

const since = "0.1.0";

/** The sections of the alarms: which detectors have to agree, and for how long. */
export const alarmSections: Readonly<Record<string, Section>> = Object.fromEntries(
  alarmKinds.map((kind) => [alarmSection(kind), sectionOf(kind, defaults[kind])]),
);

function sectionOf(kind: AlarmKind, { answer, detectors, because }: AlarmDefaults): Section {
  return {
    summary: `The alarm "${kind}". ${answer}`,
    settings: {
      detectors: {
        type: names("detectors"),
        default: detectors,
        summary: "Who can raise it.",
        because,
        since,
      },
      when: {
        type: choice(["any", "all"]),
        default: "any",
        summary: '"any" of the detectors is enough, or "all" of them have to agree at the same look.',
        because: "each of the default detectors is proof enough where it stands",
        since,
      },
      hold_for: {
        type: duration([milliseconds(0), seconds(600)]),
        default: "0ms",
        summary: "How long that has to be so without a break.",
        because: "detectors that need time to be sure have windows of their own",
        since,
      },
    },
  };
}
