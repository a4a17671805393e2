import { below, greatest, least, lessened, type Milliseconds, milliseconds } from "#domain/units.ts";
import type { MachineEvent } from "#simulated/machine-event.ts";
import type { Expectation } from "./scenario-expect.ts";

/** What happened to the processes of a story, whoever guarded the machine. */
export interface Deaths {
  /** Those the guard signalled, each once, in order. */
  readonly victims: readonly { readonly comm: string; readonly at: Milliseconds }[];
  /** Those of them that were killed (SIGKILL): at once, or because they did not go when they were asked to. */
  readonly killed: readonly { readonly comm: string; readonly at: Milliseconds }[];
  /** Those the kernel's own OOM killer took. */
  readonly byKernel: readonly { readonly comm: string; readonly at: Milliseconds }[];
  readonly hasPanicked: boolean;
}

/** Why a story did not end as expected. */
export type Disappointment =
  | { readonly kind: "needless-kill"; readonly comm: string; readonly at: Milliseconds }
  | { readonly kind: "wrong-victim"; readonly comm: string; readonly at: Milliseconds }
  | { readonly kind: "too-many-kills"; readonly count: number; readonly allowed: number }
  | { readonly kind: "no-kill" }
  | { readonly kind: "no-time"; readonly comm: string; readonly at: Milliseconds }
  | { readonly kind: "late-kill"; readonly at: Milliseconds; readonly due: Milliseconds }
  | { readonly kind: "kernel-kill"; readonly comm: string; readonly at: Milliseconds }
  | { readonly kind: "panic" }
  | { readonly kind: "freeze"; readonly lasted: Milliseconds; readonly limit: Milliseconds };

/** Who died, by whose hand. */
export function deathsOf(events: readonly MachineEvent[]): Deaths {
  const victims = new Map<string, { comm: string; at: Milliseconds }>();
  const killed: { comm: string; at: Milliseconds }[] = [];
  for (const event of events) {
    if (event.kind !== "signalled" || event.by !== "tidemark") continue;
    const { comm, at, identity } = event;
    const key = `${identity.pid} ${identity.startTicks}`;
    if (!victims.has(key)) victims.set(key, { comm, at });
    if (event.signal === "SIGKILL") killed.push({ comm, at });
  }
  return {
    victims: [...victims.values()],
    killed,
    byKernel: events.flatMap((event) => (event.kind === "kernel-oom-kill" ? [{ comm: event.comm, at: event.at }] : [])),
    hasPanicked: events.some(({ kind }) => kind === "kernel-panicked"),
  };
}

/** Somebody at the machine was kept waiting. */
export interface Stall {
  readonly at: Milliseconds;
  readonly took: Milliseconds;
}

/** The longest that anybody had been kept waiting by a certain time. */
export const longestStallUntil = (stalls: readonly Stall[], time: Milliseconds): Milliseconds =>
  stalls.reduce((longest, { at, took }) => greatest(longest, least(took, lessened(time, at))), milliseconds(0));

/**
 * Holds a story against what was expected of it. Nothing is returned where it ended as it had to. A guard has to act before
 * somebody has waited too long; how fast a disk then brings everything back is not in its hands.
 */
export function judgeStory(
  expectation: Expectation,
  deaths: Deaths,
  stalls: readonly Stall[],
): readonly Disappointment[] {
  const shared: readonly Disappointment[] = [
    ...deaths.byKernel.map((death) => ({ kind: "kernel-kill" as const, ...death })),
    ...(deaths.hasPanicked ? [{ kind: "panic" as const }] : []),
  ];
  if (expectation.kind === "no-kill") {
    return [...deaths.victims.map((death) => ({ kind: "needless-kill" as const, ...death })), ...shared];
  }
  const [first] = deaths.victims;
  const waited = longestStallUntil(stalls, first?.at ?? milliseconds(Number.MAX_SAFE_INTEGER));
  return [...judgeKills(expectation, deaths), ...shared, ...judgeStall(expectation, waited)];
}

type KillExpectation = Extract<Expectation, { kind: "kill" }>;

function judgeKills(expectation: KillExpectation, { victims, killed }: Deaths): readonly Disappointment[] {
  const { victim, within, atMost, hasTime } = expectation;
  const [first] = victims;
  if (first === undefined) return [{ kind: "no-kill" }];
  return [
    ...victims.filter(({ comm }) => comm !== victim).map((death) => ({ kind: "wrong-victim" as const, ...death })),
    ...(victims.length > atMost ? [{ kind: "too-many-kills" as const, count: victims.length, allowed: atMost }] : []),
    ...(hasTime ? killed.map((death) => ({ kind: "no-time" as const, ...death })) : []),
    ...(below(within, first.at) ? [{ kind: "late-kill" as const, at: first.at, due: within }] : []),
  ];
}

const judgeStall = ({ longestStall: limit }: KillExpectation, lasted: Milliseconds): readonly Disappointment[] =>
  below(limit, lasted) ? [{ kind: "freeze", lasted, limit }] : [];
