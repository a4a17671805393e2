import type { VictimDecision } from "#domain/decision.ts";
import { type IdentityKey, identityKey } from "#domain/identity.ts";
import type { CgroupPath } from "#domain/units.ts";
import { readXattr, writeXattr } from "#native-bindings/xattr.ts";
import type { Actor } from "./act.ts";
import { ignore } from "./failure.ts";

/**
 * The same actor; a cgroup that was chosen and killed bears the marks of oomd and systemd-oomd after it: `oomd_ooms`, how often that
 * was, and `oomd_kill`, how many were killed. By them systemd tells that a unit was killed for want of memory (Result=oom-kill).
 * @see systemd src/core/unit.c: unit_check_oomd_kill
 * @param folderOf where a cgroup lies. Undefined: nowhere
 */
export function withKillCounts(actor: Actor, folderOf: (path: CgroupPath) => string | undefined): Actor {
  /** Those who were asked to exit: they are not killed yet. */
  const asked = new Map<IdentityKey, Chosen>();

  const note = (decision: VictimDecision): Chosen | undefined => {
    if (decision.kind === "release") asked.delete(identityKey(decision.victim));
    if (decision.kind === "escalate" && (decision.signal ?? "SIGKILL") === "SIGKILL")
      return asked.get(identityKey(decision.victim.identity));
    if (decision.kind !== "signal" || decision.branch === undefined || decision.group === undefined) return undefined;
    const chosen = { path: decision.branch.path, processes: 1 + decision.group.members.length };
    asked.set(identityKey(decision.victim.identity), chosen);
    return decision.signal === "SIGKILL" ? chosen : undefined;
  };

  return {
    ...actor,
    act(decision) {
      const outcome = actor.act(decision);
      const chosen = outcome.kind === "refused" ? undefined : note(decision);
      const folder = chosen && folderOf(chosen.path);
      if (chosen !== undefined && folder !== undefined) mark(folder, chosen);
      return outcome;
    },
    [Symbol.dispose]: () => actor[Symbol.dispose](),
  };
}

interface Chosen {
  readonly path: CgroupPath;
  readonly processes: number;
}

/** Two namespaces, as oomd has them: systemd reads `user.`, and nobody but root can have written `trusted.`. */
const namespaces = ["trusted", "user"] as const;

function mark(folder: string, { processes }: Chosen): void {
  for (const namespace of namespaces) {
    try {
      raise(folder, `${namespace}.oomd_ooms`, 1);
      raise(folder, `${namespace}.oomd_kill`, processes);
    } catch (error) {
      ignore(
        error,
        "nothing but the marks depends on it: the cgroup went, or is not ours to write to (ProtectControlGroups=)",
      );
    }
  }
}

function raise(folder: string, name: string, by: number): void {
  const before = Number(readXattr(folder, name) ?? 0);
  writeXattr(folder, name, String((Number.isSafeInteger(before) && before >= 0 ? before : 0) + by));
}
