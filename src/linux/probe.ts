import { readFileSync } from "node:fs";
import { SystemError } from "#domain/system-error.ts";
import { type Bytes, initPid } from "#domain/units.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import { closeFd } from "#native-bindings/file.ts";
import { sharesMemory } from "#native-bindings/kcmp.ts";
import { openPidfd, releaseMemory } from "#native-bindings/pidfd.ts";
import { effectiveUid, ownPid } from "#native-bindings/process-ids.ts";
import { ignore } from "./failure.ts";
import { readOomSysctls } from "./oom-sysctls.ts";
import { makeProcessFiles } from "./process-files.ts";
import { readStat } from "./process-reader.ts";
import type { Sensors } from "./sensors.ts";

/** What can be learnt by reading below any root. */
export type Visible = Pick<
  Capabilities,
  "kernelRelease" | "architecture" | "pageSize" | "canSeeOthers" | "hasMemAvailable" | "hasPressure" | "oomSysctls"
>;

/** Who we are to the kernel. */
export type Privileges = Pick<Capabilities, "isRoot" | "canSignalOthers" | "canReadPrograms" | "canLowerOomScoreAdj">;

/** Which calls this kernel has for us. */
export type Abilities = Pick<Capabilities, "hasPidfd" | "hasProcessMrelease" | "canCompareMemory">;

/** The tree that is probed, and who reads it. */
export interface ProbedTree {
  readonly root: string;
  readonly sensors: Sensors;
  readonly pageSize: Bytes;
}

/** What can be learnt by reading. */
export function probeVisible({ root, sensors, pageSize }: ProbedTree): Visible {
  const meminfo = sensors.meminfo.read();
  return {
    kernelRelease: readText(`${root}/proc/sys/kernel/osrelease`)?.trim() ?? "unknown",
    architecture: process.arch,
    pageSize,
    canSeeOthers: canSeeInit(root),
    hasMemAvailable: meminfo.kind === "known" && meminfo.value.available !== undefined,
    hasPressure: sensors.pressure.read().kind === "known",
    oomSysctls: readOomSysctls(root),
  };
}

/** linux/capability.h: CAP_KILL, CAP_SYS_PTRACE, CAP_SYS_RESOURCE */
const capabilityBits = { kill: 5n, sysPtrace: 19n, sysResource: 24n };

/** What the effective capabilities allow. @see capabilities(7) */
export function probePrivileges(): Privileges {
  const hex = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText("/proc/self/status") ?? "")?.[1] ?? "0";
  const effective = BigInt(`0x${hex}`);
  const has = (bit: bigint): boolean => ((effective >> bit) & 1n) === 1n;
  return {
    isRoot: effectiveUid() === 0,
    canSignalOthers: has(capabilityBits.kill),
    canReadPrograms: has(capabilityBits.sysPtrace),
    canLowerOomScoreAdj: has(capabilityBits.sysResource),
  };
}

/**
 * The proc file system that is mounted can be that of another pid namespace. Then its pids are not those of the calls:
 * whoever is chosen by the one would be signalled by the other.
 * @throws SystemError
 */
export function requireOwnProc(): void {
  const self = makeProcessFiles("").readSelf();
  if (self === undefined || self === ownPid()) return;
  throw new SystemError({
    call: "use",
    errno: "EXDEV",
    subject: "/proc",
    advice: "Mount the proc of this pid namespace: the one that is there numbers processes otherwise",
  });
}

/** Tries the calls on ourselves: a living process is opened, not reaped, and has its own memory. */
export function probeAbilities(): Abilities {
  const self = ownPid();
  return {
    ...attempt({ hasPidfd: false, hasProcessMrelease: false }, () => {
      const pidfd = openPidfd(self);
      if (pidfd === undefined) return { hasPidfd: false, hasProcessMrelease: false };
      const release = releaseMemory(pidfd);
      closeFd(pidfd);
      return { hasPidfd: true, hasProcessMrelease: release.kind === "not-dying" };
    }),
    canCompareMemory: attempt(false, () => sharesMemory(self, self) === true),
  };
}

const canSeeInit = (root: string): boolean =>
  attempt(false, () => readStat(makeProcessFiles(root), initPid) !== undefined);

const readText = (path: string): string | undefined => attempt(undefined, () => readFileSync(path, "utf8"));

function attempt<T>(otherwise: T, probe: () => T): T {
  try {
    return probe();
  } catch (error) {
    ignore(error, "what cannot be done is a capability that is not there");
    return otherwise;
  }
}
