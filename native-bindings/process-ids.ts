import { type Pid, pid, type Uid, uid } from "#domain/units.ts";
import { declare } from "./libc.ts";

const getpid = declare<() => number>("int getpid(void)");
const getppid = declare<() => number>("int getppid(void)");
const getsid = declare<(pid: number) => number>("int getsid(int pid)");
const geteuid = declare<() => number>("unsigned int geteuid(void)");

/** The process we are. */
export const ownPid = (): Pid => pid(getpid()());

/** Our parent; undefined when it is outside our pid namespace (getppid gives 0). */
export function parentPid(): Pid | undefined {
  const parent = getppid()();
  return parent === 0 ? undefined : pid(parent);
}

/** Whether our session began with us, as it does for every service: what is said of it is said of nobody else. */
export const leadsSession = (): boolean => getsid()(0) === getpid()();

/** The user whose rights count: 0 is root. */
export const effectiveUid = (): Uid => uid(geteuid()());
