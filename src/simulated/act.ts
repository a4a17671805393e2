import type { Signal, VictimDecision } from "#domain/decision.ts";
import { type Identity, identityKey } from "#domain/identity.ts";
import type { Outcome } from "#domain/outcome.ts";
import { signal } from "./exit.ts";
import type { Kernel } from "./kernel.ts";
import { isThere, type SimulatedProcess } from "./process.ts";
import { beginReap, findSharers, findVictim, type HeldVictim, keep, type Refusal, type Victims } from "./victims.ts";

type Act<K extends VictimDecision["kind"]> = Extract<VictimDecision, { kind: K }>;

/** Carries one decision out upon the simulated machine. */
export function act(kernel: Kernel, victims: Victims, decision: VictimDecision): Outcome {
  switch (decision.kind) {
    case "signal":
      return signalVictim(kernel, victims, decision);
    case "escalate":
      return escalate(kernel, victims, decision);
    case "adopt":
      return adopt(kernel, victims, decision);
    case "reap":
      return reap(kernel, victims, decision.victim);
    case "release":
      victims.records.delete(identityKey(decision.victim));
      return { kind: "released" };
  }
}

function signalVictim(kernel: Kernel, victims: Victims, decision: Act<"signal">): Outcome {
  const { identity } = decision.victim;
  const found = findVictim(kernel, identity);
  if ("why" in found) return refuse(victims, identity, found);
  const sharers = findSharers(kernel, found, decision.sharers);
  if ("why" in sharers) return refuse(victims, identity, sharers);
  const victim = hold(identity, [found, ...sharers], findGroup(kernel, decision.group?.members ?? []));
  keep(victims, victim);
  return fire(kernel, victims, { ...decision, victim });
}

/** The stronger signal for all that were signalled before. */
function escalate(kernel: Kernel, victims: Victims, decision: Act<"escalate">): Outcome {
  const held = findHeld(victims, decision.victim.identity);
  if (held === undefined) return { kind: "refused", why: "gone" };
  const found = findVictim(kernel, decision.victim.identity);
  const isOutlived = "why" in found && found.why === "gone" && held.group.some(isThere);
  if ("why" in found && !isOutlived) return { kind: "refused", ...found };
  return fire(kernel, victims, { signal: "SIGKILL", reapsAtOnce: decision.reapsAtOnce, victim: held });
}

interface Volley {
  readonly victim: HeldVictim;
  readonly signal: Signal;
  readonly reapsAtOnce: boolean;
}

function fire(kernel: Kernel, victims: Victims, { victim, signal: sent, reapsAtOnce }: Volley): Outcome {
  const { processes, group } = victim;
  for (const process of [...processes, ...group].filter(isThere))
    signal(kernel, process, { signal: sent, by: "tidemark" });
  if (sent === "SIGKILL" && reapsAtOnce) beginReap(kernel, victims, victim);
  const [, ...sharers] = processes;
  return {
    kind: "signalled",
    at: kernel.now,
    sharers: sharers.map(({ identity }) => identity),
    ...(group.length > 0 && { group: group.map(({ identity }) => identity) }),
  };
}

/** Watches all who share its memory; signals nobody. */
function adopt(kernel: Kernel, victims: Victims, { victim: { identity }, sharers: suspected }: Act<"adopt">): Outcome {
  const found = findVictim(kernel, identity);
  if ("why" in found) return refuse(victims, identity, found);
  const sharers = findSharers(kernel, found, suspected);
  if ("why" in sharers) return refuse(victims, identity, sharers);
  keep(victims, hold(identity, [found, ...sharers]));
  return { kind: "watched" };
}

function reap(kernel: Kernel, victims: Victims, identity: Identity): Outcome {
  const held = findHeld(victims, identity);
  if (held === undefined) return { kind: "refused", why: "gone" };
  beginReap(kernel, victims, held);
  return { kind: "begun" };
}

/** The others of a memcg that dies as a whole; who is gone, or must not be signalled, is spared. */
const findGroup = (kernel: Kernel, members: readonly Identity[]): readonly SimulatedProcess[] =>
  members.flatMap((member) => {
    const found = findVictim(kernel, member);
    return "why" in found ? [] : [found];
  });

const hold = (
  identity: Identity,
  processes: readonly [SimulatedProcess, ...SimulatedProcess[]],
  group: readonly SimulatedProcess[] = [],
): HeldVictim => ({
  kind: "held",
  identity,
  processes,
  group,
  reap: { kind: "not-asked" },
  exitedAt: undefined,
});

function findHeld({ records }: Victims, identity: Identity): HeldVictim | undefined {
  const record = records.get(identityKey(identity));
  return record?.kind === "held" ? record : undefined;
}

function refuse(victims: Victims, identity: Identity, refusal: Refusal): Outcome {
  keep(victims, { kind: "refused", identity, refusal });
  return { kind: "refused", ...refusal };
}
