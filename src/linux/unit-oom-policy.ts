import { spawnSync } from "node:child_process";
import type { Uid } from "#domain/units.ts";

/** Whose service manager knows a unit: the system's, or that of a user. */
export interface ManagedUnit {
  /** Its whole name, with `.service` at its end. */
  readonly name: string;
  /** Undefined: a unit of the system. */
  readonly user: Uid | undefined;
}

/** A service manager that does not answer is not waited for any longer, in ms. */
const patience = 2000;

/**
 * What systemd does with the whole unit when the kernel kills one process of it: `continue`, `stop` or `kill`.
 * Undefined: there is no systemd, or it does not answer.
 * @see systemd.service(5), OOMPolicy=
 */
export function readUnitOomPolicy({ name, user }: ManagedUnit): string | undefined {
  const manager = user === undefined ? [] : ["--user", `--machine=${user}@.host`];
  const { status, stdout } = spawnSync(
    "systemctl",
    [...manager, "show", "--property=OOMPolicy", "--value", "--", name],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: patience,
    },
  );
  return status === 0 ? stdout.trim() || undefined : undefined;
}
