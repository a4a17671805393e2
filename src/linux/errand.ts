import type { Decision } from "#domain/decision.ts";
import type { KiB } from "#domain/units.ts";

/** What a program of somebody else is asked to do: give memory back, or have a victim leave. */
export type Errand = Extract<Decision, { kind: "ask" | "signal" }>;

/** The variables a program finds in its environment, a line each. A name is its owner's to choose: no control byte of it is told. */
export const errandLines = (errand: Errand): string =>
  Object.entries(errand.kind === "ask" ? giverVariables(errand) : victimVariables(errand))
    .map(([name, value]) => `TIDEMARK_${name}=${String(value).replace(/\p{Cc}/gu, "?")}\n`)
    .join("");

type VariablesOf<K extends Errand["kind"]> = Readonly<Record<(typeof errandVariables)[K][number], string | number>>;

/** What a hook of each kind is told, in the documents' order. */
export const errandVariables = {
  ask: ["ALARM", "HEADROOM_KIB", "WANTED_KIB"],
  signal: ["ALARM", "REASON", "PID", "START_TICKS", "PIDS", "NAME", "UID", "CGROUP", "RETURNS_KIB", "GRACE_MS"],
} as const;

const giverVariables = ({ alarm, headroom, wanted }: Extract<Errand, { kind: "ask" }>): VariablesOf<"ask"> => ({
  ALARM: alarm.kind,
  HEADROOM_KIB: whole(headroom),
  WANTED_KIB: whole(wanted),
});

const victimVariables = ({
  alarm,
  victim: { identity, comm, uid, cgroup, returns },
  group,
  program,
}: Extract<Errand, { kind: "signal" }>): VariablesOf<"signal"> => ({
  ALARM: alarm.kind,
  REASON: alarm.reason.kind,
  PID: identity.pid,
  START_TICKS: identity.startTicks,
  PIDS: [identity, ...(group?.members ?? [])].map(({ pid }) => pid).join(" "),
  NAME: comm,
  UID: uid ?? "",
  CGROUP: cgroup ?? "",
  RETURNS_KIB: whole(returns),
  GRACE_MS: program?.timeout ?? "",
});

const whole = (size: KiB): number => Math.floor(size);
