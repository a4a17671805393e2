import type { OomSysctls } from "#domain/oom-sysctls.ts";

/** A setting of the kernel's own OOM killer that is not the default, and what it means for us. */
export interface UnusualSysctl {
  readonly sysctl: string;
  readonly sysctl_value: number;
  readonly consequence: string;
  readonly advice: string;
}

const panicOnOom = "vm.panic_on_oom";
const earlier = "keep the watermarks high, so that the kernel never has to act";

/** All that an operator should know; nothing where the kernel is as it comes. */
export const unusualSysctls = ({
  panicOnOom: panics,
  killsAllocatingTask,
  dumpsTasks,
}: OomSysctls): readonly UnusualSysctl[] => [
  ...(panics === "global" ? [panicsGlobally] : []),
  ...(panics === "always" ? [panicsAlways] : []),
  ...(killsAllocatingTask === true ? [killsWhoAsks] : []),
  ...(dumpsTasks === false ? [dumpsNoTasks] : []),
];

const panicsGlobally: UnusualSysctl = {
  sysctl: panicOnOom,
  sysctl_value: 1,
  consequence: "if tidemark is late, the machine panics instead of killing one process",
  advice: earlier,
};

/** @see v6.12 mm/oom_kill.c: check_panic_on_oom */
const panicsAlways: UnusualSysctl = {
  sysctl: panicOnOom,
  sysctl_value: 2,
  consequence:
    "if tidemark is late, or a memcg alone reaches its limit, the machine panics instead of killing one process",
  advice: `${earlier}; no watermark of tidemark guards the limit of a memcg`,
};

/** @see v6.12 mm/oom_kill.c: out_of_memory ("!is_memcg_oom(oc) && sysctl_oom_kill_allocating_task") */
const killsWhoAsks: UnusualSysctl = {
  sysctl: "vm.oom_kill_allocating_task",
  sysctl_value: 1,
  consequence:
    "unless a memcg is at its limit, the kernel kills whoever asks for memory, so policy kernel does not name its victim",
  advice: "set it to 0 where the largest should go",
};

const dumpsNoTasks: UnusualSysctl = {
  sysctl: "vm.oom_dump_tasks",
  sysctl_value: 0,
  consequence: "the kernel's reports have no table of tasks, so tidemark autopsy cannot judge those of this machine",
  advice: "set it to 1",
};
