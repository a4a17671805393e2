import { type Identity, type IdentityKey, identityKey } from "#domain/identity.ts";
import type { Machine } from "./machine.ts";

/**
 * The same machine, but nobody on it is ever touched: whatever would signal, watch or reap is only rehearsed, and its
 * victims are reported as such until they are released.
 */
export function withDryRun(machine: Machine): Machine {
  const rehearsed = new Map<IdentityKey, Identity>();

  return {
    capabilities: machine.capabilities,
    now: () => machine.now(),
    sense(look) {
      const snapshot = machine.sense(look);
      const reports = [...rehearsed.values()].map((identity) => ({ kind: "rehearsed", identity }) as const);
      return { ...snapshot, victims: [...snapshot.victims, ...reports] };
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
      }
    },
    wait: (until) => machine.wait(until),
    wake: () => machine.wake(),
    [Symbol.dispose]: () => machine[Symbol.dispose](),
  };
}
