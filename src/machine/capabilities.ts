import type { OomSysctls } from "#domain/oom-sysctls.ts";
import type { Bytes } from "#domain/units.ts";

/** What this machine can do, probed once at start. Differences between kernels are these, and nothing else. */
export interface Capabilities {
  /** As `uname -r` prints it. */
  readonly kernelRelease: string;
  /** Node's name of it: `x64`, `arm64`. */
  readonly architecture: string;
  readonly pageSize: Bytes;
  /** Effective uid 0. */
  readonly isRoot: boolean;
  /** May signal processes of other users. */
  readonly canSignalOthers: boolean;
  /** Processes of other users are visible (no hidepid, or exempt from it). */
  readonly canSeeOthers: boolean;
  /** May lower an oom_score_adj below what it was (CAP_SYS_RESOURCE). */
  readonly canLowerOomScoreAdj: boolean;
  /** @since Linux 3.14 */
  readonly hasMemAvailable: boolean;
  /** PSI is compiled in and switched on. @since Linux 4.20 */
  readonly hasPressure: boolean;
  /** Kernel triggers wake us under pressure. @since Linux 5.2 */
  readonly hasPressureTriggers: boolean;
  /** Signals go through pidfds. Without: kill(2) after a check of the start time. @since Linux 5.3 */
  readonly hasPidfd: boolean;
  /** @since Linux 5.15 */
  readonly hasProcessMrelease: boolean;
  /** SIGKILL and process_mrelease follow each other within microseconds on a helper thread. */
  readonly canReapAtOnce: boolean;
  /** May read what programs processes of other users run (CAP_SYS_PTRACE): rules by exe need it. */
  readonly canReadPrograms: boolean;
  /** Can tell which processes share one memory (kcmp; needs CONFIG_KCMP and ptrace rights). */
  readonly canCompareMemory: boolean;
  /** What the kernel's own OOM killer would do, should we be late. */
  readonly oomSysctls: OomSysctls;
}
