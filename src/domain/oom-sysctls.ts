/**
 * How the administrator has set the kernel's own OOM killer. Undefined: the file could not be read.
 * @see Documentation/admin-guide/sysctl/vm.rst
 */
export interface OomSysctls {
  /** When the kernel panics instead of choosing: `global` leaves out the OOM of a memcg, a cpuset or a memory policy. */
  readonly panicOnOom: "never" | "global" | "always" | undefined;
  /** In an OOM that is not a memcg's, whoever asked for memory is killed, whatever its score. */
  readonly killsAllocatingTask: boolean | undefined;
  /** Reports have the table of tasks. */
  readonly dumpsTasks: boolean | undefined;
}
