import { readFileSync } from "node:fs";
import type { OomSysctls } from "#domain/oom-sysctls.ts";
import { parseSysctl } from "#procfs/sysctl.ts";
import { ignore } from "./failure.ts";

/** How the kernel's own OOM killer is set below a root. */
export function readOomSysctls(root: string): OomSysctls {
  const read = (name: string): number | undefined => readIfPossible(`${root}/proc/sys/vm/${name}`);
  return {
    panicOnOom: whenItPanics(read("panic_on_oom")),
    killsAllocatingTask: isSet(read("oom_kill_allocating_task")),
    dumpsTasks: isSet(read("oom_dump_tasks")),
  };
}

function readIfPossible(path: string): number | undefined {
  try {
    return parseSysctl(readFileSync(path));
  } catch (error) {
    return ignore(error, "a kernel that does not tell is not warned of");
  }
}

/** @see v6.12 mm/oom_kill.c: check_panic_on_oom */
function whenItPanics(value: number | undefined): OomSysctls["panicOnOom"] {
  switch (value) {
    case undefined:
      return undefined;
    case 0:
      return "never";
    case 1:
      return "global";
    default:
      return "always";
  }
}

const isSet = (value: number | undefined): boolean | undefined => (value === undefined ? undefined : value !== 0);
