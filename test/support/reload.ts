import type { ChildProcess } from "node:child_process";
import type { ServiceManagerActor } from "./service-manager.ts";

/** Has a daemon read its settings anew, and waits until it says to its manager that this is over. */
export async function reload(daemon: ChildProcess, manager: ServiceManagerActor): Promise<void> {
  const before = manager.messages.length;
  daemon.kill("SIGHUP");
  const began = await manager.heard("RELOADING", before);
  await manager.heard("READY", manager.messages.indexOf(began));
}
