import { type Identity, type IdentityKey, identityKey } from "#domain/identity.ts";
import type { Machine } from "./machine.ts";

/**
 * The same machine, but nobody on it is ever touched or asked: whatever would signal, watch, reap or start is only rehearsed,
 * and its victims and givers are reported as such until they are released.
 */
export function withDryRun(machine: Machine): Machine {
  const rehearsed = new Map<IdentityKey, Identity>();
  const askedGivers = new Set<string>();

  return {
    capabilities: machine.capabilities,
    now: () => machine.now(),
    sense(look) {
      const snapshot = machine.sense(look);
      const reports = [...rehearsed.values()].map((identity) => ({ kind: "rehearsed", identity }) as const);
      const givers = [
        ...(snapshot.givers ?? []).filter(({ giver }) => !askedGivers.has(giver)),
        ...[...askedGivers].map((giver) => ({ kind: "rehearsed", giver }) as const),
      ];
      return { ...snapshot, victims: [...snapshot.victims, ...reports], ...(givers.length > 0 && { givers }) };
    },
    act(decision) {
      switch (decision.kind) {
        case "signal":
        case "escalate":
        case "adopt":
          rehearsed.set(identityKey(decision.victim.identity), decision.victim.identity);
          return { kind: "rehearsed" };
        case "reap":
          rehearsed.set(identityKey(decision.victim), decision.victim);
          return { kind: "rehearsed" };
        case "release":
          rehearsed.delete(identityKey(decision.victim));
          return { kind: "released" };
        case "enlist":
          return { kind: "rehearsed" };
        case "ask":
          askedGivers.add(decision.giver.name);
          return { kind: "rehearsed" };
        case "dismiss":
          askedGivers.delete(decision.giver.name);
          return { kind: "released" };
      }
    },
    wait: (until, quiet) => machine.wait(until, quiet),
    wake: () => machine.wake(),
    [Symbol.dispose]: () => machine[Symbol.dispose](),
  };
}
